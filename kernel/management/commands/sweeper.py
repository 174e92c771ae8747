import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from kernel import sweeps


class Command(BaseCommand):
    help = "Rings for due work, takes back expired leases and runs the sweeps of all apps, until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        sweeps.run(stop)
