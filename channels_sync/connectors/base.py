"""The contract of a connector: what each platform's folder gives, and the words both sides use. No Django here.

A connector knows its platform's wire and nothing of our database. It verifies raw bytes, names a delivery, turns a
payload into an `IncomingOrder`, and calls the platform's API with an HTTP client that it is given.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

import httpx

from oms.orders.contracts import IncomingOrder

# What a topic asks for: `order` carries the whole order, `hint` says only which order to fetch, `probe` is a
# connectivity test.
Kind = Literal["order", "hint", "probe", "privacy", "unknown"]
ReceiverMode = Literal["own_encrypted", "platform_cipher"]
Intake = Literal["webhook", "queue"]

# How a call failed. 408 is a class of its own: the platform may have accepted what it was too slow to answer.
ErrorClass = Literal["timeout", "timeout_408", "auth", "rate_limit", "schema", "server", "business", "unknown"]


class BadSignature(Exception):
    """The delivery is not from the platform, or is too old. `reason` is for our log, never for the caller."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CallFailed(Exception):
    """A call to the platform did not succeed. `is_outcome_known` is false when it may have taken effect."""

    def __init__(
        self,
        error_class: ErrorClass,
        code: str,
        detail: str,
        *,
        is_outcome_known: bool = True,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.error_class = error_class
        self.code = code
        self.detail = detail
        self.is_outcome_known = is_outcome_known
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Credentials:
    """One shop's secrets.

    `secret` signs (an app's or a subscription's), `previous_secret` still verifies while it is rotated.
    """

    secret: str
    previous_secret: str = ""
    api_key: str = ""
    api_token: str = ""

    @property
    def live_secrets(self) -> tuple[str, ...]:
        return tuple(secret for secret in (self.secret, self.previous_secret) if secret)


@dataclass(frozen=True, slots=True)
class Identity:
    """What names a delivery: the key that makes a repeat a duplicate, its topic, and the order it speaks of."""

    delivery_key: str
    topic: str
    order_id: str


@dataclass(frozen=True, slots=True)
class Ack:
    status: int
    body: bytes = b""
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Settings:
    """What normalising depends on beside the payload: the shop's zone and currency, and its options."""

    zone: str
    currency: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListedOrder:
    """One order of a pulled window. Without a body it must be fetched: that platform's list tells the number only."""

    order_id: str
    version: str
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class QueueMessage:
    message_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class ShipmentLine:
    channel_line_id: str
    qty: int


@dataclass(frozen=True, slots=True)
class Shipment:
    """One fulfilment as the platform is told of it. `idempotency_key` stays the same over every try."""

    idempotency_key: str
    channel_order_no: str
    carrier_code: str
    tracking_no: str
    shipped_at: datetime
    lines: tuple[ShipmentLine, ...] = ()
    is_whole_order: bool = True


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """The platform has the shipment, under this reference of its own."""

    platform_ref: str
    was_known: bool = False


class Client(Protocol):
    """The platform's API. Each method raises CallFailed; none keeps state between calls."""

    def fetch_order(self, order_id: str) -> bytes: ...

    def list_orders(self, since: datetime, until: datetime) -> Iterator[ListedOrder]: ...

    def push_shipment(self, shipment: Shipment) -> PushOutcome: ...

    def find_shipment(self, shipment: Shipment) -> PushOutcome | None: ...


class QueueClient(Client, Protocol):
    """A platform whose news wait in a queue of its own until they are confirmed."""

    def consume_messages(self, limit: int) -> Sequence[QueueMessage]: ...

    def confirm_messages(self, message_ids: Sequence[str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of a shop on this platform, as `create_shop --option name=value` takes it."""

    name: str
    title: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Connector:
    name: str
    title: str
    receiver_mode: ReceiverMode
    zone: str
    currency: str
    rate_per_minute: int
    verify: Callable[[Credentials, Mapping[str, str], bytes, datetime], None]
    identify: Callable[[Mapping[str, str], bytes], Identity]
    classify: Callable[[str], Kind]
    normalize: Callable[[Mapping[str, Any], Settings], IncomingOrder]
    client: Callable[[httpx.Client, Credentials, Settings], Client]
    accepted: Ack = Ack(200, b"{}")
    refused: Ack = Ack(401, b'{"error":"signature"}')
    intake: Intake = "webhook"
    options: tuple[Option, ...] = ()
