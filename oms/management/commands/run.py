"""Every process of the application but the web server, forked from this one, which has loaded Django once for all."""

import gc
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import NoReturn

from celery.__main__ import main as celery_main
from celery.apps import beat, worker
from celery.concurrency import prefork
from django.core.management import BaseCommand, execute_from_command_line
from django.db import connections
from setproctitle import setproctitle

from kernel import heartbeats
from kernel.watchdog import Watchdog
from oms.celery import app
from oms.stack.child import Child
from oms.stack.family import LOOK_EVERY, Family, end_orphans
from oms.stack.installation import Installation
from oms.stack.services import BULK_QUEUES, LIVE_QUEUES, Service, application_commands
from oms.stack.speech import MARK, say

HEARTBEATS = {
    "worker": [f"worker:{queue}" for queue in LIVE_QUEUES.split(",")],
    "worker-bulk": [f"worker:{queue}" for queue in BULK_QUEUES.split(",")],
    "sweeper": [heartbeats.SWEEPER],
}

# Imported by every worker and by beat: loaded here, they are shared.
PRELOADED = (beat, worker, prefork)


class StopAsked(BaseException):
    """The supervisor wants the application to end."""


class Command(BaseCommand):
    help = "Prepares the data, then runs workers, beat, sweeper, message consumer and simulator until it is stopped."

    def handle(self, **options: object) -> None:
        installation = Installation.from_environment()
        records = installation.run / "application.json"
        end_orphans(records)
        app.loader.import_default_modules()
        gc.freeze()
        family = Family(records, _tell)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        try:
            _prepare(family, installation)
            for name, words in application_commands(installation).items():
                family.add(_child(name, words, installation))
            watchdog = Watchdog(HEARTBEATS)
            while True:
                family.tick()
                _end_silent(family, watchdog)
                time.sleep(LOOK_EVERY)
        except StopAsked:
            pass
        finally:
            family.stop(list(family.children), is_hurried=lambda: False)


def _prepare(family: Family, installation: Installation) -> None:
    """Once per start of the system; the supervisor starts the web server when the mark is there."""
    if installation.prepared_mark.exists():
        return
    child = family.add(_child("prepare", ["manage.py", "prepare"], installation, is_once=True))
    family.wait(lambda: not child.is_running(), seconds=float("inf"))
    if not child.has_succeeded():
        sys.exit(1)
    family.drop(child)
    installation.prepared_mark.touch()


def _end_silent(family: Family, watchdog: Watchdog) -> None:
    """Who lives but does nothing is ended; the family starts it again."""
    for name in watchdog.silent():
        _tell(f"{name} gives no sign of life any more and is ended.")
        for child in family.children:
            if child.name == name:
                child.kill()


def _child(name: str, words: list[str], installation: Installation, *, is_once: bool = False) -> Child:
    act = celery_main if words[0] == "celery" else partial(execute_from_command_line, words)
    service = Service(name, words, run=partial(_become, name, words, act), is_once=is_once)
    return Child(service, logs=installation.logs, environ={"OMS_PROCESS": name})


def _become(name: str, words: list[str], act: Callable[[], object]) -> None:
    """In the child: be called and behave as if started by this command line."""
    sys.argv = list(words)
    setproctitle(" ".join([sys.executable, *(["-m"] if words[0] == "celery" else []), *words]))
    connections.settings["default"]["OPTIONS"]["application_name"] = name
    act()


def _tell(line: str) -> None:
    """For the person at the supervisor's terminal as well."""
    say(MARK + line)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    # Once: while the children are being stopped, a second wish changes nothing.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise StopAsked
