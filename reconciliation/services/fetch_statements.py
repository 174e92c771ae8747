"""Bring yesterday's settlement statement of every shop whose platform hands it out, and match it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from channels_sync.api import Connection, fetch_statement, offers_statements
from kernel import work
from kernel.clock import business_date, now
from kernel.errors import BusinessError
from reconciliation.choices import AccountKind
from reconciliation.contracts import ImportResult
from reconciliation.services.accounts import create_account
from reconciliation.services.import_statement import import_statement

# What the simulated platform keeps of each order.
SIMULATED_COMMISSION = Decimal(2)


@dataclass(frozen=True, slots=True)
class Fetched:
    shop_code: str
    day: date
    result: ImportResult | None
    error: str = ""


def fetch_statements(*, shop_code: str = "", day: date | None = None) -> Iterator[Fetched]:
    """One after the other; a platform that fails is told of and does not stop the rest."""
    connections = Connection.objects.filter(is_active=True).select_related("shop").order_by("shop__code")
    if shop_code:
        connections = connections.filter(shop__code=shop_code)
    for connection in connections:
        if offers_statements(connection):
            wanted = day or business_date(now(), connection.shop.zone) - timedelta(days=1)
            yield _fetch(connection, wanted)


def fetch_due() -> int:
    """What the sweeper does every hour: yesterday's files once more; those imported already change nothing."""
    return sum(1 for one in fetch_statements() if one.result and one.result.is_new)


def _fetch(connection: Connection, day: date) -> Fetched:
    shop = connection.shop
    try:
        body = fetch_statement(shop_code=shop.code, day=day)
        account = create_account(
            code=f"settle-{shop.code}", name=shop.name, kind=AccountKind.PLATFORM, shop=shop,
            commission_percent=SIMULATED_COMMISSION,
        )  # fmt: skip
        result = import_statement(
            account_code=account.code, file_name=f"{shop.code}-{day:%Y%m%d}.csv", body=body, actor="system"
        )
    except (BusinessError, work.Retry, work.Defer) as error:
        return Fetched(shop.code, day, None, str(error))
    return Fetched(shop.code, day, result)
