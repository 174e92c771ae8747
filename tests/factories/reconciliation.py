"""Statements for tests: files written the way platforms write them, imported through the door."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from kernel import clock
from oms.orders.models import Shop
from reconciliation import api
from reconciliation.contracts import ImportResult
from reconciliation.models import PaymentAccount

Row = tuple[str, str, str]


def make_account(shop: Shop | None = None, code: str = "acc", **fields: object) -> PaymentAccount:
    """A platform's settlement account; `settles_on` and the agreed rates may be set."""
    account = api.create_account(code=code, name=f"账户 {code}", kind="platform", shop=shop)
    for name, value in {"settles_on": "payment", **fields}.items():
        setattr(account, name, value)
    account.save()
    return account


def statement_file(
    rows: Iterable[Row],
    *,
    no: str = "S1",
    at: datetime | None = None,
    step: timedelta = timedelta(),
    currency: str = "CNY",
    total: str = "",
) -> bytes:
    """A statement of the simulated platform: rows are (order number, kind, amount), each `step` after the one before."""
    first = at or clock.now()
    rows = list(rows)
    lines = ["statement_no,row_no,order_no,kind,amount,currency,occurred_at"]
    lines += [
        f"{no},{n},{order},{kind},{amount},{currency},{(first + step * (n - 1)).isoformat(timespec='seconds')}"
        for n, (order, kind, amount) in enumerate(rows, 1)
    ]
    lines.append(f"TOTAL,{len(rows)},{total or sum((Decimal(amount) for *_rest, amount in rows), Decimal(0))}")
    return ("\n".join(lines) + "\n").encode()


def bring(account: PaymentAccount, rows: Iterable[Row], *, actor: object = "tests", **file: object) -> ImportResult:
    """Import such a file and match it."""
    result = api.import_statement(
        account_code=account.code, file_name="statement.csv", body=statement_file(rows, **file), actor=actor
    )
    if not result.is_rejected:
        api.match_now(result.uid)
    return result
