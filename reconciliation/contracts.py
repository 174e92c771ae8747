"""What crosses the door of reconciliation."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file: `is_new` is False when the same file was imported before, and then nothing was done.

    `is_repeat`: the file was known, imported or rejected.
    """

    uid: str
    account: str
    format: str
    state: str
    is_new: bool
    rows: int
    lines: int
    repeated: int
    errors: tuple[dict[str, str], ...] = field(default=())
    is_repeat: bool = False

    @property
    def is_rejected(self) -> bool:
        return self.state == "rejected"


@dataclass(frozen=True, slots=True)
class OpenDifferences:
    """Open differences as the home page tells them: how many (counted up to a cap), and the net amount by currency."""

    count: int
    capped: bool
    amounts: dict[str, Decimal]
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class MatchSummary:
    """How the matching of a statement stands."""

    matched: int
    unmatched: int
    open_differences: int
