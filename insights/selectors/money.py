"""Where the books stand: what differs, by how much, and the oldest cases first."""

from django.utils.translation import gettext as _

from accounts.api import User
from insights.figures import DIFFERENCES, UNPROVEN, Figure, counted
from kernel import looks
from kernel.clock import now
from kernel.times import span_words
from reconciliation.api import Difference, list_differences, open_differences

SHOWN = 8


def money_figures(user: User, *, link: bool = True) -> list[Figure]:
    found = open_differences(user)
    age = _("oldest %(age)s") % {"age": span_words(now() - found.oldest_at)} if found.oldest_at else ""
    figures = [counted(DIFFERENCES, (found.count, found.capped), alarm="warn", note=age, link=link)]
    url = UNPROVEN.url if link else ""
    figures += [Figure(UNPROVEN, looks.money(total, currency), url=url) for currency, total in found.amounts.items()]
    return figures


def oldest_differences(user: User) -> list[Difference]:
    return list(list_differences(user).filter(state="open").order_by("found_at", "id")[:SHOWN])
