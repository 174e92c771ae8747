"""Bring in every order that changed on a platform since a moment: `backfill --shop demo --since 2026-11-15`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels_sync.services.connect import get_connection
from channels_sync.services.pull import pull_orders
from kernel import clock, work
from kernel.errors import BusinessError


class Command(BaseCommand):
    help = "Pull the orders of a window from a platform. What is known already changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", required=True)
        parser.add_argument("--since", required=True, help="A day or a time; without a zone, in the shop's.")
        parser.add_argument("--until", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            zone = get_connection(options["shop"]).shop.zone
            since, until = clock.parse(options["since"], zone), clock.parse(options["until"], zone)
            pulled = pull_orders(shop_code=options["shop"], since=since, until=until)
        except ValueError as error:
            raise CommandError(
                "--since and --until are days or times, such as 2026-11-15 or 2026-11-15T08:00"
            ) from error
        except BusinessError as error:
            raise CommandError(error.detail) from error
        except (work.Retry, work.Defer) as failed:
            raise CommandError(f"The platform could not be read: {failed}") from failed
        self.stdout.write(f"{pulled.listed} listed, {pulled.new} new, {pulled.asked} to be fetched")
