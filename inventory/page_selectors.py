"""What the pages of stock read. Each is limited to the warehouses in the person's scope."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.expressions import ExpressionWrapper
from django.db.models.fields import BigIntegerField

from accounts.api import in_scope
from inventory.choices import HOLDING
from inventory.live_levels import LiveLevel, read_levels
from inventory.models import Movement, ReservationLine, Sku, StockAudit, StockLevel, Warehouse
from kernel.errors import NotFound

VIEW = "inventory.view_stock"
MOST_HOLDERS = 100
AVAILABLE = ExpressionWrapper(
    F("on_hand_qty") - F("reserved_qty") - F("committed_qty") - F("quarantine_qty") - F("locked_qty"),
    output_field=BigIntegerField(),
)
Person = Any | AnonymousUser


@dataclass(frozen=True)
class Holder:
    """Who holds how much of a SKU, and until when; no time means until it ships."""

    reservation_id: str
    owner_ref: str
    warehouse: str
    state: str
    qty: int
    expires_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class GateRow:
    """A warehouse's gate and folder, as the audit page shows them."""

    warehouse: str
    code: str
    mode: str
    epoch: int
    reason: str
    changed_at: datetime | None
    folded_at: datetime | None
    lag_ms: int


def places_in_scope(user: Person, perm: str = VIEW) -> QuerySet[Warehouse]:
    return in_scope(Warehouse.objects.all(), user, perm, "pk", Warehouse)


def list_levels(user: Person) -> QuerySet[StockLevel]:
    levels = StockLevel.objects.annotate(available_qty=AVAILABLE)
    look = Case(
        When(available_qty__lt=0, then=Value("oversold")),
        When(available_qty=0, then=Value("out")),
        When(available_qty__lte=F("sku__threshold_qty"), then=Value("low")),
        default=Value("good"),
        output_field=CharField(),
    )
    shown = levels.annotate(look=look).select_related("sku", "warehouse")
    return in_scope(shown, user, VIEW, "warehouse", Warehouse)


def only_short(levels: QuerySet[StockLevel]) -> QuerySet[StockLevel]:
    """Those of `list_levels` that are at or below their threshold."""
    return levels.alias(left=AVAILABLE).filter(left__lte=F("sku__threshold_qty"))


def get_sku_or_404(code: str) -> Sku:
    found = Sku.objects.prefetch_related("barcodes").filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def live_levels_of(user: Person, sku: Sku) -> list[LiveLevel]:
    places = list(places_in_scope(user).values_list("pk", flat=True))
    return read_levels("sku.id = %s AND warehouse.id = ANY(%s)", [sku.pk, places])


def list_holders(user: Person, sku: Sku) -> list[Holder]:
    """The open promises of a SKU; those that end first come first."""
    lines = ReservationLine.objects.filter(sku=sku, is_open=True, reservation__state__in=HOLDING)
    lines = in_scope(lines, user, VIEW, "reservation__warehouse", Warehouse)
    lines = lines.select_related("reservation__warehouse")
    soonest = lines.order_by(F("reservation__expires_at").asc(nulls_last=True), "id")[: MOST_HOLDERS + 1]
    return [_holder(line) for line in soonest]


def list_movements(user: Person, sku: Sku) -> QuerySet[Movement]:
    entries = Movement.objects.filter(sku=sku).select_related("warehouse")
    return in_scope(entries, user, VIEW, "warehouse", Warehouse)


def last_audits(count: int = 20) -> list[StockAudit]:
    return list(StockAudit.objects.all()[:count])


def list_gates(user: Person) -> list[GateRow]:
    fields = ("name", "code", "gate__mode", "gate__epoch", "gate__reason", "gate__changed_at", "fold__folded_at")
    rows = places_in_scope(user).filter(is_active=True).values_list(*fields, "fold__lag_ms")
    return [
        GateRow(name, code, mode or "closed", epoch or 0, reason or "", changed, folded, lag or 0)
        for name, code, mode, epoch, reason, changed, folded, lag in rows
    ]


def _holder(line: ReservationLine) -> Holder:
    promise = line.reservation
    return Holder(
        promise.reservation_id,
        promise.owner_ref,
        promise.warehouse.name,
        promise.state,
        line.qty - line.shipped_qty,
        promise.expires_at,
        promise.created_at,
    )
