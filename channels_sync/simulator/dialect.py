"""What a platform's simulator gives: how it checks a caller, answers, throttles, and tells the world of an order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

import orjson

from channels_sync.simulator.orders import SimOrder

if TYPE_CHECKING:
    from channels_sync.simulator.book import OrderBook

# What happens to an order there, in the words of every dialect.
EVENTS = ("create", "pay", "update", "cancel", "refund", "ship", "done")


@dataclass(frozen=True, slots=True)
class SimShop:
    """A shop as the platform knows it: its secrets, where its webhooks go, how often it may call."""

    code: str
    platform: str
    secret: str
    api_key: str = ""
    api_token: str = ""
    hook_url: str = ""
    currency: str = "CNY"
    zone: str = "Asia/Shanghai"
    rate_per_minute: int = 100


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        try:
            value = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return {}
        return value if isinstance(value, dict) else {}

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def parts(self) -> list[str]:
        return [part for part in self.path.split("/") if part]


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Announcement:
    """One webhook, ready to be posted."""

    headers: Mapping[str, str]
    body: bytes


class Refusal(Exception):
    """The platform says no, in its own form."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


class Dialect(Protocol):
    # The platform's numbers begin here: some are longer than JavaScript can hold, as in life.
    first_order_id: int

    def authorize(self, request: Request, shop: SimShop) -> None:
        """Raise Refusal unless the caller is the shop."""
        ...

    def answer(self, request: Request, shop: SimShop, book: "OrderBook") -> Response: ...

    def throttled(self, retry_after: int) -> Response: ...

    def document(self, shop: SimShop, order: SimOrder) -> dict[str, Any]:
        """The order as this platform writes it."""
        ...

    def sign(self, shop: SimShop, event: str, body: bytes) -> Announcement:
        """A webhook with this body and a good signature."""
        ...

    def announce(self, shop: SimShop, order: SimOrder, event: str, book: "OrderBook") -> Announcement | None:
        """The webhook of this event; None where the platform keeps its news in a queue."""
        ...


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(status, orjson.dumps(value), {"Content-Type": "application/json", **(headers or {})})
