from typing import Any

import django_tables2
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import looks
from kernel.columns import WRAP, CodeColumn, LinkColumn, MoneyColumn, StateColumn, Table, WhenColumn
from oms.orders.explain import explain, rule_title
from oms.orders.models import Order, TransitionFailure
from oms.orders.words import refusal_words, step_word


class OrderNumberColumn(LinkColumn):
    """Our number leads on, the channel's own stands below it."""

    def render(self, value: str, record: Order) -> SafeString:
        return format_html(
            '{}<span class="second">{}</span>', value, record.channel_order_name or record.channel_order_no
        )


class GoodsColumn(django_tables2.Column):
    """What is in the order, in one line: the first article and how many more."""

    def render(self, record: Order) -> SafeString:
        lines = list(record.lines.all())
        if not lines:
            return looks.DASH
        more = _("and %(count)d more") % {"count": len(lines) - 1} if len(lines) > 1 else ""
        return format_html(
            '<span class="clip" title="{}">{} × {}</span><span class="second">{} {}</span>',
            lines[0].title,
            lines[0].title,
            lines[0].qty,
            lines[0].sku_code,
            more,
        )


class StateAndHoldColumn(StateColumn):
    """The state, and beside it why the order waits."""

    def render(self, value: object, record: Any = None, bound_column: Any = None) -> SafeString:
        holds = format_html_join(
            "", '<span class="second">{}</span>', ((hold_words(hold),) for hold in record.open_holds[:2])
        )
        mark = looks.badge(_("Held"), "warn", "hand-stop") if record.is_held else ""
        return format_html("{} {}{}", super().render(record.state), mark, holds)


class WhyColumn(django_tables2.Column):
    """The one sentence, and the next step below it."""

    def render(self, record: Order) -> SafeString:
        told = explain(record)
        if told is None:
            return looks.DASH
        return format_html('{} {}<span class="second">{}</span>', told.reason, told.evidence, told.next_step)


class WaitingColumn(django_tables2.Column):
    """How long it has waited for whose turn it is, as its own page says."""

    def render(self, record: Order) -> SafeString:
        told = explain(record)
        return looks.lasting(told.since if told else record.state_changed_at)


class StepColumn(django_tables2.Column):
    """A step by name."""

    def render(self, value: str) -> str:
        return step_word(value)


class WrongColumn(django_tables2.Column):
    """What was wrong with a refused step, and below it what to do, in the reader's language."""

    def render(self, record: TransitionFailure) -> SafeString:
        what, advice = refusal_words(record.code, record.transition, record.state)
        return format_html('{}<span class="second">{}</span>', what, advice)


def hold_words(hold: Any) -> str:
    return rule_title(hold.source) if hold.code == "RULE" else str(hold.get_code_display())


class OrderTable(Table):
    order_no = OrderNumberColumn("orders:detail", "order_no", verbose_name=gettext_lazy("Order"))
    shop = django_tables2.Column(accessor="shop__name", verbose_name=gettext_lazy("Shop"))
    goods = GoodsColumn(empty_values=(), verbose_name=gettext_lazy("Goods"), attrs=WRAP)
    state = StateAndHoldColumn("order", verbose_name=gettext_lazy("State"))
    paid_amount = MoneyColumn(verbose_name=gettext_lazy("Paid"))
    warehouse = django_tables2.Column(accessor="warehouse__name", verbose_name=gettext_lazy("Warehouse"), default="–")
    received_at = WhenColumn(verbose_name=gettext_lazy("Received"))


class ReviewTable(Table):
    order_no = OrderNumberColumn("orders:detail", "order_no", verbose_name=gettext_lazy("Order"))
    why = WhyColumn(empty_values=(), verbose_name=gettext_lazy("Why it waits"), attrs=WRAP)
    goods = GoodsColumn(empty_values=(), verbose_name=gettext_lazy("Goods"), attrs=WRAP)
    shop = django_tables2.Column(accessor="shop__name", verbose_name=gettext_lazy("Shop"))
    paid_amount = MoneyColumn(verbose_name=gettext_lazy("Paid"))
    waiting = WaitingColumn(empty_values=(), verbose_name=gettext_lazy("Waiting"))


class TransitionFailureTable(Table):
    order_no = LinkColumn(
        "orders:detail", "order__order_no", accessor="order__order_no", verbose_name=gettext_lazy("Order")
    )
    code = CodeColumn(verbose_name=gettext_lazy("Code"))
    transition = StepColumn(verbose_name=gettext_lazy("Step"))
    state = StateColumn("order", verbose_name=gettext_lazy("State then"))
    detail = WrongColumn(empty_values=(), verbose_name=gettext_lazy("What was wrong"), attrs=WRAP)
    at = WhenColumn(verbose_name=gettext_lazy("When"))
