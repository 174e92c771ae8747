"""The order list at a million orders, against the same page at ten thousand."""

import contextlib
import os
import statistics
import time
from dataclasses import dataclass, field

import httpx
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from accounts.models import User
from bench import load, many_orders
from bench.row import Goal, Row
from inventory import api as inventory
from oms.orders import api as orders

MANY, FEW = 1_000_000, 10_000
PAGE = "/orders/?state=allocated"
CALLS = 40
SHOPS = 6


@dataclass
class _Bench:
    """Two databases that differ in nothing but the number of orders, each behind a web server of its own."""

    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    urls: dict[int, str] = field(default_factory=dict)
    cookie: str = ""

    def prepare(self) -> None:
        self.cookie = _log_in(_reviewer())
        goods = {"warehouse_id": _warehouse(), "sku_id": inventory.create_sku(code="BENCH", name="示例T恤").id}
        for number in range(SHOPS):
            orders.create_shop(
                code=f"bench-{number}", name=f"店铺 {number}", platform="generic", warehouse_codes=["BENCH"]
            )
        name = str(settings.DATABASES["default"]["NAME"])
        many_orders.grow(count=FEW, **goods)
        _copy_database(name, f"{name}_few")
        _forget_orders()
        many_orders.grow(count=MANY, **goods)
        url = os.environ["DATABASE_URL"]
        self.urls[MANY] = self.stack.enter_context(load.serving("oms.wsgi:application", workers=1))
        few = url.removesuffix(name) + f"{name}_few"
        self.urls[FEW] = self.stack.enter_context(load.serving("oms.wsgi:application", workers=1, DATABASE_URL=few))

    def clear(self) -> None:
        self.stack.close()
        _forget_orders()

    def milliseconds(self, size: int) -> float:
        """Median time of one page, one caller, connection kept."""
        times = []
        with httpx.Client(
            base_url=self.urls[size], timeout=60, cookies={settings.SESSION_COOKIE_NAME: self.cookie}
        ) as client:
            for _ in range(CALLS):
                began = time.perf_counter()
                client.get(PAGE).raise_for_status()
                times.append((time.perf_counter() - began) * 1000)
        return statistics.median(times)


def _reviewer() -> User:
    user, _new = User.objects.get_or_create(username="bench-reader", defaults={"display_name": "bench"})
    user.groups.add(Group.objects.get(name="admin"))
    return user


def _log_in(user: User) -> str:
    client = Client()
    client.force_login(user, backend="accounts.rights.RememberingBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _warehouse() -> int:
    return inventory.create_warehouse(code="BENCH", name="bench").id


def _copy_database(name: str, copy: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
    connection.close()
    settings_of = connection.settings_dict
    settings_of["NAME"], before = "postgres", settings_of["NAME"]
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    finally:
        connection.close()
        settings_of["NAME"] = before


def _forget_orders() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE orders_order CASCADE")


_bench = _Bench()
ROW = Row(
    name="list",
    what="order list, filtered, 50 rows, 1,000,000 orders",
    unit="ms",
    goal=1.3,
    read=Goal.AT_MOST,
    ours=lambda: _bench.milliseconds(MANY),
    yardstick=lambda: _bench.milliseconds(FEW),
    yardstick_is="the same page at 10,000 orders",
    prepare=_bench.prepare,
    clear=_bench.clear,
)
