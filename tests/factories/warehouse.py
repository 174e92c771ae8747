"""The floor for tests: orders that were really released, put into a wave and scanned as a picker scans them."""

from itertools import count
from typing import Any

from accounts.api import User
from inventory import api as inventory
from inventory.models import SkuBarcode, Warehouse
from oms.orders.models import Order, Shop
from tests.factories.accounts import make_user
from tests.factories.orders import incoming, make_shop, receive, stocked
from warehouse import api
from warehouse.models import PickTask
from warehouse.scan.envelope import Reply
from warehouse.scan.scenario import ScanInput

_ids = count(1)

# SKU, location, walk order: the order in which a picker passes them.
SHELVES = (("CUP-RED", "A-01-01", 1), ("TEE-L", "A-02-03", 2), ("MUG-BIG", "B-07-01", 7))


def barcode(sku: str) -> str:
    return "690" + f"{sum(map(ord, sku)):010d}"


def open_floor(*skus: str) -> Shop:
    """A shop with stock on shelves in WH-SH, each article with a barcode."""
    shop = Shop.objects.filter(code="shop-a").first() or make_shop()
    for sku, location, walk_order in SHELVES:
        if skus and sku not in skus:
            continue
        stocked(sku)
        found = inventory.get_sku(sku)
        assert found is not None
        SkuBarcode.objects.get_or_create(barcode=barcode(sku), defaults={"sku_id": found.id})
        inventory.place_sku(sku_code=sku, warehouse_code="WH-SH", location_code=location, walk_order=walk_order)
    return shop


def released(*lines: tuple[str, int], shop: Shop | None = None) -> Order:
    """An order that is approved and waits for a wave."""
    rows = [(sku, qty, "19.00") for sku, qty in lines or (("TEE-L", 1),)]
    return receive(shop or open_floor(), incoming(lines=rows))


def warehouse(code: str = "WH-SH") -> Warehouse:
    return Warehouse.objects.get(code=code)


def make_picker(role: str = "picker", **fields: Any) -> User:
    return make_user(role, warehouses=[warehouse()], **fields)


def in_wave(*lines: tuple[str, int]) -> PickTask:
    """A task of one order, waiting for a picker."""
    order = released(*lines)
    made = api.create_wave(warehouse=warehouse(), actor=None, limit=200)
    return PickTask.objects.get(wave__wave_no=made.wave_no, order_no=order.order_no)


def scan(task: PickTask, value: str = "", *, by: User, scan_id: str = "", **fields: Any) -> Reply:
    given = ScanInput(scan_id=scan_id or f"scan-{next(_ids)}", value=value, **fields)
    return api.scan_task(task_uid=str(task.uid), scan=given, actor=by)


def hand_over(tracking_no: str, *, by: User, scan_id: str = "") -> Reply:
    given = ScanInput(scan_id=scan_id or f"scan-{next(_ids)}", value=tracking_no)
    return api.scan_parcel(warehouse_id=warehouse().pk, scan=given, actor=by)


def pick(task: PickTask, by: User) -> PickTask:
    """Claim and pick everything, as the screens ask for it."""
    api.claim_pick(task_uid=str(task.uid), actor=by)
    reply = api.open_task(task_uid=str(task.uid), actor=by)
    while not reply.is_over:
        reply = scan(task, _right_code(reply), by=by)
        assert reply.ok, reply
    task.refresh_from_db()
    return task


def pack(task: PickTask, by: User, tracking_no: str = "SF1234567890123") -> PickTask:
    """Check every piece and put the waybill on."""
    api.claim_pack(task_uid=str(task.uid), actor=by)
    api.open_task(task_uid=str(task.uid), actor=by)
    for line in task.lines.all():
        for _piece in range(line.qty):
            assert scan(task, barcode(line.sku_code), by=by).ok
    reply = scan(task, tracking_no, by=by)
    assert reply.ok, reply
    assert reply.is_over, reply
    task.refresh_from_db()
    return task


def _right_code(reply: Reply) -> str:
    if reply.screen == "location":
        return reply.expects.value
    if reply.screen == "item":
        return barcode(reply.expects.value)
    return reply.expects.value.rpartition("/")[2].strip()
