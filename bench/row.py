"""What a file in bench/rows/ declares: `ROW = Row(…)` (or `ROWS = [Row(…), …]`)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Goal(Enum):
    """How the goal is to be read: a rate must reach it, a time or a size must not exceed it."""

    AT_LEAST = "≥"
    AT_MOST = "≤"


def _nothing() -> None: ...


@dataclass(frozen=True)
class Row:
    """One measurement. `ours` and `yardstick` do a few seconds' work on the same servers and return a figure each.

    Without a yardstick the figure itself is held against the goal; with one, the ratio ours / yardstick is.
    """

    name: str
    what: str
    unit: str
    goal: float
    ours: Callable[[], float]
    yardstick: Callable[[], float] | None = None
    yardstick_is: str = "–"
    read: Goal = Goal.AT_LEAST
    pairs: int = 5
    # Before the first pair, outside of what is measured, and after the last.
    prepare: Callable[[], None] = _nothing
    clear: Callable[[], None] = _nothing
    # Starts servers of its own and wants none of the harness's.
    is_alone: bool = False

    def is_met(self, figure: float) -> bool:
        return figure >= self.goal if self.read is Goal.AT_LEAST else figure <= self.goal
