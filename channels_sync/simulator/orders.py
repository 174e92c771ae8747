"""An order as the simulated platform remembers it, before a dialect tells it in its own words."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

CENT = Decimal("0.01")


@dataclass(slots=True)
class SimLine:
    line_id: str
    sku: str
    title: str
    spec: str
    qty: int
    price: str
    discount: str = "0.00"
    shipped_qty: int = 0
    tracking_no: str = ""

    @property
    def goods(self) -> Decimal:
        return Decimal(self.price) * self.qty

    @property
    def net(self) -> Decimal:
        return self.goods - Decimal(self.discount)


@dataclass(slots=True)
class SimShipment:
    shipment_id: str
    key: str
    carrier: str
    tracking_no: str
    shipped_at: str
    line_ids: list[str]


@dataclass(slots=True)
class SimOrder:
    order_id: str
    number: str
    currency: str
    created_at: datetime
    updated_at: datetime
    buyer: dict[str, str]
    receiver: dict[str, str]
    lines: list[SimLine]
    shipping: str = "0.00"
    # unpaid, to_ship, part_shipped, shipped, done, cancelled
    status: str = "unpaid"
    refund: str = "none"
    refunded: str = "0.00"
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    done_at: datetime | None = None
    cancelled_at: datetime | None = None
    note: str = ""
    payment_no: str = ""
    shipments: list[SimShipment] = field(default_factory=list)

    @property
    def goods(self) -> Decimal:
        return sum((line.goods for line in self.lines), Decimal(0))

    @property
    def discount(self) -> Decimal:
        return sum((Decimal(line.discount) for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        return (self.goods - self.discount + Decimal(self.shipping)).quantize(CENT)

    def line(self, line_id: str) -> SimLine | None:
        return next((line for line in self.lines if line.line_id == line_id), None)


TIMES = ("created_at", "updated_at", "paid_at", "shipped_at", "done_at", "cancelled_at")


def to_document(order: SimOrder) -> dict[str, Any]:
    document = asdict(order)
    return document | {name: document[name].isoformat() for name in TIMES if document[name]}


def from_document(document: dict[str, Any]) -> SimOrder:
    times = {name: datetime.fromisoformat(document[name]) for name in TIMES if document[name]}
    lines = [SimLine(**line) for line in document["lines"]]
    shipments = [SimShipment(**shipment) for shipment in document["shipments"]]
    return SimOrder(**{**document, **times, "lines": lines, "shipments": shipments})
