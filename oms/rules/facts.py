"""What a rule may ask about. A fact the platform withholds is UNKNOWN, never false."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


class Unknown:
    """The answer of a fact that nobody told us."""

    def __repr__(self) -> str:
        return "unknown"

    def __bool__(self) -> bool:
        raise TypeError("An unknown fact is neither true nor false.")


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class MaskedText:
    """Text of which the platform shows a part: a word found in it is there; a word not found may hide behind the mask."""

    visible: str


FactValue = str | int | bool | Decimal | MaskedText | Unknown | tuple[str, ...]
Facts = dict[str, FactValue]
