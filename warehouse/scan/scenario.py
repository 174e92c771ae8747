"""What a scan scenario is made of: screens in a table, each with what it wants, what a scan does, where it may lead."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.api import User
from warehouse.models import PickLine, PickTask
from warehouse.scan.envelope import Expects, Progress
from warehouse.scan.messages import BAD, NO_SUCH_BUTTON, NOTHING_SCANNED, Said

DONE, STOPPED = "done", "stopped"


class UndeclaredScreen(RuntimeError):
    """A mistake in a scenario's code: a scan led to a screen that its table does not name."""


@dataclass(frozen=True, slots=True)
class ScanInput:
    """What came from the device: a scan, or a button. The same scan sent again carries the same `scan_id`."""

    scan_id: str
    value: str = ""
    action: str = "scan"
    reason: str = ""
    qty: int | None = None


LINE_COUNTS = ("picked_qty", "packed_qty", "missing_qty", "skipped_at")


@dataclass(slots=True)
class Desk:
    """Where one person stands with one task: all that a screen may look at and change. Saved after a right scan."""

    task: PickTask
    lines: list[PickLine]
    user: User
    now: datetime
    seen_tracking_no: str = field(init=False)
    _before: list[tuple[Any, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.seen_tracking_no = self.task.pending_tracking_no
        self._before = [_counts(line) for line in self.lines]

    def changed_lines(self) -> list[PickLine]:
        return [line for line, before in zip(self.lines, self._before, strict=True) if _counts(line) != before]

    def reload(self) -> None:
        self.task.refresh_from_db()
        self.lines = list(self.task.lines.all())
        self.__post_init__()

    def open_lines(self) -> list[PickLine]:
        """What is left to pick in walking order, skipped stops last in the order they were skipped."""
        left = [line for line in self.lines if not line.is_picked]
        return sorted(left, key=lambda line: (line.skipped_at is not None, line.skipped_at or self.now, line.line_no))

    @property
    def line(self) -> PickLine:
        return self.open_lines()[0]

    @property
    def pieces(self) -> int:
        return sum(line.qty for line in self.lines)


@dataclass(slots=True)
class HandoverDesk:
    """The door where carriers take parcels. `task` is filled in once a scan has named a parcel."""

    warehouse_id: int
    user: User
    now: datetime
    task: PickTask | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one scan led to: the screen to show now and what to say. A wrong one changes nothing."""

    said: Said
    screen: str
    expected: str = ""
    sku_code: str = ""
    qty: int = 0

    @property
    def is_right(self) -> bool:
        return self.said.tone != BAD

    @classmethod
    def counted(cls, said: Said, screen: str, sku_code: str, qty: int) -> "Step":
        """A right scan of an item: so many of it now."""
        return cls(said, screen, expected=sku_code, sku_code=sku_code, qty=qty)


# Each scenario names its own desk (Desk or HandoverDesk) in its functions.
Wants = Callable[[Any], Expects]
Act = Callable[[Any, ScanInput], Step]


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: what it wants, what a scan does, its buttons, and the only screens a right scan may lead to."""

    wants: Wants
    scan: Act
    next: tuple[str, ...]
    actions: Mapping[str, Act] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    kind: str
    screens: Mapping[str, Screen]
    start: Callable[[Any], Step]
    progress: Callable[[Any], Progress]

    def act(self, name: str, desk: Any, scan: ScanInput) -> Step:
        """Do what the named screen does with this scan; a right one leads to a declared screen."""
        screen = self.screens[name]
        if scan.action != "scan" and scan.action not in screen.actions:
            return Step(NO_SUCH_BUTTON(), name)
        if scan.action == "scan" and not clean(scan.value):
            return Step(NOTHING_SCANNED(), name)
        act = screen.actions.get(scan.action, screen.scan)
        step = act(desk, scan)
        if step.is_right and step.screen not in (*screen.next, name, STOPPED):
            raise UndeclaredScreen(f"{self.kind}: {name} led to {step.screen}")
        return step


def clean(text: str) -> str:
    """What the scanner meant: full-width characters of an input method made plain, no blanks around, capital letters."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def _counts(line: PickLine) -> tuple[Any, ...]:
    return tuple(getattr(line, name) for name in LINE_COUNTS)
