import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory.api import list_warehouses, rebuild_gate
from inventory.stock_gate import GateNotReady


class Command(BaseCommand):
    """Load the stock gate of one warehouse, or of all, from PostgreSQL and open it."""

    help = "Load the stock gate from PostgreSQL under a new epoch and open it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--warehouse", help="only this one")

    def handle(self, *args: Any, **options: Any) -> None:
        for code in [options["warehouse"]] if options["warehouse"] else [place.code for place in list_warehouses()]:
            try:
                count = rebuild_gate(code)
            except GateNotReady as error:
                raise CommandError(f"{code}: Redis does not answer for stock ({error.why}).") from error
            self.stdout.write(f"{code}: open with {count} SKUs")
