from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from oms.demo.load import is_loaded, load


class Command(BaseCommand):
    help = "Loads the demo merchant once: people, shops, warehouses, goods and 30 days of orders. Demo mode only."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.OMS_DEMO:
            raise CommandError("Demo data belong to the demo only (OMS_DEMO=on).")
        if is_loaded():
            self.stdout.write("The demo data are here already.")
            return
        load(tell=self.stdout.write, load_people=lambda: call_command("load_people", stdout=self.stdout))
