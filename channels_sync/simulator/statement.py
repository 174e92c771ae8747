"""The settlement statement of a shop and a day: what the platform says it owes us, with a few mistakes planted in it.

Fetched by a link that carries a time and a signature: `settlements/<day>.csv?expires=…&signature=…`. The rows are
signed amounts; the last line is `TOTAL,<rows>,<amount>`.
"""

import csv
import hashlib
import hmac
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zlib import crc32
from zoneinfo import ZoneInfo

from channels_sync.simulator.book import OrderBook
from channels_sync.simulator.dialect import Request, Response, SimShop, json_response
from channels_sync.simulator.orders import CENT, SimOrder
from kernel import clock

COLUMNS = ("statement_no", "row_no", "order_no", "kind", "amount", "currency", "occurred_at")
COMMISSION_RATE = Decimal("0.02")
# One order in so many has this mistake, chosen by its number: the same file every time it is fetched.
ONE_IN_SHORT_PAID = 9
ONE_IN_MISSING = 23
ONE_IN_DOUBLE_COMMISSION = 17


@dataclass(frozen=True, slots=True)
class _Row:
    order_no: str
    kind: str
    amount: Decimal
    occurred_at: datetime


def link_signature(secret: str, path: str, expires: str) -> str:
    return hmac.new(secret.encode(), f"{path}:{expires}".encode(), hashlib.sha256).hexdigest()


def respond(request: Request, shop: SimShop, book: OrderBook) -> Response:
    expires = request.query.get("expires", "")
    expected = link_signature(shop.secret, request.path, expires)
    is_fresh = expires.isdigit() and int(expires) >= clock.now().timestamp()
    if not is_fresh or not hmac.compare_digest(request.query.get("signature", ""), expected):
        return json_response({"error": "the link is not valid"}, 403)
    day = date.fromisoformat(request.path.removeprefix("settlements/").removesuffix(".csv"))
    return Response(200, write(shop, day, book), {"Content-Type": "text/csv; charset=utf-8"})


def write(shop: SimShop, day: date, book: OrderBook) -> bytes:
    statement_no = f"S-{shop.code}-{day:%Y%m%d}"
    zone = ZoneInfo(shop.zone)
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(COLUMNS)
    total, count = Decimal(0), 0
    shipped = (o for o in book.all_orders(shop.code) if o.shipped_at and o.shipped_at.astimezone(zone).date() == day)
    for row in (row for order in shipped for row in _rows(order)):
        count += 1
        total += row.amount
        at = row.occurred_at.astimezone(zone).isoformat(timespec="seconds")
        out.writerow((statement_no, count, row.order_no, row.kind, row.amount, shop.currency, at))
    out.writerow(("TOTAL", count, total))
    return text.getvalue().encode()


def _rows(order: SimOrder) -> Iterator[_Row]:
    chance = crc32(order.order_id.encode())
    if chance % ONE_IN_MISSING == 0 or order.shipped_at is None:
        return
    at = order.paid_at or order.shipped_at
    short = Decimal("1.00") if chance % ONE_IN_SHORT_PAID == 0 else Decimal("0.00")
    yield _Row(order.order_id, "payment", order.total - short, at)
    commission = (order.total * COMMISSION_RATE).quantize(CENT)
    times = 2 if chance % ONE_IN_DOUBLE_COMMISSION == 0 else 1
    yield _Row(order.order_id, "commission", -commission * times, order.shipped_at)
    if order.refund == "full":
        yield _Row(order.order_id, "refund", -Decimal(order.refunded), order.updated_at)
