"""The demo merchant, loaded as `make up` loads it, by processes of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from accounts.models import AuditEntry
from inventory import api as inventory
from oms.demo.load import LOADED, OPENED, PAST
from oms.orders.models import Order
from reconciliation.models import Difference, Statement

ROOT = Path(__file__).resolve().parents[2]
STATES = {"pending_payment", "in_review", "allocated", "picking", "packed", "shipped", "completed", "cancelled"}


@pytest.fixture
def command(process_environ: dict[str, str]) -> dict[str, Any]:
    environ = process_environ | {"OMS_DEMO": "on", "OMS_DEMO_ORDERS": "150"}
    return {"args": [sys.executable, "manage.py", "load_demo"], "cwd": ROOT, "env": environ}


def marks() -> list[str]:
    return list(
        AuditEntry.objects.filter(action__startswith="demo.").order_by("action").values_list("action", flat=True)
    )


def test_a_demo_killed_while_it_loads_goes_on_with_what_is_missing_and_tells_something_true(
    command: dict[str, Any],
) -> None:
    first = subprocess.Popen(**command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while OPENED not in marks():
        assert first.poll() is None
        time.sleep(0.1)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()

    said = subprocess.run(**command, check=True, capture_output=True, text=True).stdout
    assert f"{Statement.objects.count()} statements loaded" in said
    assert marks() == [LOADED, OPENED, *(f"{PAST}.{code}" for code in ("WH-BJ", "WH-GZ", "WH-SH"))]
    assert set(Order.objects.values_list("state", flat=True)) >= STATES
    assert Order.objects.filter(is_held=True).count() > 5
    assert Statement.objects.count() > 10
    assert Difference.objects.exists()
    inventory.tend_stock()
    assert inventory.audit_stock().is_sound

    orders = Order.objects.count()
    assert "here already" in subprocess.run(**command, check=True, capture_output=True, text=True).stdout
    assert Order.objects.count() == orders
