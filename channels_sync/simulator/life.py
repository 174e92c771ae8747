"""The buyers of the simulated platform.

They buy, pay, change their minds, and its webhooks repeat, overtake and get lost.
"""

import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import httpx

from channels_sync.simulator import catalogue
from channels_sync.simulator.book import OrderBook
from channels_sync.simulator.dialect import Announcement, Dialect, SimShop
from channels_sync.simulator.orders import CENT, SimLine, SimOrder
from kernel import clock

logger = logging.getLogger(__name__)
TICK_SECONDS = 0.5
# How a platform treats a server that does not answer: it tells the same again, later.
RETRY_AFTER = timedelta(seconds=20)
# Lines are numbered far away from orders, and still within 64 bits.
LINE_ID_STEP = 1_000_000_000
YUAN_PER_DOLLAR = Decimal(7)


class Life:
    def __init__(self, book: OrderBook, dialects: Mapping[str, Dialect], seed: int | str | None = None) -> None:
        self.book = book
        self.dialects = dialects
        self.random = Random(seed)
        self.listings: tuple[catalogue.Listing, ...] = catalogue.LISTINGS
        self._http = httpx.Client(timeout=6, trust_env=False)
        self._late: list[tuple[datetime, SimShop, Announcement]] = []
        self._stopped = threading.Event()

    # --- what can happen to an order ---
    def place(
        self,
        shop: SimShop,
        *,
        lines: list[dict[str, Any]] | None = None,
        is_paid: bool = False,
        is_told: bool = True,
        **known: Any,
    ) -> SimOrder:
        """A buyer places an order; `known` overrides what is otherwise invented (buyer, receiver, note, shipping)."""
        now = clock.now()
        number = self._next_id(shop)
        is_domestic = shop.currency == "CNY"
        order = SimOrder(
            order_id=str(number),
            number=f"#{number % 100_000}",
            currency=shop.currency,
            created_at=now,
            updated_at=now,
            buyer=known.get("buyer") or catalogue.buyer(self.random),
            receiver=known.get("receiver")
            or catalogue.address(self.random, is_temporary=self.random.random() < 0.06, is_domestic=is_domestic),
            lines=[SimLine(**line) for line in lines] if lines else self._basket(shop, number),
            shipping=known.get("shipping", self.random.choice(("0.00", "0.00", "6.00", "10.00"))),
            note=known.get("note", self.random.choice(catalogue.NOTES) if is_domestic else ""),
        )
        self.book.save(shop.code, order)
        if is_told:
            self.announce(shop, order, "create")
        if is_paid:
            self.happen(shop.code, order.order_id, "pay", is_told=is_told)
        return self.book.order(shop.code, order.order_id) or order

    def happen(self, shop_code: str, order_id: str, event: str, *, is_told: bool = True) -> str:
        """Something happens to an order, and the platform tells us; an event that no longer fits changes nothing."""
        shop = self.book.shop(shop_code)
        if shop is None:
            return "unknown"
        with self.book.changing():
            order = self.book.order(shop_code, order_id)
            if order is None or not _apply(order, event, clock.now()):
                return order.status if order else "unknown"
            self.book.save(shop_code, order)
        if is_told:
            self.announce(shop, order, event)
        return order.status

    def announce(self, shop: SimShop, order: SimOrder, event: str, *, may_misbehave: bool = False) -> None:
        announcement = self.dialects[shop.platform].announce(shop, order, event, self.book)
        if announcement is None:
            return
        if may_misbehave and event == "create" and self.random.random() < 0.1:
            # Overtaken: the payment will arrive first.
            self._late.append((clock.now() + timedelta(seconds=45), shop, announcement))
            return
        if not self._post(shop, announcement):
            self._late.append((clock.now() + RETRY_AFTER, shop, announcement))
        elif may_misbehave and self.random.random() < 0.08:
            self._post(shop, announcement)

    def _post(self, shop: SimShop, announcement: Announcement) -> bool:
        if not shop.hook_url:
            return True
        try:
            response = self._http.post(shop.hook_url, content=announcement.body, headers=dict(announcement.headers))
        except httpx.HTTPError as error:
            logger.info("webhook of %s not delivered: %s", shop.code, type(error).__name__)
            return False
        return response.is_success

    def _next_id(self, shop: SimShop) -> int:
        # A fresh memory never repeats the numbers of an older one.
        start = self.dialects[shop.platform].first_order_id + int(clock.now().timestamp())
        return self.book.next_number(f"order:{shop.code}", start)

    def _basket(self, shop: SimShop, number: int) -> list[SimLine]:
        count = self.random.choice((1, 1, 1, 2, 2, 3))
        chosen = self.random.sample(self.listings, min(count, len(self.listings)))
        rate = Decimal(1) if shop.currency == "CNY" else YUAN_PER_DOLLAR
        lines = []
        for index, listing in enumerate(chosen, start=1):
            price = (Decimal(listing.price) / rate).quantize(CENT)
            qty = self.random.choice((1, 1, 1, 2, 3))
            discount = (price * qty / 10).quantize(CENT) if self.random.random() < 0.3 else Decimal("0.00")
            line_id = str(number + index * LINE_ID_STEP)
            lines.append(SimLine(line_id, listing.sku, listing.title, listing.spec, qty, str(price), str(discount)))
        return lines

    # --- the passing of time ---
    def start(self, orders_per_minute: float) -> None:
        threading.Thread(target=self._live, args=(orders_per_minute,), name="buyers", daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()

    def _live(self, orders_per_minute: float) -> None:
        next_order_at = time.monotonic()
        while not self._stopped.wait(TICK_SECONDS):
            try:
                self.tick()
                if orders_per_minute and time.monotonic() >= next_order_at and self.book.shops():
                    next_order_at = time.monotonic() + self.random.uniform(0.5, 1.5) * 60 / orders_per_minute
                    self.someone_buys()
            except Exception:
                logger.exception("the simulated buyers stumbled")

    def tick(self) -> None:
        """Do what is due: planned events, and webhooks that were late or not taken."""
        now = clock.now()
        for shop_code, order_id, event in self.book.take_due(now):
            self.happen(shop_code, order_id, event)
        due = [item for item in self._late if item[0] <= now]
        self._late = [item for item in self._late if item[0] > now]
        for _, shop, announcement in due:
            if not self._post(shop, announcement):
                self._late.append((now + RETRY_AFTER, shop, announcement))

    def someone_buys(self) -> None:
        shop = self.random.choice(self.book.shops())
        if self.random.random() < 0.05:
            # One person, one address on the net, many orders at once.
            buyer = catalogue.buyer(self.random)
            for _ in range(4):
                self._buy(shop, buyer=buyer)
            return
        self._buy(shop)

    def _buy(self, shop: SimShop, **known: Any) -> None:
        order = self.place(shop, is_told=False, **known)
        self.announce(shop, order, "create", may_misbehave=True)
        for seconds, event in self._future():
            self.book.plan(clock.now() + timedelta(seconds=seconds), shop.code, order.order_id, event)

    def _future(self) -> list[tuple[float, str]]:
        fate = self.random.random()
        pays_in = self.random.uniform(3, 40)
        if fate < 0.10:
            return [(self.random.uniform(60, 240), "cancel")]
        if fate < 0.15:
            return [(pays_in, "pay"), (pays_in + self.random.uniform(60, 300), "refund")]
        return [(pays_in, "pay")]


def _apply(order: SimOrder, event: str, now: datetime) -> bool:
    """Change the order as the event demands, if its present status allows that."""
    match event, order.status:
        case "pay", "unpaid":
            order.status, order.paid_at = "to_ship", now
            order.payment_no = f"PAY{order.order_id}"
        case "cancel", "unpaid":
            order.status, order.cancelled_at = "cancelled", now
        case "refund", "to_ship" | "shipped":
            order.refund, order.refunded = "full", str(order.total)
            if order.status == "to_ship":
                order.status, order.cancelled_at = "cancelled", now
        case "done", "shipped":
            order.status, order.done_at = "done", now
        case (("ship" | "update"), _):
            order.updated_at = max(order.updated_at, now) if event == "update" else order.updated_at
            return True
        case _:
            return False
    order.updated_at = now
    return True
