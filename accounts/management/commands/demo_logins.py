from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from accounts.demo import PEOPLE


class Command(BaseCommand):
    help = "Print one log-in for each role of the demo; nothing outside demo mode."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.OMS_DEMO:
            return
        with translation.override("en"):
            for one in PEOPLE:
                self.stdout.write(f"  {one.title!s:<18} {one.username:<18} {one.password}")
