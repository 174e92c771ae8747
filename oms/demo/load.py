"""Loading the demo: what comes after what, and what of it is there already.

Each stage is one transaction that ends with its mark, so an interrupted load goes on where a stage is missing. The past
of each warehouse is a stage of its own process: their orders touch different stock, so they need not wait for each other.
"""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import CommandError
from django.db import connection, transaction

from accounts.api import User, audit
from channels_sync.api import ShipmentPush
from kernel import clock
from kernel.models import OutboxEvent
from kernel.work import WorkState
from oms.demo.goods import WAREHOUSES, lay_out
from oms.demo.past import DAYS, Past
from oms.demo.settle import import_statements
from oms.demo.shops import open_shops, shops_of
from oms.demo.today import Today
from oms.demo.world import World, new_books
from oms.orders.api import FulfilmentOrder, Order

OPENED, PAST, LOADED = "demo.opened", "demo.past", "demo.loaded"


def is_loaded() -> bool:
    return audit.happened(LOADED)


def load(*, tell: Callable[[str], object], load_people: Callable[[], object]) -> None:
    """Everything, from bare shelves to this morning's troubles."""
    until = clock.now()
    _once(OPENED, lambda: _open(until, load_people))
    command = [sys.executable, "manage.py", "load_demo", "--until", until.isoformat(), "--past"]
    running = [
        subprocess.Popen([*command, code], cwd=settings.BASE_DIR)  # noqa: S603  our own command
        for code, _name, _region in WAREHOUSES
    ]
    if any(codes := [process.wait() for process in running]):
        raise CommandError(f"The demo's past was not loaded {codes}: see above. The next start goes on.")
    _once(LOADED, lambda: tell(_play_today(until)))


def load_past(warehouse: str, until: datetime, *, tell: Callable[[str], object]) -> None:
    """Thirty days of the shops that ship from one warehouse."""
    _once(f"{PAST}.{warehouse}", lambda: _play_past(warehouse, until, tell))


def _once(mark: str, play: Callable[[], object]) -> None:
    """Play a stage unless it has been; a second loader waits for the first."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [mark])
        if not audit.happened(mark):
            play()
            audit.record("system", mark, "demo", "demo")


def _open(until: datetime, load_people: Callable[[], object]) -> None:
    new_books()
    with clock.at(until - timedelta(days=DAYS, hours=1)):
        lay_out()
        open_shops()
        load_people()


def _play_past(warehouse: str, until: datetime, tell: Callable[[str], object]) -> None:
    world = World(shops_of(warehouse))
    world.book.forget_orders(world.shops)
    people = {user.username: user for user in User.objects.filter(is_service=False)}
    Past(world, people["reviewer"], people["supervisor"], until).play_all(tell)
    _close_the_past(world)
    world.book.close()


def _play_today(until: datetime) -> str:
    world = World()
    people = {user.username: user for user in User.objects.filter(is_service=False)}
    Today(world, people, until).play()
    world.forget_plans()
    statements = import_statements(world, until)
    world.book.close()
    return f"{Order.objects.count()} orders of {DAYS} days and {statements} statements loaded."


def _close_the_past(world: World) -> None:
    """Nobody is to be told again of what happened weeks ago: its events are done, its shipments confirmed."""
    OutboxEvent.objects.filter(state=WorkState.READY).update(state=WorkState.DONE, finished_at=clock.now())
    shipped = FulfilmentOrder.objects.filter(state="shipped", order__shop__code__in=world.shops)
    ShipmentPush.objects.bulk_create(_confirmed(row) for row in shipped.select_related("order__shop__connection"))


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
