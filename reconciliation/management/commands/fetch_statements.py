from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reconciliation.services.fetch_statements import fetch_statements
from reconciliation.services.match_statement import match_now


class Command(BaseCommand):
    help = "Fetch yesterday's settlement statements (or another day's) from the platforms that hand them out, and match them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--day", type=date.fromisoformat, help="YYYY-MM-DD in the shop's zone; yesterday if left out"
        )
        parser.add_argument("--shop", default="", help="code of one shop; all if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for one in fetch_statements(shop_code=options["shop"], day=options["day"]):
            if one.result is None or one.result.is_rejected:
                failed += 1
                self.stderr.write(f"{one.shop_code} {one.day}: {one.error or 'not imported, see its page'}")
                continue
            summary = match_now(one.result.uid)
            self.stdout.write(
                f"{one.shop_code} {one.day}: {one.result.rows} rows, {one.result.lines} new amounts, "
                f"{summary.open_differences} open differences"
            )
        if failed:
            raise CommandError(f"{failed} statements could not be fetched.")
