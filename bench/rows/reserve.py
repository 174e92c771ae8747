"""Reservations in Python: the gate alone, and the whole promise, durable when it returns, by 1 and 8 threads."""

from functools import partial

from bench.row import Row
from bench.stock import NUMBERS, BareStock, per_second, stocked_warehouse, three_lines
from inventory import stock_gate
from inventory.api import reserve
from inventory.services.gatekeeper import read_epoch

OURS, BARE = "BENCH-OURS", "BENCH-BARE"


class _Bench:
    def prepare(self) -> None:
        stocked_warehouse(OURS)
        stocked_warehouse(BARE)
        self.epoch = read_epoch(OURS) or 0
        self.bare = BareStock(BARE)
        self._reserve()
        self.bare.reserve()

    def gate(self) -> float:
        return per_second(self._gate)

    def bare_gate(self) -> float:
        return per_second(self.bare.evalsha)

    def whole(self, threads: int) -> float:
        return per_second(self._reserve, threads=threads, seconds=3)

    def bare_whole(self, threads: int) -> float:
        return per_second(self.bare.reserve, threads=threads, seconds=3)

    def _gate(self) -> None:
        stock_gate.reserve(OURS, self.epoch, f"ours-{next(NUMBERS)}", three_lines(), "sellable")

    def _reserve(self) -> None:
        reserve(reservation_id=f"ours-{next(NUMBERS)}", lines=three_lines(), warehouse_code=OURS)


_bench = _Bench()
ROWS = [
    Row(
        name="reserve-gate",
        what="stock_gate.reserve of 3 SKUs, one thread",
        unit="calls/s",
        goal=0.85,
        ours=_bench.gate,
        yardstick=_bench.bare_gate,
        yardstick_is="bare redis-py EVALSHA of the same script",
        prepare=_bench.prepare,
    ),
    *(
        Row(
            name="reserve" if threads == 1 else f"reserve-{threads}",
            what=f"inventory.api.reserve of 3 SKUs, durable when it returns, {threads} thread{'s'[: threads > 1]}",
            unit="reservations/s",
            goal=0.7,
            ours=partial(_bench.whole, threads),
            yardstick=partial(_bench.bare_whole, threads),
            yardstick_is="bare EVALSHA + one INSERT + commit",
            prepare=_bench.prepare,
        )
        for threads in (1, 8)
    ),
]
