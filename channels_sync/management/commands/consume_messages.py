"""The consumer process: empties the message queues of all shops that have one, for as long as it runs."""

import signal
import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections

from channels_sync.models import Connection
from channels_sync.services.consume import consume_messages, queue_connections
from kernel import clock, work

log = structlog.get_logger("consumer")
IDLE_SECONDS = 1.0
NO_SHOP_SECONDS = 5.0


class Command(BaseCommand):
    help = "Consume the message queues of platforms that have one (Taobao)."
    is_stopping = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Empty the queues and end.")

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        rest_until: dict[int, float] = {}
        while not self.is_stopping:
            close_old_connections()
            found = self._round(rest_until)
            if options["once"] and not found:
                return
            if not found:
                time.sleep(IDLE_SECONDS if rest_until or options["once"] else NO_SHOP_SECONDS)

    def _stop(self, *_: Any) -> None:
        self.is_stopping = True

    def _round(self, rest_until: dict[int, float]) -> int:
        """One pass over all queues. A shop that fails rests; the others go on."""
        found = 0
        try:
            connections = queue_connections()
        except Error as error:
            log.warning("database_away", error=type(error).__name__)
            return 0
        for connection in connections:
            if rest_until.setdefault(connection.pk, 0.0) > time.monotonic() or self.is_stopping:
                continue
            found += self._consume(connection, rest_until)
        return found

    def _consume(self, connection: Connection, rest_until: dict[int, float]) -> int:
        try:
            return consume_messages(connection)
        except work.Defer as put_off:
            seconds = max(0.0, (put_off.until - clock.now()).total_seconds())
            reason = put_off.reason
        except (work.Retry, Error) as failed:
            seconds, reason = 5.0, str(failed)
        log.warning("queue_rests", shop=connection.shop.code, seconds=round(seconds), reason=reason)
        rest_until[connection.pk] = time.monotonic() + min(seconds, 60.0)
        return 0
