from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as people read it. `title` and `advice` are by language code; `on_unknown` is review or record."""

    code: str
    title: dict[str, str]
    advice: dict[str, str]
    when: dict[str, Any]
    then: tuple[dict[str, Any], ...]
    on_unknown: str


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule's answer for one order: hit, miss or unknown, and which facts it looked at."""

    rule: str
    outcome: str
    facts: tuple[str, ...]
    actions: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    ruleset: str
    results: tuple[RuleResult, ...]

    @property
    def hits(self) -> tuple[RuleResult, ...]:
        return tuple(result for result in self.results if result.outcome == "hit")

    @property
    def unknown_to_review(self) -> tuple[RuleResult, ...]:
        """Rules whose question nobody can answer and that say a person must look."""
        return tuple(result for result in self.results if result.outcome == "unknown" and result.actions)
