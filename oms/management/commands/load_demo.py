from argparse import SUPPRESS
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from oms.demo.load import is_loaded, load, load_past
from oms.stack.speech import MARK


class Command(BaseCommand):
    help = "Loads the demo merchant once: people, shops, warehouses, goods and 30 days of orders. Demo mode only."

    def add_arguments(self, parser: CommandParser) -> None:
        # One part of the work, as the command starts it itself.
        parser.add_argument("--past", help=SUPPRESS)
        parser.add_argument("--until", type=datetime.fromisoformat, help=SUPPRESS)

    def handle(self, *, past: str | None, until: datetime | None, **options: Any) -> None:
        if not settings.OMS_DEMO:
            raise CommandError("Demo data belong to the demo only (OMS_DEMO=on).")
        if past and until:
            load_past(past, until, tell=lambda line: self._tell(f"  orders of {past}: {line}"))
        elif is_loaded():
            self.stdout.write("The demo data are here already.")
        else:
            self._tell("Loading demo data (once, some minutes)")
            load(tell=self.stdout.write, load_people=lambda: call_command("load_people", stdout=self.stdout))

    def _tell(self, line: str) -> None:
        """For the person at the terminal too."""
        self.stdout.write(MARK + line)
        self.stdout.flush()
