"""Two people at once on the floor: one wins, nothing happens twice, and nobody hangs."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from inventory import api as inventory
from kernel.errors import BusinessError
from oms.orders import api as orders
from tests.factories.accounts import make_user
from tests.factories.warehouse import hand_over, in_wave, make_picker, pack, pick, released, scan, warehouse
from warehouse import api
from warehouse.choices import TaskState
from warehouse.models import Package, PickTask, Scan, Wave

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "SF1234567890123"


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all acts in threads that start together; each gives its result or its BusinessError."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[index] = act()
        except BusinessError as refused:
            results[index] = refused
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return results


def test_two_pickers_claim_one_task_and_one_gets_it():
    task = in_wave()
    people = [make_picker() for _ in range(6)]
    results = at_once(*(lambda who=who: api.claim_pick(task_uid=str(task.uid), actor=who) for who in people))
    winners = [one for one in results if not isinstance(one, BusinessError)]
    assert len(winners) == 1
    assert sum(isinstance(one, api.TaskTaken) for one in results) == 5
    task.refresh_from_db()
    assert task.picker_id == winners[0].picker_id


def test_many_ship_scans_of_one_parcel_ship_it_once():
    packed = pack(pick(in_wave(("TEE-L", 2)), make_picker()), make_picker(), NUMBER)
    on_hand = inventory.get_stock(["TEE-L"], "WH-SH")[0].on_hand
    people = [make_picker() for _ in range(8)]
    results = at_once(*(lambda who=who: hand_over(NUMBER, by=who) for who in people))
    assert sum(reply.ok for reply in results) == 1
    assert Scan.objects.filter(kind="ship").count() == 8
    assert on_hand - inventory.get_stock(["TEE-L"], "WH-SH")[0].on_hand == 2
    assert orders.get_fulfilment(packed.fo_no).state == "shipped"
    assert Package.objects.count() == 1


def test_one_scan_sent_many_times_over_a_bad_network_is_applied_once():
    task, picker = in_wave(("TEE-L", 5)), make_picker()
    api.claim_pick(task_uid=str(task.uid), actor=picker)
    api.open_task(task_uid=str(task.uid), actor=picker)
    scan(task, "A-02-03", by=picker)
    replies = at_once(*(lambda: scan(task, "TEE-L", by=picker, scan_id="the-same") for _ in range(8)))
    assert {reply.message for reply in replies} == {replies[0].message}
    assert task.lines.get().picked_qty == 1
    assert Scan.objects.filter(scan_id="the-same").count() == 1


def test_one_ship_scan_sent_many_times_gets_one_answer():
    pack(pick(in_wave(), make_picker()), make_picker(), NUMBER)
    who = make_picker()
    replies = at_once(*(lambda: hand_over(NUMBER, by=who, scan_id="the-same") for _ in range(6)))
    assert all(reply.ok for reply in replies)
    assert Scan.objects.filter(scan_id="the-same").count() == 1


def test_a_hold_and_a_ship_scan_at_once_leave_one_truth():
    packed = pack(pick(in_wave(), make_picker()), make_picker(), NUMBER)
    who, boss = make_picker(), make_user("supervisor")
    reply, _held = at_once(
        lambda: hand_over(NUMBER, by=who),
        lambda: orders.hold_order(order_no=packed.order_no, actor=boss, reason="stop"),
    )
    view = orders.get_fulfilment(packed.fo_no)
    assert reply.ok == (view.state == "shipped")
    if not reply.ok:
        assert (view.state, view.is_held) == ("packed", True)
        assert Package.objects.get().state == "packed"


def test_a_cancellation_and_a_ship_scan_at_once_never_both_win():
    packed = pack(pick(in_wave(), make_picker()), make_picker(), NUMBER)
    who, boss = make_picker(), make_user("supervisor")
    reply, cancelled = at_once(
        lambda: hand_over(NUMBER, by=who),
        lambda: orders.cancel_order(order_no=packed.order_no, actor=boss, reason="stop"),
    )
    state = orders.get_fulfilment(packed.fo_no).state
    assert reply.ok == (state == "shipped")
    assert isinstance(cancelled, BusinessError) == (state == "shipped")


def test_two_waves_at_once_share_the_orders_without_taking_one_twice():
    first = released(("TEE-L", 1))
    shop = first.shop
    for _ in range(5):
        released(("TEE-L", 1), shop=shop)
    lead, place = make_user("warehouse_lead"), warehouse()
    at_once(*(lambda: api.create_wave(warehouse=place, actor=lead, limit=10) for _ in range(3)))
    assert PickTask.objects.count() == 6
    assert PickTask.objects.filter(lines__isnull=True).count() == 0
    assert not Wave.objects.filter(tasks__isnull=True).exists()


def test_two_pickers_who_finish_the_last_tasks_at_once_finish_the_wave():
    shop = released(("TEE-L", 1)).shop
    released(("TEE-L", 1), shop=shop)
    made = api.create_wave(warehouse=warehouse(), actor=None)
    tasks, people = list(PickTask.objects.all()), [make_picker(), make_picker()]
    for task, who in zip(tasks, people, strict=True):
        api.claim_pick(task_uid=str(task.uid), actor=who)
        api.open_task(task_uid=str(task.uid), actor=who)
        scan(task, "A-02-03", by=who)
    at_once(*(lambda task=task, who=who: scan(task, "TEE-L", by=who) for task, who in zip(tasks, people, strict=True)))
    assert Wave.objects.get(wave_no=made.wave_no).state == "done"


def test_one_tracking_number_on_two_parcels_at_once_stays_on_one():
    packers, tasks = [], []
    for _ in range(2):
        task, packer = pick(in_wave(("TEE-L", 1)), make_picker()), make_picker()
        api.claim_pack(task_uid=str(task.uid), actor=packer)
        api.open_task(task_uid=str(task.uid), actor=packer)
        scan(task, "TEE-L", by=packer)
        tasks.append(task)
        packers.append(packer)
    replies = at_once(
        *(lambda task=task, who=who: scan(task, NUMBER, by=who) for task, who in zip(tasks, packers, strict=True))
    )
    assert sorted(reply.ok for reply in replies) == [False, True]
    assert Package.objects.count() == 1
    assert sorted(PickTask.objects.values_list("state", flat=True)) == [TaskState.PACKED, TaskState.PACKING]
