"""A Celery worker to be killed: the product's own, with one more source, whose processing is slow and leaves a trace.

`celery -A tests.concurrency.slow_worker worker`. The trace table has no constraint that would hide a second time.
"""

import time
from collections.abc import Mapping
from typing import Any

import django
from django.db import connection

from oms.celery import app as app  # noqa: PLC0414 - Celery looks for `app` here

django.setup()

from kernel import inbox  # noqa: E402 - models need Django to be set up
from kernel.models import InboxDelivery  # noqa: E402

NAME = "slow"
SECONDS = 0.02


class SlowSource:
    name = NAME

    def verify(self, endpoint: str, headers: Mapping[str, str], body: bytes) -> None:
        return None

    def identify(self, verified: Any, headers: Mapping[str, str], body: bytes) -> inbox.Identity:
        return inbox.Identity(body.decode(), "order")

    def acknowledge(self, endpoint: str, verified: Any | None, outcome: inbox.Outcome) -> inbox.Ack:
        return inbox.Ack(outcome.status, outcome.name.encode())

    def process(self, delivery: InboxDelivery) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO kill_trace (uid) VALUES (%s)", [delivery.uid])
        time.sleep(SECONDS)


inbox.register_source(SlowSource())
