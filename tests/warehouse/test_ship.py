"""The ship scan closes the loop: parcel, task, stock, order and the news to the platform, in one transaction or not at all."""

import pytest
from django.utils import translation

from inventory import api as inventory
from oms.orders import api as orders
from tests.factories.accounts import make_user
from tests.factories.orders import settle_events
from tests.factories.warehouse import hand_over, in_wave, make_picker, pack, pick, released, scan
from warehouse import api
from warehouse.choices import PackageState, TaskState
from warehouse.models import Package, Scan

pytestmark = pytest.mark.django_db
NUMBER = "SF1234567890123"


@pytest.fixture
def packed():
    return pack(pick(in_wave(("TEE-L", 2)), make_picker()), make_picker(), NUMBER)


def test_one_scan_ships_the_order_and_takes_the_goods_off_the_shelf(packed):
    before = inventory.get_stock(["TEE-L"], "WH-SH")[0]
    reply = hand_over(NUMBER, by=make_picker())
    assert (reply.ok, reply.screen, reply.progress.done) == (True, "parcel", 1)

    view = orders.get_fulfilment(packed.fo_no)
    assert (view.state, view.carrier_code, view.tracking_no) == ("shipped", "SF", NUMBER)
    assert orders.Order.objects.get(order_no=packed.order_no).state == "shipped"
    after = inventory.get_stock(["TEE-L"], "WH-SH")[0]
    assert (before.on_hand - after.on_hand, before.committed - after.committed) == (2, 2)
    packed.refresh_from_db()
    assert packed.state == TaskState.SHIPPED
    assert Package.objects.get().state == PackageState.SHIPPED


def test_the_second_scan_of_a_parcel_ships_nothing_more(packed):
    picker = make_picker()
    hand_over(NUMBER, by=picker)
    on_hand = inventory.get_stock(["TEE-L"], "WH-SH")[0].on_hand
    reply = hand_over(NUMBER, by=picker)
    assert (reply.ok, Scan.objects.first().code) == (False, "already_shipped")
    assert inventory.get_stock(["TEE-L"], "WH-SH")[0].on_hand == on_hand


def test_the_same_scan_sent_again_gets_its_first_answer(packed):
    picker = make_picker()
    first = hand_over(NUMBER, by=picker, scan_id="once")
    again = hand_over(NUMBER, by=picker, scan_id="once")
    assert first == again
    assert Scan.objects.filter(kind="ship").count() == 1


def test_a_number_that_nobody_packed_is_blocked(packed):
    reply = hand_over("SF0000000000000", by=make_picker())
    assert not reply.ok
    assert Scan.objects.first().code == "unknown_parcel"


def test_a_picked_but_unchecked_order_cannot_be_shipped():
    task = pick(in_wave(("TEE-L", 1)), make_picker())
    assert not hand_over(task.fo_no, by=make_picker()).ok
    with pytest.raises(orders.FulfilmentNotLive):
        orders.ship_fulfilment(fo_no=task.fo_no, carrier_code="SF", tracking_no=NUMBER, actor=None)


def hold(task):
    orders.hold_order(order_no=task.order_no, actor=make_user("supervisor"), reason="buyer called")


def test_a_hold_stops_the_ship_scan_and_says_why(packed):
    hold(packed)
    picker = make_picker()
    with translation.override("en"):
        reply = hand_over(NUMBER, by=picker)
    assert not reply.ok
    assert "Held by hand" in reply.message
    assert orders.get_fulfilment(packed.fo_no).state == "packed"
    assert Package.objects.get().state == PackageState.PACKED

    orders.release_holds(order_no=packed.order_no, actor=make_user("supervisor"), reason="all well")
    assert hand_over(NUMBER, by=picker).ok


def test_a_hold_stops_the_next_pick_scan_and_nothing_is_counted():
    task, picker = in_wave(("TEE-L", 2)), make_picker()
    api.claim_pick(task_uid=str(task.uid), actor=picker)
    reply = api.open_task(task_uid=str(task.uid), actor=picker)
    assert scan(task, reply.expects.value, by=picker).ok
    hold(task)

    reply = scan(task, "TEE-L", by=picker)

    assert (reply.ok, reply.screen) == (False, "stopped")
    assert task.lines.get().picked_qty == 0
    orders.release_holds(order_no=task.order_no, actor=make_user("supervisor"), reason="all well")
    assert scan(task, "TEE-L", by=picker).screen == "quantity"


def test_a_hold_stops_the_packing_check():
    task, packer = pick(in_wave(("TEE-L", 1)), make_picker()), make_picker()
    api.claim_pack(task_uid=str(task.uid), actor=packer)
    hold(task)
    assert scan(task, "TEE-L", by=packer).screen == "stopped"


def test_a_cancelled_order_stops_at_the_next_scan_even_before_the_news_arrives():
    task, picker = in_wave(("TEE-L", 1)), make_picker()
    api.claim_pick(task_uid=str(task.uid), actor=picker)
    orders.cancel_order(order_no=task.order_no, actor=make_user("supervisor"), reason="buyer")
    reply = scan(task, "A-02-03", by=picker)
    assert (reply.screen, Scan.objects.first().code) == ("stopped", "called_off")
    task.refresh_from_db()
    assert task.state == TaskState.CANCELLED
    task.wave.refresh_from_db()
    assert task.wave.state == "done"


def test_the_news_of_a_cancelled_order_takes_it_off_the_floor(packed):
    orders.cancel_order(order_no=packed.order_no, actor=make_user("supervisor"), reason="buyer")
    settle_events()
    packed.refresh_from_db()
    assert packed.state == TaskState.CANCELLED
    assert Package.objects.get().state == PackageState.VOID
    assert not hand_over(NUMBER, by=make_picker()).ok


def test_lists_show_a_hold_once_the_news_has_come(packed):
    hold(packed)
    settle_events()
    packed.refresh_from_db()
    assert packed.stop_reasons == ["MANUAL"]
    orders.release_holds(order_no=packed.order_no, actor=make_user("supervisor"), reason="all well")
    settle_events()
    packed.refresh_from_db()
    assert packed.stop_reasons == []


class TestAnExternalWarehouse:
    def test_ships_an_order_that_nobody_here_touched(self):
        order = released(("TEE-L", 3))
        fo_no = f"{order.order_no}-F1"
        actor = make_user("admin")
        shipment = api.report_shipped(fo_no=fo_no, carrier_code="YTO", tracking_no="YT1234567890123", actor=actor)
        assert shipment.is_known_format
        assert orders.get_fulfilment(fo_no).state == "shipped"
        again = api.report_shipped(fo_no=fo_no, carrier_code="YTO", tracking_no="YT1234567890123", actor=actor)
        assert again == shipment

    def test_cannot_tell_another_number_afterwards(self):
        order = released(("TEE-L", 1))
        fo_no, actor = f"{order.order_no}-F1", make_user("admin")
        api.report_shipped(fo_no=fo_no, carrier_code="YTO", tracking_no="YT1234567890123", actor=actor)
        with pytest.raises(api.ParcelAlreadyShipped):
            api.report_shipped(fo_no=fo_no, carrier_code="YTO", tracking_no="YT1234567890124", actor=actor)

    def test_overtakes_a_task_that_was_begun_here(self):
        task, picker = in_wave(("TEE-L", 1)), make_picker()
        api.claim_pick(task_uid=str(task.uid), actor=picker)
        api.report_shipped(fo_no=task.fo_no, carrier_code="SF", tracking_no=NUMBER, actor=picker)
        task.refresh_from_db()
        assert task.state == TaskState.SHIPPED
        assert scan(task, "A-02-03", by=picker).screen == "stopped"

    def test_ships_the_parcel_that_was_packed_here(self, packed):
        shipment = api.report_shipped(fo_no=packed.fo_no, carrier_code="SF", tracking_no=NUMBER, actor=make_picker())
        assert shipment.state == PackageState.SHIPPED
        assert Package.objects.get(state=PackageState.SHIPPED).waybill.tracking_no == NUMBER

    def test_is_refused_while_the_order_is_held(self):
        order = released(("TEE-L", 1))
        orders.hold_order(order_no=order.order_no, actor=make_user("supervisor"), reason="wait")
        with pytest.raises(orders.OrderOnHold):
            api.report_shipped(
                fo_no=f"{order.order_no}-F1", carrier_code="SF", tracking_no=NUMBER, actor=make_user("admin")
            )
        assert not Package.objects.exists()


def test_the_desk_counts_what_waits(packed):
    reply = hand_over("nonsense-1", by=make_picker())
    assert (reply.progress.done, reply.progress.total) == (0, 1)
