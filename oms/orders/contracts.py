"""What crosses the door of the order centre. No Django here: connectors build these, pages and the warehouse read them.

Money is Decimal in the order's currency; every time is aware UTC; source ids are strings.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

ZERO = Decimal(0)

# The canonical states that a connector maps its platform's own words to, in the order of a trade's life.
INCOMING_STATUSES = ("unknown", "unpaid", "paid_hold", "to_ship", "part_shipped", "shipped", "done", "cancelled")
# Those in which the platform says that the buyer has paid.
PAID_STATUSES = ("paid_hold", "to_ship", "part_shipped", "shipped", "done")
# What a payment is called that a platform has not named: it only says "paid".
STAND_IN = "platform:"
REFUND_STATUSES = ("none", "requested", "processing", "partial", "full", "rejected", "closed")


@dataclass(frozen=True, slots=True)
class IncomingBuyer:
    """Who bought. `token` is the platform's own buyer id; the rest is empty where the platform withholds it."""

    token: str = ""
    nick: str = ""
    phone: str = ""
    email: str = ""
    ip: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class IncomingReceiver:
    """Where the parcel goes. In platform-cipher mode the texts are the platform's masked ones and `cipher_token` its OAID."""

    mode: str = "own_encrypted"
    name: str = ""
    phone: str = ""
    country: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    address: str = ""
    zip: str = ""
    cipher_token: str = ""


@dataclass(frozen=True, slots=True)
class IncomingLine:
    channel_line_id: str
    sku_code: str
    title: str
    qty: int
    unit_price: Decimal
    goods_amount: Decimal
    spec: str = ""
    discount_seller_amount: Decimal = ZERO
    discount_platform_amount: Decimal = ZERO
    tax_amount: Decimal = ZERO
    paid_amount: Decimal = ZERO
    is_gift: bool = False
    refund_status: str = "none"


@dataclass(frozen=True, slots=True)
class IncomingAmounts:
    """Kept apart as the platform states them; paid = goods + shipping + tax + adjust − seller − platform discounts."""

    goods: Decimal = ZERO
    shipping: Decimal = ZERO
    discount_seller: Decimal = ZERO
    discount_platform: Decimal = ZERO
    adjust: Decimal = ZERO
    tax: Decimal = ZERO
    service_fee: Decimal = ZERO
    paid: Decimal = ZERO
    refunded: Decimal = ZERO

    @property
    def expected_paid(self) -> Decimal:
        return self.goods + self.shipping + self.tax + self.adjust - self.discount_seller - self.discount_platform


@dataclass(frozen=True, slots=True)
class IncomingPayment:
    payment_no: str
    method: str
    amount: Decimal
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class IncomingOrder:
    """One order as a channel tells it, in canonical words. `source_version` names this telling of it (a digest or counter)."""

    channel_order_no: str
    status: str
    platform_status: str
    currency: str
    source_created_at: datetime
    source_updated_at: datetime
    lines: tuple[IncomingLine, ...]
    amounts: IncomingAmounts
    source_version: str = ""
    channel_order_name: str = ""
    refund_status: str = "none"
    source_paid_at: datetime | None = None
    source_shipped_at: datetime | None = None
    source_signed_at: datetime | None = None
    ship_by_at: datetime | None = None
    buyer: IncomingBuyer = field(default_factory=IncomingBuyer)
    receiver: IncomingReceiver = field(default_factory=IncomingReceiver)
    payments: tuple[IncomingPayment, ...] = ()
    buyer_note: str = ""
    seller_note: str = ""
    flag: str = ""
    is_non_sale: bool = False
    cash_on_delivery: bool = False
    take_away: bool = False
    unknown_fields: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_paid(self) -> bool:
        return self.status in PAID_STATUSES


@dataclass(frozen=True, slots=True)
class ReceiveResult:
    """What a delivery did to the order centre: created, updated, unchanged, stale (older news) or conflict (see warnings)."""

    order_no: str
    effect: str
    state: str
    is_held: bool


@dataclass(frozen=True, slots=True)
class StillHeld:
    """A hold that stayed open when somebody released it: its cause lasts (`evidence`), or it is another `role`'s."""

    hold: str
    evidence: dict[str, Any] = field(default_factory=dict)
    role: str = ""

    @property
    def code(self) -> str:
        return "ST-4092" if self.role else f"still_{self.hold.lower()}"


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """What a release did: the holds it closed, those that stayed, and the order's state after it."""

    released: tuple[str, ...]
    still_held: tuple[StillHeld, ...]
    state: str


@dataclass(frozen=True, slots=True)
class ShopView:
    code: str
    name: str
    platform: str
    zone: str
    currency: str
    id: int


@dataclass(frozen=True, slots=True)
class FulfilmentLineView:
    line_id: int
    sku_code: str
    sku_name: str
    qty: int
    channel_line_id: str = ""


@dataclass(frozen=True, slots=True)
class FulfilmentView:
    """A fulfilment order as the warehouse sees it: what to send from where, and whether it must stop."""

    fo_no: str
    order_no: str
    channel_order_no: str
    shop_code: str
    warehouse_code: str
    state: str
    is_held: bool
    hold_reasons: tuple[str, ...]
    reservation_id: str
    lines: tuple[FulfilmentLineView, ...]
    receiver_region: str
    paid_at: datetime | None
    carrier_code: str = ""
    tracking_no: str = ""
    shipped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """The money of one order as reconciliation needs it."""

    order_no: str
    channel_order_no: str
    shop_code: str
    currency: str
    state: str
    payment_state: str
    is_non_sale: bool
    goods: Decimal
    shipping: Decimal
    discount_seller: Decimal
    discount_platform: Decimal
    tax: Decimal
    service_fee: Decimal
    paid: Decimal
    refunded: Decimal
    paid_at: datetime | None
    shipped_at: datetime | None
    signed_at: datetime | None
    payment_nos: tuple[str, ...] = ()
    tracking_nos: tuple[str, ...] = ()
