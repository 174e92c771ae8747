"""Where the books stand: what differs, by how much, and the oldest cases first."""

from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.api import User
from insights.figures import DIFFERENCES, UNPROVEN, Figure, Metric, counted
from kernel import looks
from kernel.clock import now
from kernel.shell import look
from kernel.times import span_words
from reconciliation.api import Difference, list_differences, open_differences

SHOWN = 8
CLASSES = 6


def money_figures(user: User) -> list[Figure]:
    """How many differences are open and what they add up to, one sum a currency."""
    found = open_differences(user)
    age = _("oldest %(age)s") % {"age": span_words(now() - found.oldest_at)} if found.oldest_at else ""
    figures = [counted(DIFFERENCES, (found.count, found.capped), alarm="warn", note=age)]
    figures += [
        Figure(UNPROVEN, looks.money(total, currency), url=UNPROVEN.url, currency=currency)
        for currency, total in found.amounts.items()
    ]
    return figures


def figures_by_class(user: User) -> list[Figure]:
    """Where the open differences are: the classes with most of them first."""
    rows = list_differences(user).filter(state="open").select_related(None).order_by().values("kind")
    counts = rows.annotate(count=Count("pk")).order_by("-count", "kind")[:CLASSES]
    return [_of_class(row["kind"], row["count"]) for row in counts]


def _of_class(kind: str, count: int) -> Figure:
    shown = look("difference_kind", kind)
    url = f"/differences/?kind={kind}&state=open"
    return Figure(Metric(shown.word, _("Open differences of this class"), shown.icon), looks.number(count), url=url)


def oldest_differences(user: User) -> list[Difference]:
    return list(list_differences(user).filter(state="open").order_by("found_at", "id")[:SHOWN])
