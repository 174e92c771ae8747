"""The reservations API as a storefront calls it, against a bare view with the same EVALSHA, INSERT and commit."""

import contextlib
import json
from dataclasses import dataclass, field

from django.conf import settings

from accounts.services.keys import create_api_key
from bench import load
from bench.row import Row
from bench.stock import BareStock, sku_code, stocked_warehouse

OURS, BARE = "BENCH-HTTP", "BENCH-HTTP-BARE"
SECONDS = 3.0


def _body(number: int, warehouse: str) -> bytes:
    lines = [{"sku": sku_code(number + step), "qty": qty} for step, qty in enumerate((1, 2, 1))]
    return json.dumps({"reservation_id": f"http-{number}", "lines": lines, "warehouse": warehouse}).encode()


@dataclass
class _Bench:
    """Both servers stand during the whole row, so that each pair meets the same warm processes."""

    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    urls: dict[str, str] = field(default_factory=dict)
    key: str = ""

    def prepare(self) -> None:
        stocked_warehouse(OURS)
        stocked_warehouse(BARE)
        made = create_api_key(name="bench", role="admin", actor="bench", reach=[], rate_per_minute=0)
        self.key = f"Bearer {made.text}"
        bare = BareStock(BARE)
        gate = {
            "url": settings.STOCK_REDIS_URL,
            "sha": bare.sha,
            "keys": bare.keys,
            "warehouse": bare.warehouse_id,
            "skus": bare.sku_ids,
        }
        served = load.serving("bench.bare_reserve:application", BENCH_GATE=json.dumps(gate))
        self.urls["bare"] = self.stack.enter_context(served) + "/reserve/"
        self.urls["ours"] = self.stack.enter_context(load.serving("oms.wsgi:application")) + "/api/v1/reservations/"

    def clear(self) -> None:
        self.stack.close()

    def ours(self) -> float:
        headers = {"Content-Type": "application/json", "Authorization": self.key}
        return load.rate(self.urls["ours"], lambda number: (_body(number, OURS), headers), seconds=SECONDS)

    def bare(self) -> float:
        headers = {"Content-Type": "application/json"}
        return load.rate(self.urls["bare"], lambda number: (_body(number, BARE), headers), seconds=SECONDS)


_bench = _Bench()
ROW = Row(
    name="reserve-http",
    what="POST /api/v1/reservations/ of 3 SKUs, keep-alive, 32 connections",
    unit="requests/s",
    goal=0.7,
    ours=_bench.ours,
    yardstick=_bench.bare,
    yardstick_is="a bare Django view: the same EVALSHA + INSERT + commit, same server",
    prepare=_bench.prepare,
    clear=_bench.clear,
)
