"""By number: the payment number first, then the platform's order number, then our own. No tolerance: a number is equal or not.

A number that belongs to several orders (a merged payment, the same number in two shops) decides nothing by itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from oms.orders.contracts import MoneyFacts
from reconciliation.matchers.base import Clue, FindFacts, Hit, Matcher

Index = Mapping[str, MoneyFacts]


def match(clues: Sequence[Clue], find: FindFacts) -> dict[int, Hit]:
    payment_nos = {clue.payment_no for clue in clues if clue.payment_no}
    refs = {clue.order_ref for clue in clues if clue.order_ref}
    facts = find(payment_nos=payment_nos, channel_order_nos=refs, order_nos=refs)
    by_payment = _unique((number, one) for one in facts for number in one.payment_nos)
    by_channel = _unique((one.channel_order_no, one) for one in facts)
    by_order = _unique((one.order_no, one) for one in facts)
    hits = ((clue.line_id, _hit(clue, by_payment, by_channel, by_order)) for clue in clues)
    return {line_id: hit for line_id, hit in hits if hit}


def _hit(clue: Clue, by_payment: Index, by_channel: Index, by_order: Index) -> Hit | None:
    if clue.payment_no in by_payment:
        return Hit(by_payment[clue.payment_no], "payment_no", clue.payment_no)
    if clue.order_ref in by_channel:
        return _by_order_number(clue, by_channel[clue.order_ref], "channel_order_no")
    if clue.order_ref in by_order:
        return _by_order_number(clue, by_order[clue.order_ref], "order_no")
    return None


def _by_order_number(clue: Clue, facts: MoneyFacts, method: str) -> Hit:
    """The line names no payment of ours: where the order has just one, it is that one."""
    return Hit(facts, method, facts.payment_nos[0] if len(facts.payment_nos) == 1 else "")


def _unique(pairs: Iterable[tuple[str, MoneyFacts]]) -> dict[str, MoneyFacts]:
    owners: dict[str, dict[str, MoneyFacts]] = defaultdict(dict)
    for number, facts in pairs:
        owners[number][facts.order_no] = facts
    return {number: next(iter(one.values())) for number, one in owners.items() if number and len(one) == 1}


MATCHER = Matcher(name="by_number", rank=10, match=match)
