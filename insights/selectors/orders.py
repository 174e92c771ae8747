"""Today's orders in figures: each a count over an index that stops at 10,000, or one sum over today's payments."""

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.api import User
from insights.figures import HELD, PAID, RECEIVED, REVIEW, SHIPPED, STUCK, Figure, counted
from kernel import looks
from kernel.money import ZERO
from kernel.paging import capped_count
from oms.orders.api import MOMENTS, visible_orders


def flow_figures(user: User, perm: str, *, link: bool) -> list[Figure]:
    """What came in, was paid and left today. Without links for those who see sums only."""
    rows = visible_orders(user, perm)
    return [
        counted(RECEIVED, capped_count(MOMENTS["received_today"](rows)), note=_("today"), link=link),
        *paid_figures(user, perm, link=link),
        counted(SHIPPED, capped_count(MOMENTS["shipped_today"](rows)), note=_("today"), link=link),
    ]


def waiting_figures(user: User, perm: str, *, link: bool) -> list[Figure]:
    """What waits for somebody."""
    rows = visible_orders(user, perm)
    return [
        counted(REVIEW, capped_count(rows.filter(state="in_review")), alarm="warn", link=link),
        counted(HELD, capped_count(rows.filter(is_held=True)), alarm="warn", link=link),
        counted(STUCK, capped_count(MOMENTS["stuck"](rows)), alarm="bad", note=_("over 4 hours"), link=link),
    ]


def paid_figures(user: User, perm: str, *, link: bool) -> list[Figure]:
    """One figure a currency: amounts in different currencies are never added up."""
    rows = MOMENTS["paid_today"](visible_orders(user, perm)).filter(is_non_sale=False)
    sums = rows.order_by().values("currency").annotate(total=Sum("paid_amount"), orders=Count("pk")).order_by("-total")
    url = PAID.url if link else ""
    figures = [
        Figure(
            PAID,
            looks.money(row["total"], row["currency"]),
            note=_orders(row["orders"]),
            url=url,
            currency=row["currency"],
        )
        for row in sums
    ]
    return figures or [Figure(PAID, looks.money(ZERO), note=_orders(0), url=url)]


def _orders(count: int) -> str:
    return _("%(count)s orders today") % {"count": f"{count:,}"}
