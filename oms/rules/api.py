"""The one door to the rules: other apps ask here and see the contracts."""

from oms.rules.contracts import Evaluation, RuleResult, RuleView
from oms.rules.facts import UNKNOWN, Facts, MaskedText, Unknown
from oms.rules.ruleset import evaluate, list_rules

__all__ = [
    "UNKNOWN",
    "Evaluation",
    "Facts",
    "MaskedText",
    "RuleResult",
    "RuleView",
    "Unknown",
    "evaluate",
    "list_rules",
]
