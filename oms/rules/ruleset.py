"""The rules that are in force. They are files for now; their digest is their version, so a run tells which text it used."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from oms.rules.conditions import Condition, compile_condition, facts_used
from oms.rules.contracts import Evaluation, RuleResult, RuleView
from oms.rules.errors import RuleNotUnderstood
from oms.rules.facts import Facts

SHIPPED = Path(__file__).parent / "shipped"
ACTIONS = {"hold", "require_review", "tag", "priority"}
OUTCOMES = {True: "hit", False: "miss", None: "unknown"}


@dataclass(frozen=True, slots=True)
class CompiledRule:
    view: RuleView
    check: Condition
    facts: tuple[str, ...]

    def answer(self, facts: Facts) -> RuleResult:
        outcome = OUTCOMES[self.check(facts)]
        return RuleResult(self.view.code, outcome, self.facts, self._actions(outcome))

    def _actions(self, outcome: str) -> tuple[dict[str, Any], ...]:
        if outcome == "hit":
            return self.view.then
        if outcome == "unknown" and self.view.on_unknown == "review":
            return ({"action": "require_review", "role": "reviewer"},)
        return ()


def compile_rule(source: dict[str, Any]) -> CompiledRule:
    """Turn a rule file's content into something that can be asked. RuleNotUnderstood tells what is wrong in it."""
    for key in ("code", "title", "when", "then"):
        if key not in source:
            raise RuleNotUnderstood(key, "is missing")
    for index, action in enumerate(source["then"]):
        if action.get("action") not in ACTIONS:
            raise RuleNotUnderstood(f"then[{index}]", f"action {action.get('action')!r} is not known")
    view = RuleView(
        code=source["code"],
        title=source["title"],
        advice=source.get("advice", {}),
        when=source["when"],
        then=tuple(source["then"]),
        on_unknown=source.get("on_unknown", "record"),
    )
    return CompiledRule(view, compile_condition(source["when"]), facts_used(source["when"]))


@cache
def shipped_rules() -> tuple[str, tuple[CompiledRule, ...]]:
    """Version and rules of the set shipped with the product, in the order of their file names."""
    texts = [path.read_bytes() for path in sorted(SHIPPED.glob("*.json"))]
    version = "shipped-" + hashlib.sha256(b"".join(texts)).hexdigest()[:8]
    return version, tuple(compile_rule(json.loads(text)) for text in texts)


def evaluate(*, facts: Facts) -> Evaluation:
    """Ask every rule in force about one order's facts. All rules answer: several may hit at once."""
    version, rules = shipped_rules()
    return Evaluation(version, tuple(rule.answer(facts) for rule in rules))


def list_rules() -> tuple[str, tuple[RuleView, ...]]:
    version, rules = shipped_rules()
    return version, tuple(rule.view for rule in rules)


def rules_as_json() -> list[dict[str, Any]]:
    return [asdict(view) for view in list_rules()[1]]
