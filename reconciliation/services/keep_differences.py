"""Write down what a comparison found: a gap found again is the same difference, a gap that is gone closes itself."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from kernel.clock import now
from oms.orders.api import Shop
from reconciliation.choices import DifferenceKind, DifferenceState
from reconciliation.evidence import Finding
from reconciliation.models import Difference, PaymentAccount, Statement

CLOSED_BY_PEOPLE = (DifferenceState.RESOLVED, DifferenceState.ACCEPTED)
FACTS = ("expected_amount", "stated_amount", "amount", "parts", "unexplained_amount", "state", "checked_at")


@dataclass(frozen=True, slots=True)
class Found:
    """A finding and what it is about."""

    subject: str
    finding: Finding
    currency: str
    order_no: str = ""
    shop_code: str = ""
    order_ref: str = ""
    payment_no: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.subject, self.finding.kind


def keep_differences(
    account: PaymentAccount,
    statement: Statement | None,
    found: Sequence[Found],
    checked: Collection[str],
    *,
    paid: Collection[str] = (),
) -> None:
    """Bring the differences of the `checked` subjects to what was found; `paid` are orders whose payment is stated.

    Runs inside the caller's transaction and locks the rows, so that nobody's decision is overwritten.
    """
    subjects = {*checked, *(one.subject for one in found)}
    rows = Difference.objects.select_for_update().filter(account=account, subject__in=subjects).order_by("pk")
    known = {(row.subject, row.kind): row for row in rows}
    shops = dict(Shop.objects.filter(code__in={one.shop_code for one in found}).values_list("code", "pk"))
    fresh, changed = [], []
    for one in {one.key: one for one in found}.values():
        row = known.pop(one.key, None)
        if row is None:
            fresh.append(_fill(_start(account, statement, one, shops), one))
        else:
            changed.append(_reopen_if_changed(row, one))
    changed += [_clear(row) for row in known.values() if row.subject in checked and _is_gone(row, paid)]
    Difference.objects.bulk_create(fresh, batch_size=500)
    Difference.objects.bulk_update(changed, [*FACTS, "note", "resolved_at"], batch_size=500)


def _start(account: PaymentAccount, statement: Statement | None, one: Found, shops: dict[str, int]) -> Difference:
    return Difference(
        account=account,
        shop_id=shops.get(one.shop_code, account.shop_id),
        statement=statement,
        kind=one.finding.kind,
        subject=one.subject,
        order_no=one.order_no,
        order_ref=one.order_ref,
        payment_no=one.payment_no,
        currency=one.currency,
        found_at=now(),
    )


def _fill(row: Difference, one: Found) -> Difference:
    finding = one.finding
    row.expected_amount, row.stated_amount, row.amount = finding.expected, finding.stated, finding.amount
    row.unexplained_amount = finding.unexplained
    row.parts = [asdict(part) | {"amount": str(part.amount)} for part in finding.parts]
    row.checked_at = now()
    return row


def _reopen_if_changed(row: Difference, one: Found) -> Difference:
    """What a person closed stays closed while the gap is the one they saw; what closed itself opens when it is back."""
    is_same_gap = row.amount == one.finding.amount
    if row.state == DifferenceState.CLEARED or (row.state in CLOSED_BY_PEOPLE and not is_same_gap):
        row.state, row.resolved_at = DifferenceState.OPEN, None
    return _fill(row, one)


def _is_gone(row: Difference, paid: Collection[str]) -> bool:
    if row.state != DifferenceState.OPEN:
        return False
    return row.kind != DifferenceKind.PAYMENT_MISSING or row.order_no in paid


def _clear(row: Difference) -> Difference:
    row.state, row.resolved_at, row.checked_at = DifferenceState.CLEARED, now(), now()
    return row
