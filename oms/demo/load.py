"""Loading the demo: what comes after what. All of it in one transaction, so that an interrupted load leaves nothing."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.api import User, audit
from channels_sync.api import ShipmentPush
from kernel import clock
from kernel.models import OutboxEvent
from kernel.work import WorkState
from oms.demo.goods import lay_out
from oms.demo.past import DAYS, Past, moments
from oms.demo.settle import import_statements
from oms.demo.shops import open_shops
from oms.demo.today import Today
from oms.demo.world import World
from oms.orders.api import FulfilmentOrder, Order

MARK = "demo.loaded"


def is_loaded() -> bool:
    return audit.happened(MARK)


def load(*, tell: Callable[[str], object], load_people: Callable[[], object]) -> None:
    """Everything, from bare shelves to this morning's troubles."""
    until = clock.now()
    for file in settings.DATA_DIR.glob("simulator.sqlite3*"):
        file.unlink()
    with transaction.atomic():
        with clock.at(until - timedelta(days=DAYS, hours=1)):
            lay_out()
            open_shops()
            load_people()
        people = {user.username: user for user in User.objects.filter(is_service=False)}
        world = World()
        past = Past(world, people["reviewer"], people["supervisor"], until)
        for at in moments(until - timedelta(hours=7)):
            past.play(at)
        _close_the_past()
        Today(world, people, until).play()
        world.forget_plans()
        statements = import_statements(world, until)
        audit.record("system", MARK, "demo", "demo")
    world.book.close()
    tell(f"{Order.objects.count()} orders of {DAYS} days and {statements} statements loaded.")


def _close_the_past() -> None:
    """Nobody is to be told again of what happened weeks ago: its events are done, its shipments confirmed."""
    OutboxEvent.objects.filter(state=WorkState.READY).update(state=WorkState.DONE, finished_at=clock.now())
    shipped = FulfilmentOrder.objects.filter(state="shipped").select_related("order__shop__connection")
    ShipmentPush.objects.bulk_create(_confirmed(row) for row in shipped)


def _confirmed(row: FulfilmentOrder) -> ShipmentPush:
    assert row.shipped_at is not None
    confirmed_at = row.shipped_at + timedelta(seconds=3)
    return ShipmentPush(
        connection=row.order.shop.connection,
        fo_no=row.fo_no,
        order_no=row.order.order_no,
        channel_order_no=row.order.channel_order_no,
        carrier_code=row.carrier_code,
        tracking_no=row.tracking_no,
        lines=[],
        is_whole_order=True,
        shipped_at=row.shipped_at,
        sent_at=row.shipped_at,
        confirmed_at=confirmed_at,
        state=WorkState.DONE,
        finished_at=confirmed_at,
        created_at=row.shipped_at,
    )
