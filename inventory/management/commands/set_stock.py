import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory.api import set_stock
from kernel.errors import BusinessError


class Command(BaseCommand):
    """Set the stock on hand of one SKU in one warehouse: an adjustment like any other."""

    help = "Set the stock on hand of one SKU in one warehouse, as an adjustment with a reason."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--sku", required=True)
        parser.add_argument("--warehouse", required=True)
        parser.add_argument("--qty", required=True, type=int)
        parser.add_argument("--reason", required=True)
        parser.add_argument("--create", action="store_true", help="make the SKU and the warehouse if they are missing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = set_stock(
                sku_code=options["sku"],
                warehouse_code=options["warehouse"],
                qty=options["qty"],
                reason=options["reason"],
                actor="set_stock",
                create=options["create"],
            )
        except BusinessError as error:
            raise CommandError(f"{error.detail} ({error.code})") from error
        self.stdout.write(f"{row.sku} in {row.warehouse}: {row.on_hand} on hand, {row.available} available")
