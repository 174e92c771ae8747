from typing import Protocol

import django_tables2
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import looks
from kernel.columns import LinkColumn, NumberColumn, StateColumn, Table, WhenColumn


class CountedWave(Protocol):
    """A wave with the counts that selectors.list_waves adds."""

    task_count: int
    picked_count: int
    stopped_count: int


class ProgressColumn(django_tables2.Column):
    """How much of the wave is picked, as a bar and in figures; what stands still is said beside it."""

    def render(self, record: CountedWave) -> SafeString:
        done, total = record.picked_count, record.task_count
        words = _("%(done)s of %(total)s") % {"done": done, "total": total}
        held = ""
        if record.stopped_count:
            held = looks.badge(_("%(count)s on hold") % {"count": record.stopped_count}, "warn", "hand-stop")
        return format_html(
            '<progress class="bar" max="{}" value="{}" aria-label="{}"></progress> <span class="num">{}</span> {}',
            max(total, 1),
            done,
            _("Picked"),
            words,
            held,
        )


class WaveTable(Table):
    wave_no = LinkColumn("warehouse:wave", "wave_no", verbose_name=gettext_lazy("Wave"))
    warehouse = django_tables2.Column(accessor="warehouse__name", verbose_name=gettext_lazy("Warehouse"))
    state = StateColumn("wave", verbose_name=gettext_lazy("State"))
    progress = ProgressColumn(empty_values=(), verbose_name=gettext_lazy("Picked"))
    shipped_count = NumberColumn(verbose_name=gettext_lazy("Shipped"))
    created_by = django_tables2.Column(verbose_name=gettext_lazy("Created by"), default=gettext_lazy("The system"))
    created_at = WhenColumn(verbose_name=gettext_lazy("Created"))
