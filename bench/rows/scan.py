"""The PDA's scan endpoint with session, scope, hold, screen table, count and scan book, against a bare view."""

import contextlib
import statistics
from dataclasses import dataclass, field

from django.db import connection

from bench import bare_scan, floor, load
from bench.row import Goal, Row

PICKERS = 20
SECONDS = 4.0
BETWEEN_SCANS = 0.7


@dataclass
class _Bench:
    """Both servers stand during the whole row, so that each pair meets the same warm processes."""

    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    urls: dict[str, str] = field(default_factory=dict)
    pickers: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def prepare(self) -> None:
        self.pickers = floor.hire(PICKERS)
        with connection.cursor() as cursor:
            cursor.execute(bare_scan.CREATE)
        self.urls["ours"] = self.stack.enter_context(load.serving("oms.wsgi:application"))
        self.urls["bare"] = self.stack.enter_context(load.serving("bench.bare_scan:application"))

    def clear(self) -> None:
        self.stack.close()
        self.stack = contextlib.ExitStack()
        with connection.cursor() as cursor:
            cursor.execute(bare_scan.DROP)

    def ours(self) -> float:
        return floor.work(self.urls["ours"], self.pickers, seconds=SECONDS)[0]

    def bare(self) -> float:
        shelves: list[tuple[str, dict[str, str]]] = [(f"/scan/{number}/", {}) for number in range(PICKERS)]
        return floor.work(self.urls["bare"], shelves, seconds=SECONDS)[0]

    def slowest(self) -> float:
        """The time that 95 of 100 scans stay under while twenty people walk and scan."""
        times = floor.work(self.urls["ours"], self.pickers, seconds=SECONDS, pause=BETWEEN_SCANS)[1]
        return statistics.quantiles(times, n=20)[-1]


_bench = _Bench()
ROWS = [
    Row(
        name="scan",
        what=f"PDA scan with session, scope, hold, check, scan book; {PICKERS} connections",
        unit="scans/s",
        goal=0.6,
        ours=_bench.ours,
        yardstick=_bench.bare,
        yardstick_is="a bare Django view: one SELECT + one UPDATE + commit, same server",
        prepare=_bench.prepare,
        clear=_bench.clear,
    ),
    Row(
        name="scan-p95",
        what=f"p95 of a scan while {PICKERS} pickers scan every second",
        unit="ms",
        goal=50,
        read=Goal.AT_MOST,
        ours=_bench.slowest,
        prepare=_bench.prepare,
        clear=_bench.clear,
    ),
]
