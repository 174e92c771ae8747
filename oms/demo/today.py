"""The last hours of the demo: orders in every state, and one of each trouble, so that every page has something true to say."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.utils.datastructures import CaseInsensitiveMapping

from accounts.api import User
from channels_sync.api import receive_delivery
from channels_sync.simulator.dialect import SimShop
from channels_sync.simulator.orders import SimOrder
from channels_sync.simulator.server import dialects
from kernel import clock
from oms.demo.floor import Floor
from oms.demo.goods import SCARCE
from oms.demo.world import World
from oms.orders import api as orders

LINE = {"line_id": "1", "spec": "", "qty": 1, "price": "59.00"}
REMOTE = "203.0.113.10"


class Today:
    def __init__(self, world: World, people: dict[str, User], until: datetime) -> None:
        self.world = world
        self.people = people
        self.until = until

    def play(self) -> None:
        for minutes in (3, 6, 11, 17, 22):
            self._order(minutes, is_paid=False)
        self._plain_orders()
        self._review_cases()
        self._stock_cases()
        self._platform_cases()
        self._bad_deliveries()
        Floor(self.people, self.until).work()

    def _plain_orders(self) -> None:
        """Paid within the last hours, let through by the rules, waiting for a wave."""
        for number in range(46):
            self._order(25 + number * 6)

    def _review_cases(self) -> None:
        for minutes in (35, 150, 320):
            self._order(minutes, shop="mini-program", receiver=self._receiver("临时板房 7 栋"))
        burst = {"id": "90210", "nick": "buyer90210", "email": "buyer90210@example.com", "ip": "203.0.113.77"}
        for minute in (64, 63, 62, 61, 60):
            self._order(minute, shop="shopify-us", buyer=burst)
        for minutes, price in ((45, "688.00"), (95, "1299.00"), (290, "5600.00")):
            self._order(
                minutes,
                shop="group-buy",
                lines=[LINE | {"sku": "HOOD-GRY-L", "title": "连帽卫衣 灰 L", "price": price}],
            )
        held = self._order(130, shop="group-buy")
        with clock.at(self.until - timedelta(minutes=120)):
            orders.hold_order(order_no=held, actor=self.people["customer_service"], reason="买家电话要求晚一天发")

    def _stock_cases(self) -> None:
        for minutes in (40, 200, 410):
            lines = [LINE | {"sku": SCARCE, "title": "圆领T恤 红 XL", "qty": 4}]
            self._order(minutes, shop="taobao-flagship", lines=lines)
        for minutes in (75, 260):
            lines = [LINE | {"sku": "GIFT-BOX-2027", "title": "新年礼盒(限定)", "price": "128.00"}]
            self._order(minutes, shop="woo-eu", lines=lines)

    def _platform_cases(self) -> None:
        self._twins()
        self._after(90, lambda sim: sim, refund_status="requested", source_version="refund-asked")
        self._after(110, self._move)
        self._after(170, self._ship_elsewhere)

    def _twins(self) -> None:
        """The same buyer, the same cart, four seconds apart."""
        shop = self.world.shops["mini-program"]
        at = self.until - timedelta(minutes=52)
        with clock.at(at):
            first = self.world.place(shop)
            self._pay(shop, first, at)
        with clock.at(at + timedelta(seconds=4)):
            twin = self.world.place(
                shop, buyer=first.buyer, receiver=first.receiver, lines=[asdict(line) for line in first.lines]
            )
            self._pay(shop, twin, clock.now())

    def _after(self, minutes: int, change: Callable[[SimOrder], SimOrder], **told: Any) -> None:
        """An order that the warehouse already has, and then the platform's newer word on it."""
        shop = self.world.shops["mini-program"]
        at = self.until - timedelta(minutes=minutes)
        with clock.at(at):
            sim = self.world.place(shop)
            self._pay(shop, sim, at)
        with clock.at(at + timedelta(minutes=20)):
            changed = change(self.world.happen(shop, sim, "update"))
            self.world.tell(shop, changed, **told)

    def _move(self, sim: SimOrder) -> SimOrder:
        sim.receiver = self._receiver("样板街 88 号 3 栋 1201 室")
        self.world.book.save("mini-program", sim)
        return sim

    def _ship_elsewhere(self, sim: SimOrder) -> SimOrder:
        shop = self.world.shops["mini-program"]
        self.world.take_parcel(shop, sim, carrier="SF", tracking_no="SF1399990001")
        return self.world.book.order(shop.code, sim.order_id) or sim

    def _bad_deliveries(self) -> None:
        """What knocks at the door and is not an order: kept, each with its reason."""
        shop = self.world.shops["shopify-us"]
        dialect = dialects()[shop.platform]
        order = next(iter(self.world.book.all_orders(shop.code)))
        good = dialect.announce(shop, order, "create", self.world.book)
        assert good is not None
        self._deliver(shop, {**good.headers, "X-Shopify-Hmac-Sha256": "Zm9yZ2Vk"}, good.body)
        broken = dialect.sign(shop, "create", b'{"id": 820982911946154508, "line_items": "none"}')
        self._deliver(shop, broken.headers, broken.body)
        strange = dialect.sign(shop, "create", b'{"id": 1}')
        self._deliver(shop, {**strange.headers, "X-Shopify-Topic": "themes/publish"}, strange.body)

    def _deliver(self, shop: SimShop, headers: Any, body: bytes) -> None:
        receive_delivery(shop_code=shop.code, headers=CaseInsensitiveMapping(headers), body=body, remote_addr=REMOTE)

    def _order(self, minutes: int, *, shop: str = "", is_paid: bool = True, **known: Any) -> str:
        at = self.until - timedelta(minutes=minutes)
        place = self.world.shops[shop] if shop else self.world.any_shop()
        with clock.at(at):
            sim = self.world.place(place, **known)
            if is_paid:
                return self._pay(place, sim, at)
            return self.world.tell(place, sim).order_no

    def _pay(self, shop: SimShop, sim: SimOrder, at: datetime) -> str:
        with clock.at(at + timedelta(seconds=1)):
            result = self.world.tell(shop, self.world.happen(shop, sim, "pay"))
            orders.review_order(order_no=result.order_no)
        return result.order_no

    def _receiver(self, address: str) -> dict[str, str]:
        invented = self.world.place_of_somebody()
        return invented | {"address": address}
