"""Pickers for the `scan` row: each with a session, a task of a million pieces in hand, and a scanner that only types."""

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore

from accounts.api import User, grant
from inventory import api as inventory
from inventory.api import Warehouse
from kernel import clock
from oms.orders.models import FulfilmentOrder, Order, Shop
from warehouse.models import PickLine, PickTask, Wave

SKU, PLACE = "BENCH-SCAN", "BENCH-FLOOR"
PIECES = 1_000_000
CSRF = "b" * 32
BACKEND = "accounts.rights.RememberingBackend"


def hire(count: int) -> list[tuple[str, dict[str, str]]]:
    """So many pickers; of each the path of its task and the headers of its session."""
    inventory.create_sku(code=SKU, name="bench")
    inventory.create_warehouse(code=PLACE, name="bench")
    place = Warehouse.objects.get(code=PLACE)
    shop, _new = Shop.objects.get_or_create(code="bench-floor", defaults={"name": "bench", "platform": "generic"})
    wave, _new = Wave.objects.get_or_create(wave_no="BENCH", defaults={"warehouse": place})
    return [_picker(number, shop, place, wave) for number in range(count)]


def _picker(number: int, shop: Shop, place: Warehouse, wave: Wave) -> tuple[str, dict[str, str]]:
    user, _new = User.objects.get_or_create(username=f"bench-picker-{number}")
    user.groups.add(Group.objects.get(name="picker"))
    grant(user, place)
    task = _task(number, shop, place, wave, user)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    headers = {"Cookie": f"sessionid={session.session_key}; csrftoken={CSRF}", "X-CSRFToken": CSRF}
    return f"/pda/scan/{task.uid}/", headers


def _task(number: int, shop: Shop, place: Warehouse, wave: Wave, picker: User) -> PickTask:
    now = clock.now()
    order, _new = Order.objects.get_or_create(
        order_no=f"BENCH-{number}",
        defaults={
            "shop": shop,
            "channel_order_no": f"bench-{number}",
            "currency": "CNY",
            "state": "picking",
            "source_created_at": now,
            "source_updated_at": now,
        },
    )
    fulfilment, _new = FulfilmentOrder.objects.get_or_create(
        fo_no=f"BENCH-{number}",
        defaults={"order": order, "warehouse": place, "state": "picking", "reservation_id": "-"},
    )
    task, _new = PickTask.objects.get_or_create(
        fulfilment=fulfilment,
        defaults={
            "wave": wave,
            "warehouse": place,
            "order_no": order.order_no,
            "shop_code": shop.code,
            "state": "picking",
            "picker": picker,
            "screen": "quantity",
        },
    )
    PickLine.objects.update_or_create(
        task=task,
        sku_code=SKU,
        defaults={"line_no": 1, "sku_name": SKU, "qty": PIECES, "picked_qty": 1, "barcodes": []},
    )
    return task


def work(
    address: str, pickers: list[tuple[str, dict[str, str]]], *, seconds: float, pause: float = 0.0
) -> tuple[float, list[float]]:
    """All pickers scan at once for a while, with a pause between scans: scans per second, and each scan's milliseconds."""
    times: list[float] = []
    deadline = time.monotonic() + seconds
    threads = [
        threading.Thread(
            target=_scan_on,
            args=(address, picker),
            kwargs={"deadline": deadline, "pause": pause * (1 + at / len(pickers)), "times": times},
        )
        for at, picker in enumerate(pickers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / seconds, times


def _scan_on(
    address: str, picker: tuple[str, dict[str, str]], *, deadline: float, pause: float, times: list[float]
) -> None:
    path, headers = picker
    time.sleep(pause * random.random())  # people do not start as one
    with _connection(address) as send:
        while time.monotonic() < deadline:
            body = json.dumps({"scan_id": str(uuid4()), "value": SKU})
            started = time.perf_counter()
            status = send(path, body, headers)
            times.append((time.perf_counter() - started) * 1000)
            if status != http.client.OK:
                raise SystemExit(f"{path} answered {status} under load.")
            time.sleep(pause)


@contextmanager
def _connection(address: str) -> Iterator[Callable[[str, str, dict[str, str]], int]]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)

    def send(path: str, body: str, headers: dict[str, str]) -> int:
        connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        answer.read()
        return answer.status

    try:
        yield send
    finally:
        connection.close()
