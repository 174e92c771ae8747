"""What crosses the door of the warehouse: plain facts, frozen."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WaveFilters:
    """Which waiting orders a wave takes. Empty means all."""

    size: str = ""  # "single": one piece of one article; "multi": everything else
    shop_code: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """A proposal for a wave: orders of one warehouse that belong together, and how long the oldest has been paid."""

    size: str
    count: int
    oldest_paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaveCreated:
    wave_no: str
    task_count: int


@dataclass(frozen=True, slots=True)
class ShipmentView:
    """A parcel that has left or waits to leave."""

    package_no: str
    order_no: str
    fo_no: str
    warehouse_code: str
    carrier_code: str
    tracking_no: str
    is_known_format: bool
    state: str
    packed_at: datetime
    shipped_at: datetime | None
