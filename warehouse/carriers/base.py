"""What a carrier declares: one folder a carrier, `CARRIER = Carrier(...)` in its `__init__`. No Django here.

Patterns only suggest a carrier and let us warn. Number ranges change and overlap, so no pattern ever refuses a number.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier's names and the shapes of its tracking numbers.

    `sure` shapes belong to this carrier alone (a letter prefix, a number range of its own); `maybe` shapes are plain
    digits that several carriers share.
    """

    code: str
    name: str
    name_zh: str
    sure: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()

    def is_sure(self, tracking_no: str) -> bool:
        return _matches(self.sure, tracking_no)

    def knows(self, tracking_no: str) -> bool:
        return _matches(self.sure + self.maybe, tracking_no)


def _matches(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.fullmatch(pattern, text, re.ASCII) for pattern in patterns)
