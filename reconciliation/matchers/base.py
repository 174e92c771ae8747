"""What a matcher is: one way to find the order that statement lines belong to. A file of its own, free of Django.

Matchers are asked in the order of their rank; each sees the lines that the ones before it could not place.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from oms.orders.contracts import MoneyFacts


class FindFacts(Protocol):
    """Asks the order centre for the money of many orders at once; an order answers to any of the numbers."""

    def __call__(
        self,
        *,
        payment_nos: Collection[str] = (),
        channel_order_nos: Collection[str] = (),
        order_nos: Collection[str] = (),
    ) -> Sequence[MoneyFacts]: ...


@dataclass(frozen=True, slots=True)
class Clue:
    """What a line says about its order."""

    line_id: int
    order_ref: str
    payment_no: str


@dataclass(frozen=True, slots=True)
class Hit:
    facts: MoneyFacts
    method: str
    payment_no: str = ""
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Matcher:
    name: str
    rank: int
    match: Callable[[Sequence[Clue], FindFacts], Mapping[int, Hit]]
