"""Picking, screen by screen: location, item, quantity; each step is forced."""

import pytest

from oms.orders import api as orders
from oms.orders.models import FulfilmentOrder
from tests.factories.warehouse import barcode, in_wave, make_picker, pick, scan
from warehouse import api
from warehouse.choices import TaskState
from warehouse.models import PickLine, PickTask, Scan
from warehouse.scan.pick import SCENARIO

pytestmark = pytest.mark.django_db


@pytest.fixture
def task() -> PickTask:
    """Two stops: one cup at A-01-01, then three shirts at A-02-03."""
    return in_wave(("TEE-L", 3), ("CUP-RED", 1))


@pytest.fixture
def picker(task):
    return make_picker()


def begin(task, picker):
    api.claim_pick(task_uid=str(task.uid), actor=picker)
    return api.open_task(task_uid=str(task.uid), actor=picker)


TEE, CUP = barcode("TEE-L"), barcode("CUP-RED")

# What was scanned so far, then the scan in question, and what comes of it: right?, screen, sentence.
TABLE = [
    ([], "A-01-01", True, "item", "at_location"),
    ([], "a-01-01", True, "item", "at_location"),
    ([], "Ａ－01－01", True, "item", "at_location"),
    ([], "A-02-03", False, "location", "wrong_location"),
    ([], CUP, False, "location", "wrong_location"),
    ([], "  ", False, "location", "nothing_scanned"),
    (["A-01-01"], TEE, False, "item", "wrong_item"),
    (["A-01-01"], "A-01-01", False, "item", "wrong_item"),
    (["A-01-01"], "1", False, "item", "wrong_item"),
    (["A-01-01"], CUP, True, "location", "line_done"),
    (["A-01-01"], "CUP-RED", True, "location", "line_done"),
    (["A-01-01", CUP], "A-02-03", True, "item", "at_location"),
    (["A-01-01", CUP, "A-02-03"], TEE, True, "quantity", "taken"),
    (["A-01-01", CUP, "A-02-03", TEE], TEE, True, "quantity", "taken"),
    (["A-01-01", CUP, "A-02-03", TEE], "2", True, "quantity", "taken"),
    (["A-01-01", CUP, "A-02-03", TEE], "4", False, "quantity", "too_many"),
    (["A-01-01", CUP, "A-02-03", TEE], "0", False, "quantity", "not_a_number"),
    (["A-01-01", CUP, "A-02-03", TEE], CUP, False, "quantity", "wrong_item"),
    (["A-01-01", CUP, "A-02-03", TEE], "3", True, "done", "pick_done"),
    (["A-01-01", CUP, "A-02-03", TEE, TEE], TEE, True, "done", "pick_done"),
]


@pytest.mark.parametrize("case", TABLE)
def test_each_screen_takes_what_it_wants_and_blocks_everything_else(task, picker, case):
    before, value, is_right, screen, code = case
    begin(task, picker)
    for earlier in before:
        assert scan(task, earlier, by=picker).ok
    counts = list(PickLine.objects.order_by("pk").values_list("picked_qty", flat=True))

    reply = scan(task, value, by=picker)

    assert (reply.ok, reply.screen) == (is_right, screen)
    written = Scan.objects.first()
    assert (written.is_right, written.code, written.value) == (is_right, code, value)
    if not is_right:
        assert counts == list(PickLine.objects.order_by("pk").values_list("picked_qty", flat=True))
        assert reply.tone == "bad"
        assert reply.scanned == value


def test_the_walk_follows_the_shelves_not_the_order_lines(task):
    assert list(task.lines.values_list("location_code", flat=True)) == ["A-01-01", "A-02-03"]


def test_a_wrong_scan_shows_what_was_wanted_beside_what_was_scanned(task, picker):
    begin(task, picker)
    reply = scan(task, "A-02-03", by=picker)
    assert (reply.expected, reply.scanned) == ("A-01-01", "A-02-03")


def test_a_finished_task_moves_the_fulfilment_order_to_picked(task, picker):
    task = pick(task, picker)
    assert task.state == TaskState.PICKED
    assert FulfilmentOrder.objects.get(fo_no=task.fo_no).state == "picked"
    task.wave.refresh_from_db()
    assert task.wave.state == "done"


def test_taking_the_first_task_starts_the_wave_and_the_order(task, picker):
    begin(task, picker)
    task.wave.refresh_from_db()
    assert task.wave.state == "picking"
    assert orders.get_fulfilment(task.fo_no).state == "picking"


def test_a_skipped_stop_comes_again_at_the_end(task, picker):
    begin(task, picker)
    reply = scan(task, by=picker, action="skip")
    assert (reply.screen, reply.expects.value) == ("location", "A-02-03")
    scan(task, "A-02-03", by=picker)
    scan(task, TEE, by=picker)
    reply = scan(task, "3", by=picker)
    assert (reply.screen, reply.expects.value) == ("location", "A-01-01")
    reply = scan(task, by=picker, action="skip")
    assert reply.tone == "warn"
    assert reply.expects.value == "A-01-01"


def test_a_task_put_back_goes_on_where_it_was_left(task, picker):
    begin(task, picker)
    scan(task, "A-01-01", by=picker)
    scan(task, CUP, by=picker)
    api.leave_task(task_uid=str(task.uid), actor=picker)

    other = make_picker()
    reply = begin(task, other)
    assert (reply.screen, reply.expects.value, reply.progress.done) == ("location", "A-02-03", 1)


def test_somebody_elses_scan_on_a_taken_task_is_stopped(task, picker):
    begin(task, picker)
    reply = scan(task, "A-01-01", by=make_picker())
    assert (reply.ok, reply.screen) == (False, "stopped")


def test_a_short_pick_holds_the_order_and_frees_the_picker(task, picker):
    begin(task, picker)
    scan(task, "A-01-01", by=picker)
    scan(task, CUP, by=picker)
    scan(task, "A-02-03", by=picker)
    scan(task, TEE, by=picker)

    reply = scan(task, by=picker, action="short", reason="missing", qty=1)

    assert reply.is_over
    assert reply.tone == "warn"
    view = orders.get_fulfilment(task.fo_no)
    assert view.is_held
    assert "STOCK_SHORT" in view.hold_reasons
    task.refresh_from_db()
    assert (task.state, task.picker) == (TaskState.WAITING, None)
    line = task.lines.get(sku_code="TEE-L")
    assert (line.picked_qty, line.missing_qty) == (1, 2)


@pytest.mark.parametrize(
    "fields", [{"qty": 1}, {"reason": "missing", "qty": 1}, {"reason": "missing"}, {"reason": "?", "qty": 0}]
)
def test_a_short_pick_needs_a_reason_and_a_smaller_number(task, picker, fields):
    begin(task, picker)
    reply = scan(task, by=picker, action="short", **fields)
    assert not reply.ok
    assert not orders.get_fulfilment(task.fo_no).is_held


def test_after_the_hold_is_released_the_short_stop_is_picked_to_its_end(task, picker):
    begin(task, picker)
    scan(task, by=picker, action="short", reason="missing", qty=0)
    with pytest.raises(orders.OrderOnHold):
        api.claim_pick(task_uid=str(task.uid), actor=picker)
    orders.release_holds(order_no=task.order_no, actor=make_picker("supervisor"), reason="found it")

    task = pick(task, picker)

    assert task.state == TaskState.PICKED
    assert not task.lines.filter(missing_qty__gt=0).exists()


def test_the_table_declares_a_way_out_of_every_screen():
    for name, screen in SCENARIO.screens.items():
        assert set(screen.next) <= set(SCENARIO.screens), name
        assert screen.next or name == "done"
