from datetime import date, datetime, time, timedelta

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, User
from accounts.roles import ROLES


class DateBox(forms.DateInput):
    input_type = "date"


class PeopleFilter(django_filters.FilterSet):
    """By name, role and whether they may log in."""

    q = django_filters.CharFilter(label=_("Name"), method="by_name", widget=forms.TextInput(attrs={"type": "search"}))
    role = django_filters.ChoiceFilter(
        label=_("Role"), field_name="groups__name", choices=[(name, role.title) for name, role in ROLES.items()]
    )
    is_active = django_filters.ChoiceFilter(label=_("State"), choices=[("1", _("Active")), ("0", _("Disabled"))])

    class Meta:
        model = User
        fields = ("q", "role", "is_active")

    def by_name(self, people: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        return people.filter(Q(username__icontains=value) | Q(display_name__icontains=value))


class AuditFilter(django_filters.FilterSet):
    """By person, act, object, days, and the trace id of one request."""

    actor_name = django_filters.CharFilter(label=_("Who"))
    action = django_filters.CharFilter(label=_("What"), lookup_expr="startswith")
    obj_key = django_filters.CharFilter(label=_("Of what"))
    since = django_filters.DateFilter(label=_("From day"), method="from_day", widget=DateBox)
    until = django_filters.DateFilter(label=_("To day"), method="up_to", widget=DateBox)
    correlation_id = django_filters.CharFilter(label=_("Trace id"))

    class Meta:
        model = AuditEntry
        fields = ("actor_name", "action", "obj_key", "since", "until", "correlation_id")

    def from_day(self, entries: QuerySet[AuditEntry], _name: str, value: date) -> QuerySet[AuditEntry]:
        return entries.filter(at__gte=_midnight(value))

    def up_to(self, entries: QuerySet[AuditEntry], _name: str, value: date) -> QuerySet[AuditEntry]:
        return entries.filter(at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    """Where the day begins for the person who asks."""
    return datetime.combine(day, time.min, timezone.get_current_timezone())
