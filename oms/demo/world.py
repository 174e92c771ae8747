"""The other side of the demo: the simulated platform's own books, and what it tells us of an order."""

from dataclasses import replace
from random import Random
from typing import Any

import orjson
from django.conf import settings

from channels_sync import api as channels
from channels_sync.simulator import catalogue
from channels_sync.simulator.book import OrderBook
from channels_sync.simulator.dialect import SimShop
from channels_sync.simulator.life import Life
from channels_sync.simulator.orders import SimOrder
from channels_sync.simulator.server import dialects
from kernel import clock
from oms.demo.goods import listings
from oms.demo.shops import SHOPS, DemoShop
from oms.orders import api as orders
from oms.orders.contracts import ReceiveResult

SEED = 20261122
BOOKS = "simulator.sqlite3"


def new_books() -> None:
    """The platforms know nothing yet."""
    for file in settings.DATA_DIR.glob(f"{BOOKS}*"):
        file.unlink()


class World:
    """The platforms' books in the simulator's own file, and a way for their news to reach us without a network."""

    def __init__(self, shops: tuple[DemoShop, ...] = SHOPS) -> None:
        seed = f"{SEED} {shops}"
        self.random = Random(seed)
        self.book = OrderBook(settings.DATA_DIR / BOOKS)
        self.life = Life(self.book, dialects(), seed=seed)
        self.life.listings = listings()
        self.shares = [shop.share for shop in shops]
        self.shops: dict[str, SimShop] = {shop.code: self._connect(shop) for shop in shops}

    def _connect(self, shop: DemoShop) -> SimShop:
        """Known to the platform without an address for its webhooks: the past is not announced over HTTP."""
        known = SimShop(
            shop.code, shop.platform, f"demo-secret-{shop.code}", f"demo-key-{shop.code}", f"demo-token-{shop.code}",
            currency=shop.currency, zone=shop.zone,
        )  # fmt: skip
        self.book.connect(known)
        return known

    def any_shop(self) -> SimShop:
        return self.random.choices([*self.shops.values()], weights=self.shares)[0]

    def place(self, shop: SimShop, **known: Any) -> SimOrder:
        return self.life.place(shop, is_told=False, **known)

    def happen(self, shop: SimShop, order: SimOrder, event: str) -> SimOrder:
        """Something happens on the platform; answers with the order as it then stands."""
        self.life.happen(shop.code, order.order_id, event, is_told=False)
        return self.book.order(shop.code, order.order_id) or order

    def place_of_somebody(self) -> dict[str, str]:
        return catalogue.address(self.random, is_temporary=False, is_domestic=True)

    def tell(self, shop: SimShop, order: SimOrder, **changes: Any) -> ReceiveResult:
        """The platform's document of the order, read by its connector and received; `changes` is what it says besides."""
        door = channels.find_door(shop.code)
        assert door is not None
        incoming = channels.read_order(door, orjson.dumps(dialects()[shop.platform].document(shop, order)))
        return orders.receive_order(shop_code=shop.code, incoming=replace(incoming, **changes))

    def take_parcel(self, shop: SimShop, order: SimOrder, *, carrier: str, tracking_no: str) -> None:
        """The platform books a shipment of the past."""
        self.book.ship(
            shop.code, order.order_id, key=f"demo-{order.order_id}", carrier=carrier, tracking_no=tracking_no,
            line_ids=None,
        )  # fmt: skip

    def forget_plans(self) -> None:
        """What the platform would still announce of the past has been told already."""
        self.book.take_due(clock.now())
