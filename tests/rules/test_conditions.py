from decimal import Decimal

import pytest

from oms.rules.api import UNKNOWN, MaskedText, evaluate
from oms.rules.conditions import compile_condition
from oms.rules.errors import RuleNotUnderstood
from oms.rules.ruleset import compile_rule

BIG = {"fact": "paid_amount", "operator": "gt", "value": 500}
TEMPORARY = {"fact": "address_text", "operator": "contains", "value": "临时"}


@pytest.mark.parametrize(("paid", "hit"), [("500", False), ("500.01", True), ("499.99", False)])
def test_a_limit_is_exceeded_only_above_it(paid: str, hit: bool) -> None:
    assert compile_condition(BIG)({"paid_amount": Decimal(paid)}) is hit


def test_a_fact_nobody_told_is_unknown_not_false() -> None:
    assert compile_condition(BIG)({"paid_amount": UNKNOWN}) is None
    assert compile_condition({"not": BIG})({}) is None


def test_a_word_seen_through_a_mask_is_there_and_one_not_seen_is_unknown() -> None:
    assert compile_condition(TEMPORARY)({"address_text": MaskedText("**临时**")}) is True
    assert compile_condition(TEMPORARY)({"address_text": MaskedText("文**路**号")}) is None


def test_one_false_part_decides_all_and_one_true_part_decides_any() -> None:
    facts = {"paid_amount": Decimal(900), "address_text": UNKNOWN}
    assert compile_condition({"all": [BIG, TEMPORARY]})(facts) is None
    assert compile_condition({"any": [BIG, TEMPORARY]})(facts) is True
    assert compile_condition({"all": [{"not": BIG}, TEMPORARY]})(facts) is False


@pytest.mark.parametrize(
    ("tree", "path"),
    [
        ([], "when"),
        ({"all": []}, "when"),
        ({"fact": "x", "operator": "matches", "value": 1}, "when"),
        ({"any": [{"fact": "x", "operator": "gt", "value": "many"}]}, "when.any[0]"),
        ({"not": {"fact": "x"}}, "when.not"),
    ],
)
def test_a_condition_that_means_nothing_names_the_place(tree: object, path: str) -> None:
    with pytest.raises(RuleNotUnderstood) as refused:
        compile_condition(tree)
    assert refused.value.errors[0]["path"] == path


def test_a_rule_with_an_unknown_action_is_refused() -> None:
    with pytest.raises(RuleNotUnderstood):
        compile_rule({"code": "x", "title": {}, "when": BIG, "then": [{"action": "explode"}]})


def test_several_shipped_rules_may_hit_one_order() -> None:
    evaluation = evaluate(
        facts={"paid_amount": Decimal(6000), "address_text": "临时工棚", "orders_same_ip_1h": UNKNOWN}
    )
    assert {hit.rule for hit in evaluation.hits} == {"address_temporary", "supervisor_review", "urgent_amount"}


def test_a_masked_address_goes_to_a_reviewer_and_a_withheld_ip_is_only_recorded() -> None:
    evaluation = evaluate(
        facts={"paid_amount": Decimal(10), "address_text": MaskedText("**"), "orders_same_ip_1h": UNKNOWN}
    )
    assert [result.rule for result in evaluation.unknown_to_review] == ["address_temporary"]
    assert {r.rule: r.outcome for r in evaluation.results}["same_ip_burst"] == "unknown"
