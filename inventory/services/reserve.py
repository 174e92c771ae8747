"""Promise stock: all lines or none, durable when answered, whatever Redis does meanwhile."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from inventory import locks, stock_gate
from inventory.choices import Floor, GateMode, ReservationState
from inventory.contracts import ReservationView
from inventory.errors import InsufficientStock, ReservationMismatch, StockNotReady, UnknownSku
from inventory.live_levels import LiveLevel, read_levels
from inventory.models import FoldBatch, Sku, StockCredit, StockGate, StockLevel, Warehouse
from inventory.services.gatekeeper import close_gate, doubt_epoch, open_epoch, read_epoch
from inventory.services.promise import (
    Wish,
    digest_of,
    find_promise,
    same_promise,
    view_of,
    write_promise,
)
from inventory.services.reap import settle_entry
from inventory.stock_gate import Code, GateNotReady, Reply
from kernel.clock import now
from kernel.errors import InvalidInput

# The gate may change hands between our question and our write; each change costs one more turn.
TURNS = 4
MOST_LINES, MOST_UNITS = 500, 1_000_000_000


def reserve(
    *,
    reservation_id: str,
    lines: Iterable[tuple[str, int]],
    warehouse_code: str | None = None,
    warehouses: Sequence[str] | None = None,
    ttl_seconds: int | None = None,
    floor: str = Floor.SELLABLE.value,
    owner_ref: str = "",
) -> ReservationView:
    """Hold stock in one warehouse, the first of `warehouses` that has all lines, until time runs out."""
    demand = sum_demand(lines)
    lifetime = timedelta(seconds=ttl_seconds or settings.OMS_CHECKOUT_HOLD_SECONDS)
    wish = Wish(
        reservation_id=reservation_id,
        demand=demand,
        floor=floor,
        owner_ref=owner_ref,
        digest=digest_of(demand, warehouse_code, ttl_seconds),
        expires_at=now() + lifetime,
    )
    return keep_wish(wish, [warehouse_code] if warehouse_code else warehouses)


def reserve_and_commit(
    *,
    reservation_id: str,
    lines: Iterable[tuple[str, int]],
    warehouse_code: str | None = None,
    warehouses: Sequence[str] | None = None,
    owner_ref: str = "",
) -> ReservationView:
    """Deduct for an order that is paid already and holds nothing: it may use buffer and safety stock."""
    demand = sum_demand(lines)
    wish = Wish(
        reservation_id=reservation_id,
        demand=demand,
        floor=Floor.PAID.value,
        state=ReservationState.COMMITTED.value,
        owner_ref=owner_ref,
        digest=digest_of(demand, warehouse_code, None),
    )
    return keep_wish(wish, [warehouse_code] if warehouse_code else warehouses)


def sum_demand(lines: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Each SKU once with all it is asked for, in order: the same SKU twice must not pass a check twice."""
    total: dict[str, int] = {}
    for sku, qty in lines:
        if qty < 1:
            raise InvalidInput("A quantity is at least 1.", errors=[_finding("quantity_too_small", sku)])
        total[sku] = total.get(sku, 0) + qty
    if not 0 < len(total) <= MOST_LINES:
        raise InvalidInput(f"A reservation has 1 to {MOST_LINES} SKUs.", errors=[_finding("line_count", "")])
    if max(total.values()) > MOST_UNITS:
        raise InvalidInput("The quantity is too large.", errors=[_finding("quantity_too_large", "")])
    return tuple(sorted(total.items()))


def keep_wish(wish: Wish, candidates: Sequence[str] | None) -> ReservationView:
    """Ask the warehouses in order. The refusal of the first one is told if none has it all."""
    if candidates is None:
        candidates = list(Warehouse.objects.filter(is_active=True, kind="physical").values_list("code", flat=True))
    refusal: InsufficientStock | None = None
    for warehouse in candidates:
        try:
            return keep_wish_in(warehouse, wish)
        except InsufficientStock as error:
            refusal = refusal or error
    raise refusal or InsufficientStock(sku=wish.demand[0][0], left=0)


def keep_wish_in(warehouse: str, wish: Wish) -> ReservationView:
    for _turn in range(TURNS):
        epoch = open_epoch(warehouse)
        answer = _by_ledger(warehouse, wish) if epoch is None else _through_gate(warehouse, epoch, wish)
        if answer is not None:
            return answer
        doubt_epoch(warehouse)
    raise StockNotReady(f"{warehouse} is changing hands.", advice="Try again in a second.")


def _through_gate(warehouse: str, epoch: int, wish: Wish) -> ReservationView | None:
    """None: the gate is not the one that PostgreSQL means; ask again."""
    try:
        reply = stock_gate.reserve(warehouse, epoch, wish.reservation_id, wish.demand, wish.floor)
    except GateNotReady as error:
        if read_epoch(warehouse) == epoch:
            close_gate(warehouse, epoch=epoch, why=error.why)
        return None
    if reply.code > Code.ALREADY:
        return _refused(warehouse, reply, wish)
    if write_promise(wish, warehouse=warehouse, epoch=reply.epoch, ticket=reply.ticket):
        return view_of(wish, warehouse)
    written = find_promise(wish.reservation_id)
    if written is None or written.entry != (warehouse, reply.epoch, reply.ticket):
        settle_entry(warehouse, reply.epoch, wish.reservation_id, reply.ticket)
    return same_promise(written, wish) if written else None


def _refused(warehouse: str, reply: Reply, wish: Wish) -> ReservationView | None:
    """The gate said no. It counts only if this promise does not exist yet and the gate is the valid one."""
    if written := find_promise(wish.reservation_id):
        return same_promise(written, wish)
    if read_epoch(warehouse) != reply.epoch:
        return None
    if reply.code == Code.MISMATCH:
        raise ReservationMismatch(
            f"Reservation {wish.reservation_id} is being made with another body.", reservation_id=wish.reservation_id
        )
    sku = reply.sku.decode()
    if reply.code == Code.UNKNOWN_SKU:
        _unknown_to_gate(warehouse, reply.epoch, sku, wish)
        return None
    raise InsufficientStock(sku=sku, left=reply.left, warehouse=warehouse)


def _unknown_to_gate(warehouse: str, epoch: int, sku: str, wish: Wish) -> None:
    _require_known_skus(wish)
    if not StockLevel.objects.filter(warehouse__code=warehouse, sku__code=sku).exists():
        raise InsufficientStock(sku=sku, left=0, warehouse=warehouse)
    on_its_way = StockCredit.objects.filter(warehouse__code=warehouse, sku__code=sku).exists()
    if on_its_way or FoldBatch.objects.filter(warehouse__code=warehouse).exists():
        raise StockNotReady(f"{sku} is just arriving in {warehouse}.", advice="Try again in a second.")
    close_gate(warehouse, epoch=epoch, why="sku_missing")


@transaction.atomic
def _by_ledger(warehouse: str, wish: Wish) -> ReservationView | None:
    """The same promise without Redis: lock the levels in SKU order, check, write. None: the gate has opened."""
    place = Warehouse.objects.get(code=warehouse)
    locks.hold_gate_shared(place.pk)
    if StockGate.objects.filter(pk=place.pk, mode=GateMode.OPEN).exists():
        return None
    if written := find_promise(wish.reservation_id):
        return same_promise(written, wish)
    levels = _lock_levels(place, [sku for sku, _qty in wish.demand])
    for sku, qty in wish.demand:
        left = levels[sku].left_above(wish.floor) if sku in levels else 0
        if left < qty and wish.floor != Floor.FORCE:
            _require_known_skus(wish)
            raise InsufficientStock(sku=sku, left=left, warehouse=warehouse)
    if write_promise(wish, warehouse=warehouse):
        return view_of(wish, warehouse)
    written = find_promise(wish.reservation_id)
    return same_promise(written, wish) if written else None


def _lock_levels(place: Warehouse, skus: list[str]) -> dict[str, LiveLevel]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT level.id FROM inventory_stocklevel level JOIN inventory_sku sku ON sku.id = level.sku_id"
            " WHERE level.warehouse_id = %s AND sku.code = ANY(%s) ORDER BY level.sku_id FOR NO KEY UPDATE OF level",
            [place.pk, skus],
        )
    levels = read_levels("level.warehouse_id = %s AND sku.code = ANY(%s)", [place.pk, skus])
    return {level.sku: level for level in levels}


def _require_known_skus(wish: Wish) -> None:
    wanted = {sku for sku, _qty in wish.demand}
    missing = wanted - set(Sku.objects.filter(code__in=wanted, is_active=True).values_list("code", flat=True))
    if missing:
        raise UnknownSku(missing)


def _finding(code: str, sku: str) -> dict[str, str]:
    return {"path": "lines", "code": code, "message": f"{code} {sku}".strip()}
