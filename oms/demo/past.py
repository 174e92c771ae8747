"""Thirty days of trade that went as they should, with the few that did not."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings

from accounts.api import User
from channels_sync.simulator.dialect import SimShop
from channels_sync.simulator.orders import SimOrder
from kernel import clock
from oms.demo.world import World
from oms.orders import api as orders
from oms.orders.api import Order

DAYS = 30
# How the orders of a day lie over its hours: quiet nights, a noon hill and an evening mountain.
HOURS = (1, 1, 0, 0, 0, 1, 2, 3, 5, 7, 8, 8, 9, 7, 6, 6, 6, 7, 8, 10, 12, 12, 8, 3)
CARRIERS = (("SF", "SF13"), ("ZTO", "781"), ("YTO", "YT88"))
# Share of a hundred.
UNPAID, REFUNDED, SENT_BACK, ONLY_SIGNED = 5, 3, 2, 6
# Of how many the platform told us before they were paid; of the others the payment was the first news.
TOLD_UNPAID = 20


def moments(until: datetime, share: int) -> Iterator[datetime]:
    """When the orders of the past came, oldest first, of shops that make this share of a hundred."""
    first = (until - timedelta(days=DAYS)).replace(minute=0, second=0, microsecond=0)
    scale = settings.OMS_DEMO_ORDERS / DAYS * share / 100 / sum(HOURS)
    for hour in range(DAYS * 24):
        start = first + timedelta(hours=hour)
        local = (start.hour + 8) % 24
        count = int(HOURS[local] * scale + (hour * 7 % 10) / 10)
        for number in range(count):
            yield start + timedelta(seconds=3600 * (number + 0.3) / max(count, 1))


class Past:
    def __init__(self, world: World, reviewer: User, supervisor: User, until: datetime) -> None:
        self.world = world
        self.reviewer = reviewer
        self.supervisor = supervisor
        self.until = until
        self.random = world.random
        self.parcels = self.random.randrange(10**9)

    def play_all(self, tell: Callable[[str], object]) -> None:
        """Day after day, until seven hours ago: what came since is today's."""
        told = 0
        for at in moments(self.until - timedelta(hours=7), sum(self.world.shares)):
            self.play(at)
            day = DAYS - (self.until - at).days
            if day >= told + 10:
                told = day
                tell(f"day {day} of {DAYS}")

    def play(self, at: datetime) -> None:
        """One order of the past, from its basket to where it would stand by now."""
        shop = self.world.any_shop()
        fate = self.random.randrange(100)
        with clock.at(at):
            sim = self.world.place(shop)
            if fate < TOLD_UNPAID:
                self.world.tell(shop, sim)
        if fate < UNPAID:
            self._give_up(shop, sim, at)
            return
        paid_at = at + timedelta(seconds=self.random.randint(8, 900))
        if paid_at > self.until:
            return
        order_no = self._pay(shop, sim, paid_at)
        if fate < UNPAID + REFUNDED:
            self._later(shop, sim, "refund", paid_at + timedelta(minutes=self.random.randint(20, 300)))
            return
        ready_at = self._review(order_no, paid_at)
        if ready_at and self._ship(shop, sim, order_no, ready_at + timedelta(hours=self.random.uniform(2, 22))):
            self._arrive(shop, sim, fate - UNPAID - REFUNDED, ready_at + timedelta(days=self.random.uniform(2.5, 6)))

    def _arrive(self, shop: SimShop, sim: SimOrder, fate: int, at: datetime) -> None:
        """Most parcels are signed for and done; some come back, and some buyers do not confirm for days."""
        if fate < SENT_BACK:
            self._later(shop, sim, "refund", at + timedelta(days=1))
        elif fate < SENT_BACK + ONLY_SIGNED and at < self.until:
            with clock.at(at):
                signed = self.world.happen(shop, sim, "update")
                self.world.tell(shop, signed, source_signed_at=at, source_version=f"signed-{sim.order_id}")
        else:
            self._later(shop, sim, "done", at)

    def _give_up(self, shop: SimShop, sim: SimOrder, at: datetime) -> None:
        self._later(shop, sim, "cancel", at + timedelta(minutes=35))

    def _pay(self, shop: SimShop, sim: SimOrder, at: datetime) -> str:
        with clock.at(at):
            order_no = self.world.tell(shop, self.world.happen(shop, sim, "pay")).order_no
            orders.review_order(order_no=order_no)
        return order_no

    def _review(self, order_no: str, paid_at: datetime) -> datetime | None:
        """A person decides within hours; None while the decision lies ahead."""
        order = Order.objects.get(order_no=order_no)
        if order.state != "in_review":
            return paid_at
        decided_at = paid_at + timedelta(minutes=self.random.randint(6, 170))
        if decided_at > self.until:
            return None
        with clock.at(decided_at):
            if order.is_held:
                orders.release_holds(order_no=order_no, actor=self.supervisor, reason="已与买家核实")
            order.refresh_from_db()
            if order.state == "in_review" and not order.is_held:
                actor = self.supervisor if order.review_role == "supervisor" else self.reviewer
                orders.approve_order(order_no=order_no, actor=actor)
        return decided_at

    def _ship(self, shop: SimShop, sim: SimOrder, order_no: str, at: datetime) -> bool:
        if at > self.until - timedelta(hours=20):
            return False
        carrier, prefix = CARRIERS[self.parcels % len(CARRIERS)]
        self.parcels += 1
        tracking_no = f"{prefix}{self.parcels:011d}"
        fulfilment = orders.FulfilmentOrder.objects.filter(order__order_no=order_no, state="released").first()
        if fulfilment is None:
            return False
        with clock.at(at - timedelta(minutes=12)):
            orders.mark_picked(fo_no=fulfilment.fo_no, actor=None)
            orders.mark_packed(fo_no=fulfilment.fo_no, actor=None)
        with clock.at(at):
            orders.ship_fulfilment(fo_no=fulfilment.fo_no, carrier_code=carrier, tracking_no=tracking_no, actor=None)
            self.world.take_parcel(shop, sim, carrier=carrier, tracking_no=tracking_no)
        return True

    def _later(self, shop: SimShop, sim: SimOrder, event: str, at: datetime) -> None:
        if at < self.until:
            with clock.at(at):
                self.world.tell(shop, self.world.happen(shop, sim, event))
