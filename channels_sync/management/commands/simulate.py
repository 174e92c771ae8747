"""Play the platforms: a process of its own with its own memory (DATA_DIR/simulator.sqlite3), reached over HTTP only.

The one thing it learns from us is what a merchant would type into the platform's console: which shops there are, their
secrets, and where their webhooks go. Shops whose `base_url` points here are connected, and new ones within seconds.
"""

import signal
import threading
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from channels_sync.directory import open_door
from channels_sync.models import Connection
from channels_sync.simulator.assortment import assortment
from channels_sync.simulator.dialect import SimShop
from channels_sync.simulator.server import Server

LEARN_SECONDS = 15.0


class Command(BaseCommand):
    help = "Run the simulated platforms."

    def add_arguments(self, parser: CommandParser) -> None:
        port = urlsplit(settings.OMS_SIMULATOR_URL).port or 80
        parser.add_argument("--port", type=int, default=port)
        parser.add_argument("--rate", type=float, default=4.0, help="Orders a minute.")
        parser.add_argument("--no-orders", action="store_true", help="Answer, but let nobody buy.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.OMS_SIMULATOR:
            self.stdout.write("The simulated platform is switched off (OMS_SIMULATOR).")
            return
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        server = Server(settings.DATA_DIR / "simulator.sqlite3", options["port"])
        self._learn(server)
        server.start()
        server.platform.life.start(0.0 if options["no_orders"] else options["rate"])
        self.stdout.write(f"Simulated platforms at {server.url}")
        while not stopped.wait(LEARN_SECONDS):
            self._learn(server)
        server.stop()

    def _learn(self, server: Server) -> None:
        """Connect the shops that point here, and sell what the warehouse has."""
        close_old_connections()
        try:
            rows = Connection.objects.select_related("shop").filter(is_active=True, base_url__startswith=server.url)
            shops = [shop for row in rows if (shop := _shop(row))]
            listings = assortment()
        except Error:
            return
        for shop in shops:
            server.platform.book.connect(shop)
        server.platform.life.listings = listings or server.platform.life.listings


def _shop(connection: Connection) -> SimShop | None:
    door = open_door(connection)
    if door is None:
        return None
    is_queued = door.connector.intake == "queue"
    return SimShop(
        code=door.shop_code,
        platform=door.connector.name,
        secret=door.credentials.secret,
        api_key=door.credentials.api_key,
        api_token=door.credentials.api_token,
        hook_url="" if is_queued else f"{settings.OMS_PUBLIC_URL}/hooks/{door.shop_code}/",
        currency=door.settings.currency,
        zone=door.settings.zone,
        # The platform allows a little more than we allow ourselves.
        rate_per_minute=door.rate_per_minute + 20,
    )
