"""Goods leave the shelf: on hand and committed fall together, so that a count agrees with the shelf."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from inventory.choices import MovementKind, ReservationState
from inventory.contracts import ReservationView
from inventory.errors import ReservationNotFound, ReservationOver, StockWouldGoNegative
from inventory.models import Movement, Reservation, ReservationLine, StockLevel
from inventory.services.fold import fold_rows
from inventory.services.promise import find_promise
from inventory.services.reserve import sum_demand
from kernel.clock import now
from kernel.errors import InvalidInput


@transaction.atomic
def ship_reservation(
    *, reservation_id: str, lines: Iterable[tuple[str, int]] | None = None, ref: str = "", actor: str = ""
) -> ReservationView:
    """Ship all that is open of a committed reservation, or some lines of it. A reservation that is shipped stays so."""
    promise = lock_promise(reservation_id)
    if promise.state == ReservationState.SHIPPED and lines is None:
        return _view(reservation_id)
    if promise.state != ReservationState.COMMITTED:
        raise ReservationOver(reservation_id, promise.state)
    if promise.folded_state != ReservationState.COMMITTED:
        fold_rows(promise.warehouse_id, [promise.pk])
    left = {line.sku.code: line for line in open_lines(promise)}
    wanted = (
        sum_demand(lines) if lines is not None else tuple((c, one.qty - one.shipped_qty) for c, one in left.items())
    )
    parts = [(_open_line(left, sku, qty), qty) for sku, qty in wanted]
    for line, qty in sorted(parts, key=lambda part: part[0].sku_id):
        _take_from_shelf(promise, line, qty)
    _write_movements(promise, parts, ref=ref, actor=actor)
    if not promise.lines.filter(is_open=True).exists():
        shipped = ReservationState.SHIPPED
        Reservation.objects.filter(pk=promise.pk).update(state=shipped, folded_state=shipped, changed_at=now())
    return _view(reservation_id)


def lock_promise(reservation_id: str) -> Reservation:
    found = Reservation.objects.select_for_update(no_key=True).filter(reservation_id=reservation_id).first()
    if found is None:
        raise ReservationNotFound(f"There is no reservation {reservation_id}.", reservation_id=reservation_id)
    return found


def open_lines(promise: Reservation) -> list[ReservationLine]:
    return list(promise.lines.filter(is_open=True).select_related("sku").order_by("sku_id"))


def _open_line(left: dict[str, ReservationLine], sku: str, qty: int) -> ReservationLine:
    line = left.get(sku)
    if line is None or qty > line.qty - line.shipped_qty:
        detail = f"{sku}: more than the reservation has left."
        raise InvalidInput(detail, errors=[{"path": "lines", "code": "more_than_reserved", "message": detail}])
    return line


def _take_from_shelf(promise: Reservation, line: ReservationLine, qty: int) -> None:
    shelf = StockLevel.objects.filter(
        warehouse_id=promise.warehouse_id, sku_id=line.sku_id, on_hand_qty__gte=qty, committed_qty__gte=qty
    )
    if not shelf.update(on_hand_qty=F("on_hand_qty") - qty, committed_qty=F("committed_qty") - qty):
        raise StockWouldGoNegative(
            f"{line.sku.code}: the shelf holds less than {qty}.",
            advice="Count the shelf and correct the stock, or ship from another warehouse.",
            sku=line.sku.code,
        )
    is_open = line.shipped_qty + qty < line.qty
    ReservationLine.objects.filter(pk=line.pk).update(shipped_qty=F("shipped_qty") + qty, is_open=is_open)


def _write_movements(promise: Reservation, parts: list[tuple[ReservationLine, int]], *, ref: str, actor: str) -> None:
    Movement.objects.bulk_create(
        Movement(
            warehouse_id=promise.warehouse_id,
            sku_id=line.sku_id,
            kind=MovementKind.SHIP,
            on_hand_delta=-qty,
            committed_delta=-qty,
            reservation=promise,
            ref=(ref or promise.owner_ref)[:80],
            actor=actor,
            occurred_at=now(),
        )
        for line, qty in parts
    )


def _view(reservation_id: str) -> ReservationView:
    written = find_promise(reservation_id)
    if written is None:
        raise ReservationNotFound(f"There is no reservation {reservation_id}.", reservation_id=reservation_id)
    return written.view
