"""Reading what a platform sent: strict JSON, and typed fields that say where they are when they are wrong.

Nothing here trusts the sender. What cannot be read is `Malformed` with the JSON path of the place, so that a dead
letter explains itself.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from kernel import clock

MAX_DEPTH = 64
MAX_DIGITS = 40
MAX_AMOUNT = Decimal(10) ** 13
MAX_QTY = 1_000_000
MAX_LINES = 1_000

# Control characters, zero-width characters and lone surrogates: none is text, and PostgreSQL refuses some of them.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]")


class Malformed(ValueError):
    """The body cannot be an order of this platform: `path` says where, `message` why. No retry can help."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path
        self.message = message


class _Twice:
    """Stands where an object named a key twice, until the walk finds it and can say its path."""

    def __init__(self, key: str) -> None:
        self.key = key


class _NotANumber:
    def __init__(self, text: str) -> None:
        self.text = text


def parse_json(body: bytes) -> Any:
    """Parse a body: Decimals for fractions, and no duplicate key, NaN, Infinity or nesting deeper than 64."""
    try:
        value = json.loads(
            body.decode("utf-8-sig"),
            parse_float=_number,
            parse_int=_integer,
            parse_constant=_NotANumber,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError as error:
        raise Malformed("$", f"not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise Malformed("$", f"nested deeper than {MAX_DEPTH}") from error
    except json.JSONDecodeError as error:
        raise Malformed("$", f"not JSON: {error.msg} at character {error.pos}") from error
    _check(value)
    return value


def parse_object(body: bytes) -> dict[str, Any]:
    value = parse_json(body)
    if not isinstance(value, dict):
        raise Malformed("$", "an object is expected")
    return value


def digest(payload: Mapping[str, Any]) -> str:
    """Name this telling of an order: equal for equal content, whatever its spacing or the order of its keys."""
    text = json.dumps(payload, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:24]


def _number(text: str) -> "Decimal | _NotANumber":
    return Decimal(text) if len(text) <= MAX_DIGITS else _NotANumber(text)


def _integer(text: str) -> "int | _NotANumber":
    return int(text) if len(text) <= MAX_DIGITS else _NotANumber(text)


def _object(pairs: list[tuple[str, Any]]) -> "dict[str, Any] | _Twice":
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    seen: set[str] = set()
    return _Twice(next(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]


def _check(root: Any) -> None:
    waiting: list[tuple[Any, str, int]] = [(root, "$", 0)]
    while waiting:
        value, path, depth = waiting.pop()
        if isinstance(value, _Twice):
            raise Malformed(f"{path}.{value.key}", "the key is given twice")
        if isinstance(value, _NotANumber):
            raise Malformed(path, f"not a number we can keep: {value.text[:20]}")
        if not isinstance(value, dict | list):
            continue
        if depth >= MAX_DEPTH:
            raise Malformed(path, f"nested deeper than {MAX_DEPTH}")
        items = (
            ((f"{path}.{key}", item) for key, item in value.items())
            if isinstance(value, dict)
            else ((f"{path}[{index}]", item) for index, item in enumerate(value))
        )
        waiting.extend((item, where, depth + 1) for where, item in items)


def clean(text: str) -> str:
    return _NOT_TEXT.sub("", text).strip()


class Node:
    """One JSON object with its path.

    Every reader returns the type it names, an empty value for an absent one, or raises Malformed.
    """

    __slots__ = ("path", "values")

    def __init__(self, values: Mapping[str, Any], path: str = "$") -> None:
        self.values = values
        self.path = path

    def at(self, key: str) -> str:
        return f"{self.path}.{key}"

    def has(self, key: str) -> bool:
        return self.values.get(key) is not None

    def text(self, *keys: str) -> str:
        """The first of these that holds something, as text: ids arrive as numbers and as strings."""
        for key in keys:
            value = self.values.get(key)
            if value is None or value == "":
                continue
            if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
                raise Malformed(self.at(key), "text is expected")
            return clean(str(value))
        return ""

    def required_text(self, *keys: str) -> str:
        value = self.text(*keys)
        if not value:
            raise Malformed(self.at(keys[0]), "is missing")
        return value

    def flag(self, key: str) -> bool:
        return self.values.get(key) in (True, "true", "1", 1)

    def money(self, key: str) -> Decimal:
        return self._decimal(key)

    def cents(self, key: str) -> Decimal:
        """An amount that this platform states in hundredths."""
        return self._decimal(key) / 100

    def _decimal(self, key: str) -> Decimal:
        value = self.values.get(key)
        if value is None or value == "":
            return Decimal(0)
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or len(str(value)) > MAX_DIGITS:
            raise Malformed(self.at(key), "an amount is expected")
        try:
            amount = Decimal(value)
        except InvalidOperation as error:
            raise Malformed(self.at(key), "an amount is expected") from error
        if not amount.is_finite() or abs(amount) > MAX_AMOUNT:
            raise Malformed(self.at(key), "the amount is out of range")
        return amount

    def qty(self, key: str) -> int:
        amount = self._decimal(key)
        if amount != amount.to_integral_value() or abs(amount) > MAX_QTY:
            raise Malformed(self.at(key), "a whole quantity is expected")
        return int(amount)

    def count(self, key: str) -> int:
        """How many were bought: a quantity that is not below zero."""
        qty = self.qty(key)
        if qty < 0:
            raise Malformed(self.at(key), "a quantity below zero")
        return qty

    def time(self, key: str, zone: str) -> datetime | None:
        value = self.values.get(key)
        if value is None or value in (0, "0"):
            return None
        if not isinstance(value, str):
            raise Malformed(self.at(key), "a time is expected")
        try:
            return clock.parse(value, zone)
        except (ValueError, OverflowError) as error:
            raise Malformed(self.at(key), "a time is expected") from error

    def required_time(self, key: str, zone: str) -> datetime:
        value = self.time(key, zone)
        if value is None:
            raise Malformed(self.at(key), "is missing")
        return value

    def node(self, key: str) -> "Node":
        value = self.values.get(key)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise Malformed(self.at(key), "an object is expected")
        return Node(value, self.at(key))

    def nodes(self, key: str) -> list["Node"]:
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Malformed(self.at(key), "a list is expected")
        if len(value) > MAX_LINES:
            raise Malformed(self.at(key), f"more than {MAX_LINES} entries")
        if bad := [index for index, item in enumerate(value) if not isinstance(item, dict)]:
            raise Malformed(f"{self.at(key)}[{bad[0]}]", "an object is expected")
        return [Node(item, f"{self.at(key)}[{index}]") for index, item in enumerate(value)]

    def undeclared(self, declared: frozenset[str]) -> tuple[str, ...]:
        """Fields nobody declared: reported with the order, never a reason to refuse it."""
        return tuple(sorted(clean(key)[:80] for key in self.values if key not in declared))[:50]
