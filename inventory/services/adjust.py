"""Change what stands on the shelf: receive, adjust by a difference, set to a count. Each with a reason, each audited."""

import structlog
from django.db import transaction
from django.db.models import F

from accounts.api import User, audit
from inventory.choices import Floor, MovementKind, ReservationState, WarehouseKind
from inventory.contracts import StockRow
from inventory.errors import StockWouldGoNegative, UnknownSku, UnknownWarehouse
from inventory.models import Movement, Reservation, ReservationLine, Sku, StockCredit, StockLevel, Warehouse
from inventory.selectors import get_stock
from inventory.services.fold import fold
from inventory.services.promise import Wish
from inventory.services.reserve import keep_wish_in
from inventory.stock_gate import GateNotReady
from kernel.errors import InvalidInput
from kernel.ids import uuid7

log = structlog.get_logger()
MOST_ON_HAND = 1_000_000_000


@transaction.atomic
def set_stock(
    *, sku_code: str, warehouse_code: str, qty: int, reason: str, actor: User | str = "system", create: bool = False
) -> StockRow:
    """Set the stock on hand to a count. `create` makes the SKU and the warehouse if they are missing."""
    if create:
        Sku.objects.get_or_create(code=sku_code, defaults={"name": sku_code})
        Warehouse.objects.get_or_create(
            code=warehouse_code, defaults={"name": warehouse_code, "kind": WarehouseKind.PHYSICAL}
        )
    level = _lock_level(sku_code, warehouse_code)
    return _change(level, qty - level.on_hand_qty, kind=MovementKind.ADJUST, reason=reason, actor=actor)


@transaction.atomic
def adjust_stock(
    *, sku_code: str, warehouse_code: str, delta: int, reason: str, actor: User | str = "system"
) -> StockRow:
    """Add or take away a difference that was found on the shelf."""
    level = _lock_level(sku_code, warehouse_code)
    return _change(level, delta, kind=MovementKind.ADJUST, reason=reason, actor=actor)


@transaction.atomic
def receive_stock(
    *, sku_code: str, warehouse_code: str, qty: int, reason: str, actor: User | str = "system", ref: str = ""
) -> StockRow:
    """Goods came in."""
    if qty < 1:
        raise InvalidInput("A quantity is at least 1.")
    level = _lock_level(sku_code, warehouse_code)
    return _change(level, qty, kind=MovementKind.RECEIVE, reason=reason, actor=actor, ref=ref)


@transaction.atomic
def change_layers(*, sku_code: str, actor: User | str, **layers: object) -> None:
    """Change buffer, safety stock or threshold of a SKU; the gates hear of it with the next batch."""
    before = Sku.objects.select_for_update().filter(code=sku_code).values(*layers).first()
    if before is None:
        raise UnknownSku([sku_code])
    Sku.objects.filter(code=sku_code).update(**layers)
    levels = StockLevel.objects.filter(sku__code=sku_code)
    StockCredit.objects.bulk_create(
        StockCredit(warehouse_id=one.warehouse_id, sku_id=one.sku_id, qty=0) for one in levels
    )
    audit.record(actor, "stock.change_layers", "sku", sku_code, before=before, after=layers)


def _lock_level(sku_code: str, warehouse_code: str) -> StockLevel:
    sku, place = Sku.objects.filter(code=sku_code).first(), Warehouse.objects.filter(code=warehouse_code).first()
    if sku is None:
        raise UnknownSku([sku_code])
    if place is None:
        raise UnknownWarehouse(warehouse_code)
    level, is_new = StockLevel.objects.get_or_create(warehouse=place, sku=sku)
    if is_new:
        StockCredit.objects.create(warehouse=place, sku=sku, qty=0)
    return (
        StockLevel.objects.select_for_update(no_key=True, of=("self",))
        .select_related("sku", "warehouse")
        .get(pk=level.pk)
    )


def _change(level: StockLevel, delta: int, *, kind: str, reason: str, actor: User | str, ref: str = "") -> StockRow:
    before, after = level.on_hand_qty, level.on_hand_qty + delta
    if after < 0 or after > MOST_ON_HAND:
        raise StockWouldGoNegative(
            f"{level.sku.code}: {before} on hand, {delta} is not possible.", sku=level.sku.code, on_hand=before
        )
    if not reason.strip():
        raise InvalidInput(
            "A change of stock needs a reason.", errors=[{"path": "reason", "code": "required", "message": ""}]
        )
    promise = _take_through_gate(level, -delta, reason) if delta < 0 else None
    if delta:
        StockLevel.objects.filter(pk=level.pk).update(on_hand_qty=F("on_hand_qty") + delta)
        _write_movement(level, delta, promise, kind=kind, reason=reason, actor=actor, ref=ref)
    if delta > 0:
        StockCredit.objects.create(warehouse_id=level.warehouse_id, sku_id=level.sku_id, qty=delta)
    audit.record(
        actor,
        f"stock.{kind}",
        "stock",
        f"{level.sku.code}@{level.warehouse.code}",
        before={"on_hand": before},
        after={"on_hand": after},
        reason=reason,
    )
    transaction.on_commit(lambda: _tell_gate(level.warehouse_id), robust=True)
    return get_stock(skus=[level.sku.code], warehouse=level.warehouse.code)[0]


def _take_through_gate(level: StockLevel, qty: int, reason: str) -> Reservation:
    """What leaves the shelf is taken from the gate first, as a promise that nobody else can get, and is over at once."""
    adjusted = ReservationState.ADJUSTED
    wish = Wish(
        reservation_id=f"~adjust~{uuid7()}",
        demand=((level.sku.code, qty),),
        floor=Floor.FORCE,
        state=adjusted,
        owner_ref=reason[:120],
    )
    keep_wish_in(level.warehouse.code, wish)
    promise = Reservation.objects.get(reservation_id=wish.reservation_id)
    Reservation.objects.filter(pk=promise.pk).update(folded_state=adjusted)
    ReservationLine.objects.filter(reservation=promise).update(is_open=False)
    return promise


def _write_movement(
    level: StockLevel, delta: int, promise: Reservation | None, *, kind: str, reason: str, actor: User | str, ref: str
) -> None:
    Movement.objects.create(
        warehouse_id=level.warehouse_id,
        sku_id=level.sku_id,
        kind=kind,
        on_hand_delta=delta,
        reservation=promise,
        ref=ref[:80],
        reason=reason[:200],
        actor=str(actor)[:150],
    )


def _tell_gate(warehouse_id: int) -> None:
    # So that stock can be sold at once; the sweeper would do it within a second.
    try:
        fold(warehouse_id)
    except GateNotReady as error:
        log.info("stock_gate_told_later", warehouse_id=warehouse_id, why=error.why)
