"""The packing check: every piece a second time, then the waybill; what does not fit cannot leave."""

import pytest

from oms.orders import api as orders
from tests.factories.warehouse import barcode, in_wave, make_picker, pack, pick, scan
from warehouse import api
from warehouse.choices import TaskState
from warehouse.models import Package, PickTask, Scan, Waybill
from warehouse.scan.pack import SCENARIO

pytestmark = pytest.mark.django_db

TEE, CUP, MUG = barcode("TEE-L"), barcode("CUP-RED"), barcode("MUG-BIG")
CHECKED = [TEE, TEE, CUP]


@pytest.fixture
def task() -> PickTask:
    """Two shirts and a cup, picked and waiting at the packing desk."""
    task = in_wave(("TEE-L", 2), ("CUP-RED", 1))
    return pick(task, make_picker())


@pytest.fixture
def packer(task):
    packer = make_picker()
    api.claim_pack(task_uid=str(task.uid), actor=packer)
    api.open_task(task_uid=str(task.uid), actor=packer)
    return packer


TABLE = [
    ([], TEE, True, "item", "checked"),
    ([], CUP, True, "item", "checked"),
    ([], MUG, False, "item", "not_in_order"),
    ([], "SF1234567890123", False, "item", "not_in_order"),
    ([TEE, TEE], TEE, False, "item", "enough_of_it"),
    ([TEE, TEE], CUP, True, "waybill", "all_checked"),
    (CHECKED, TEE, False, "waybill", "not_a_waybill"),
    (CHECKED, "A-02-03", False, "waybill", "not_a_waybill"),
    (CHECKED, "12", False, "waybill", "not_a_waybill"),
    (CHECKED, "顺丰速运运单", False, "waybill", "not_a_waybill"),
    (CHECKED, "SF1234567890123", True, "done", "sealed"),
    (CHECKED, "sf1234567890123", True, "done", "sealed"),
    (CHECKED, "123456789012", True, "carrier", "which_carrier"),
    (CHECKED, "ODD-FORMAT-77", True, "carrier", "unknown_format"),
    ([*CHECKED, "123456789012"], "SF", True, "done", "sealed"),
    ([*CHECKED, "123456789012"], "NOBODY", True, "carrier", "unknown_format"),
    ([*CHECKED, "123456789012"], "JT1234567890123", True, "done", "sealed"),
    ([*CHECKED, "ODD-FORMAT-77"], "ZTO", True, "done", "sealed_odd"),
]


@pytest.mark.parametrize("case", TABLE)
def test_each_screen_takes_what_it_wants_and_blocks_everything_else(task, packer, case):
    before, value, is_right, screen, code = case
    for earlier in before:
        assert scan(task, earlier, by=packer).ok
    reply = scan(task, value, by=packer)
    written = Scan.objects.first()
    assert (reply.ok, reply.screen, written.code) == (is_right, screen, code)
    assert Package.objects.exists() == (reply.screen == "done")


def test_a_closed_parcel_carries_its_goods_and_its_number(task, packer):
    for code in CHECKED:
        scan(task, code, by=packer)
    scan(task, "SF1234567890123", by=packer)
    package = Package.objects.get()
    assert package.waybill.carrier_code == "SF"
    assert package.waybill.is_known_format
    assert dict(package.items.values_list("sku_code", "qty")) == {"TEE-L": 2, "CUP-RED": 1}
    task.refresh_from_db()
    assert task.state == TaskState.PACKED
    assert orders.get_fulfilment(task.fo_no).state == "packed"


def test_an_unknown_number_is_kept_and_marked_never_refused(task, packer):
    for code in [*CHECKED, "ODD-FORMAT-77"]:
        scan(task, code, by=packer)
    reply = scan(task, "OTHER", by=packer)
    assert reply.ok
    assert reply.tone == "warn"
    waybill = Waybill.objects.get()
    assert (waybill.carrier_code, waybill.tracking_no, waybill.is_known_format) == ("OTHER", "ODD-FORMAT-77", False)


def test_the_carriers_that_share_a_shape_are_offered_by_name(task, packer):
    for code in CHECKED:
        scan(task, code, by=packer)
    reply = scan(task, "123456789012", by=packer)
    assert {"SF", "ZTO", "ANE", "OTHER"} <= {choice.value for choice in reply.expects.choices}
    assert "JT" not in {choice.value for choice in reply.expects.choices}


def test_the_same_tracking_number_on_a_second_parcel_is_refused(task, packer):
    first = pack(pick(in_wave(("TEE-L", 1)), make_picker()), make_picker(), "SF1234567890123")
    for code in CHECKED:
        scan(task, code, by=packer)
    reply = scan(task, "SF1234567890123", by=packer)
    assert (reply.ok, reply.screen) == (False, "waybill")
    assert Scan.objects.first().code == "number_taken"
    assert Package.objects.get().fo_no == first.fo_no
    assert scan(task, "SF1234567890124", by=packer).is_over


def test_a_parcel_with_something_missing_gets_no_waybill(task, packer):
    scan(task, TEE, by=packer)
    scan(task, CUP, by=packer)
    assert not scan(task, "SF1234567890123", by=packer).ok
    assert not Package.objects.exists()


def test_a_desk_that_is_left_goes_on_with_what_is_missing(task, packer):
    scan(task, TEE, by=packer)
    api.leave_task(task_uid=str(task.uid), actor=packer)
    other = make_picker()
    api.claim_pack(task_uid=str(task.uid), actor=other)
    reply = api.open_task(task_uid=str(task.uid), actor=other)
    assert (reply.progress.done, reply.progress.total, reply.screen) == (1, 3, "item")


def test_the_table_declares_a_way_out_of_every_screen():
    for name, screen in SCENARIO.screens.items():
        assert set(screen.next) <= set(SCENARIO.screens), name
        assert screen.next or name == "done"
