"""The numbers of the home page: what each is called, how it is defined, and which list stands behind it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kernel import looks

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Metric:
    """One definition for a number, wherever it is shown."""

    label: Text
    definition: Text
    icon: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric and its value now; `tone` says whether somebody must act."""

    metric: Metric
    value: str | SafeString
    tone: str = "neutral"
    note: str = ""
    url: str = ""
    currency: str = ""

    @property
    def label(self) -> str:
        """The metric's name; sums of several currencies are told apart by more than their symbols."""
        return f"{self.metric.label} · {looks.currency(self.currency)}" if self.currency else str(self.metric.label)


RECEIVED = Metric(
    _("Orders in"), _("Orders that came in today, by the time of arrival"), "inbox", "/orders/?moment=received_today"
)
PAID = Metric(
    _("Paid"),
    _("Paid amount of the orders paid today, by the gateway's success time, gifts left out"),
    "coins",
    "/orders/?moment=paid_today",
)
SHIPPED = Metric(
    _("Shipped"),
    _("Orders whose last parcel left a warehouse today"),
    "truck-delivery",
    "/orders/?moment=shipped_today",
)
REVIEW = Metric(_("Waiting for review"), _("Paid orders that a reviewer must approve"), "eye-search", "/review/")
HELD = Metric(_("On hold"), _("Orders with at least one open hold, in any state"), "hand-stop", "/orders/?is_held=true")
STUCK = Metric(
    _("Stuck"),
    _("Paid orders, not shipped, in the same state for over 4 hours"),
    "hourglass",
    "/orders/?moment=stuck",
)
DEAD = Metric(
    _("Dead letters"),
    _("Deliveries, fetches and push-backs that failed after all retries and wait for a person"),
    "mail-x",
    "/dead-letters/",
)
DIFFERENCES = Metric(
    _("Open differences"), _("Differences between statements and orders that nobody has closed"), "scale",
    "/differences/?state=open",
)  # fmt: skip
UNPROVEN = Metric(
    _("Net difference"), _("What statements state less or more than the orders, over all open differences"), "coins",
    "/differences/?state=open",
)  # fmt: skip


def counted(
    metric: Metric, found: tuple[int, bool], *, alarm: str = "neutral", note: str = "", link: bool = True
) -> Figure:
    """A count that stops at its cap; above zero it takes the `alarm` tone."""
    count, capped = found
    value = looks.number(count) if not capped else f"{count:,}+"
    return Figure(metric, value, alarm if count else "neutral", note, metric.url if link else "")
