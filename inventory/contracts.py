"""What crosses the door of inventory: plain facts, frozen."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ReservedLine:
    """How much of one SKU is promised, and how much of it has left the house."""

    sku_code: str
    qty: int
    shipped_qty: int = 0


@dataclass(frozen=True, slots=True)
class ReservationView:
    """A promise of stock. `state` is a word of ReservationState; `is_new` is False when this was answered before."""

    reservation_id: str
    state: str
    warehouse: str
    expires_at: datetime | None
    lines: tuple[ReservedLine, ...]
    owner_ref: str = ""
    is_new: bool = False

    @property
    def holds_stock(self) -> bool:
        return self.state in {"held", "committed"}


@dataclass(frozen=True, slots=True)
class SkuInfo:
    """What other rooms need to know of a SKU."""

    id: int
    code: str
    name: str
    weight_g: int = 0
    barcodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WarehouseInfo:
    id: int
    code: str
    name: str
    priority: int
    region: str = ""


@dataclass(frozen=True, slots=True)
class PickPlace:
    """Where a picker finds a SKU, and when on the walk. An unplaced SKU has an empty code and comes last."""

    sku_id: int
    location_code: str
    walk_order: int


@dataclass(frozen=True, slots=True)
class StockRow:
    """One SKU in one warehouse at this instant, promises of the last second included."""

    sku: str
    warehouse: str
    on_hand: int
    reserved: int
    committed: int
    quarantine: int
    locked: int
    available: int
    sellable: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant of the auditor: its figure, whether it holds, and the first entry that breaks it."""

    code: str
    figure: int
    is_sound: bool
    broken: int = 0
    first_broken: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    started_at: datetime
    finished_at: datetime
    is_sound: bool
    findings: tuple[Finding, ...] = field(default_factory=tuple)
