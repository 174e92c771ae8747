"""The platforms' settlement statements of the past days, imported as finance would."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from channels_sync.simulator import statement
from oms.demo.world import World
from reconciliation import api as reconciliation

DAYS = 12


def import_statements(world: World, until: datetime) -> int:
    """One statement a shop and day, T+1; what it does not agree with us about becomes a difference."""
    imported = set()
    for shop in world.shops.values():
        today = until.astimezone(ZoneInfo(shop.zone)).date()
        for back in range(DAYS, 0, -1):
            day = today - timedelta(days=back)
            body = statement.write(shop, day, world.book)
            name = f"{shop.code}-{day:%Y%m%d}.csv"
            result = reconciliation.import_statement(
                account_code=f"settle-{shop.code}", file_name=name, body=body, actor="system"
            )
            reconciliation.match_now(result.uid)
            imported.add(result.uid)  # days without a trade are one and the same file
    return len(imported)
