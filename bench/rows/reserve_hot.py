"""Eight processes on one hot SKU: reservations that are durable when they return, against one hand-written statement."""

import os
import subprocess
import sys
from dataclasses import dataclass, field

from bench.load import ROOT
from bench.row import Row
from bench.stock import stocked_warehouse

PROCESSES = 8
SECONDS = 3.0


@dataclass
class _Bench:
    """The processes stand during the whole row and work in turn."""

    crowds: dict[str, list["subprocess.Popen[str]"]] = field(default_factory=dict)

    def prepare(self) -> None:
        for way, warehouse in (("ours", "BENCH-HOT"), ("sql", "BENCH-HOT-SQL")):
            stocked_warehouse(warehouse)
            command = [sys.executable, "-m", "bench.hot_worker", way, warehouse]
            self.crowds[way] = [
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=os.environ,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    text=True,
                )
                for _ in range(PROCESSES)
            ]
            for worker in self.crowds[way]:
                assert worker.stdout is not None
                worker.stdout.readline()

    def clear(self) -> None:
        for crowd in self.crowds.values():
            for worker in crowd:
                worker.kill()
                worker.wait()

    def run(self, way: str) -> float:
        for worker in self.crowds[way]:
            assert worker.stdin is not None
            print(SECONDS, file=worker.stdin, flush=True)
        counts = [int(worker.stdout.readline()) for worker in self.crowds[way] if worker.stdout is not None]
        return sum(counts) / SECONDS


_bench = _Bench()
ROW = Row(
    name="reserve-hot",
    what=f"{PROCESSES} processes on one hot SKU, durable when it returns",
    unit="reservations/s",
    goal=1.0,
    ours=lambda: _bench.run("ours"),
    yardstick=lambda: _bench.run("sql"),
    yardstick_is="one hand-written SQL statement (conditional UPDATE + INSERT)",
    prepare=_bench.prepare,
    clear=_bench.clear,
)
