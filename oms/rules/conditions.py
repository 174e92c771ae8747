"""A condition is a JSON tree (all / any / not, or fact, operator, value), compiled once to closures. No text is evaluated.

Logic has three values: true, false and None for unknown (an unknown fact never makes a condition false).
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from oms.rules.errors import RuleNotUnderstood
from oms.rules.facts import UNKNOWN, Facts, FactValue, MaskedText

Verdict = bool | None
Condition = Callable[[Facts], Verdict]
NUMBER_OPERATORS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "gt": lambda seen, value: seen > value,
    "gte": lambda seen, value: seen >= value,
    "lt": lambda seen, value: seen < value,
    "lte": lambda seen, value: seen <= value,
}


def compile_condition(tree: Any, path: str = "when") -> Condition:
    """Compile a condition tree. RuleNotUnderstood names the place in the tree that is wrong."""
    if not isinstance(tree, dict):
        raise RuleNotUnderstood(path, "must be an object")
    if "all" in tree:
        return _all([compile_condition(part, f"{path}.all[{i}]") for i, part in enumerate(_list(tree["all"], path))])
    if "any" in tree:
        return _any([compile_condition(part, f"{path}.any[{i}]") for i, part in enumerate(_list(tree["any"], path))])
    if "not" in tree:
        return _not(compile_condition(tree["not"], f"{path}.not"))
    return _comparison(tree, path)


def facts_used(tree: dict[str, Any]) -> tuple[str, ...]:
    """The names of the facts that a condition asks for, each once, in order."""
    if "fact" in tree:
        return (tree["fact"],)
    parts = tree.get("all") or tree.get("any") or [tree["not"]]
    return tuple(dict.fromkeys(name for part in parts for name in facts_used(part)))


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise RuleNotUnderstood(path, "needs a list with at least one condition")
    return value


def _all(parts: list[Condition]) -> Condition:
    def check(facts: Facts) -> Verdict:
        verdicts = [part(facts) for part in parts]
        return False if False in verdicts else None if None in verdicts else True

    return check


def _any(parts: list[Condition]) -> Condition:
    def check(facts: Facts) -> Verdict:
        verdicts = [part(facts) for part in parts]
        return True if True in verdicts else None if None in verdicts else False

    return check


def _not(part: Condition) -> Condition:
    def check(facts: Facts) -> Verdict:
        verdict = part(facts)
        return None if verdict is None else not verdict

    return check


def _comparison(tree: dict[str, Any], path: str) -> Condition:
    missing = [key for key in ("fact", "operator", "value") if key not in tree]
    if missing:
        raise RuleNotUnderstood(path, f"lacks {', '.join(missing)}")
    name, operator, value = tree["fact"], tree["operator"], tree["value"]
    compare = _operator(operator, value, path)

    def check(facts: Facts) -> Verdict:
        seen = facts.get(name, UNKNOWN)
        return None if seen is UNKNOWN else compare(seen)

    return check


def _operator(operator: str, value: Any, path: str) -> Callable[[FactValue], Verdict]:
    if operator in NUMBER_OPERATORS:
        test, limit = NUMBER_OPERATORS[operator], _number(value, path)
        return lambda seen: test(Decimal(str(seen)), limit)
    if operator == "equals":
        return lambda seen: seen == value
    if operator == "one_of":
        options = frozenset(_list(value, path))
        return lambda seen: seen in options
    if operator == "contains":
        return lambda seen: _contains(seen, value)
    raise RuleNotUnderstood(path, f"operator {operator!r} is not known")


def _number(value: Any, path: str) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise RuleNotUnderstood(path, f"{value!r} is not a number") from error


def _contains(seen: FactValue, word: str) -> Verdict:
    if isinstance(seen, MaskedText):
        return True if word in seen.visible else None
    if isinstance(seen, str | tuple):
        return word in seen
    return False
