"""The one answer every scan gets, and the first screen of every page."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Expects:
    """What the screen asks for. kind: scan, number (scan or type), choice (buttons), none. `value` is shown biggest."""

    kind: str
    title: str
    value: str = ""
    detail: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the task, for the list under the screen."""

    sku_code: str
    name: str
    location: str
    done: int
    qty: int


@dataclass(frozen=True, slots=True)
class Reply:
    """`ok` is false for a blocked scan: then `scanned` and `expected` stand side by side. `is_over`: nothing more here.

    `number` is the fulfilment order's.
    """

    kind: str
    screen: str
    expects: Expects
    message: str
    tone: str
    progress: Progress
    ok: bool = True
    scan_id: str = ""
    number: str = ""
    scanned: str = ""
    expected: str = ""
    is_over: bool = False
    actions: tuple[str, ...] = ()
    items: tuple[Item, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Reply":
        wants = {**stored["expects"], "choices": tuple(Choice(**one) for one in stored["expects"]["choices"])}
        return cls(
            **{
                **stored,
                "expects": Expects(**wants),
                "progress": Progress(**stored["progress"]),
                "actions": tuple(stored["actions"]),
                "items": tuple(Item(**one) for one in stored["items"]),
            }
        )
