from typing import Any

import django_tables2
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import ApiKey, AuditEntry, User
from accounts.roles import ROLES
from kernel import looks
from kernel.columns import WRAP, CodeColumn, LinkColumn, StateColumn, Table, WhenColumn


class PeopleTable(Table):
    """Who works here."""

    username = LinkColumn("accounts:person", "uid", verbose_name=_l("Log-in name"))
    display_name = django_tables2.Column(verbose_name=_l("Name"))
    roles = django_tables2.Column(accessor="groups", verbose_name=_l("Roles"), attrs=WRAP)
    team = django_tables2.Column(verbose_name=_l("Team"))
    is_active = django_tables2.Column(verbose_name=_l("State"))
    last_login = WhenColumn(verbose_name=_l("Last log-in"))

    class Meta(Table.Meta):
        model = User
        fields = ("username", "display_name", "roles", "team", "is_active", "last_login")

    def render_roles(self, record: User) -> str:
        return _role_titles(record)

    def render_is_active(self, value: bool) -> SafeString:
        return looks.badge(_("Active"), "good") if value else looks.badge(_("Disabled"), "neutral", "ban")


class KeysTable(Table):
    """The machines that may come in."""

    name = django_tables2.Column(verbose_name=_l("What it is for"))
    prefix = CodeColumn(verbose_name=_l("Begins with"))
    role = django_tables2.Column(accessor="user", verbose_name=_l("Role"))
    created_at = WhenColumn(verbose_name=_l("Made"))
    created_by = django_tables2.Column(verbose_name=_l("Made by"))
    last_used_at = WhenColumn(verbose_name=_l("Last used"))
    expires_at = WhenColumn(verbose_name=_l("Expires"))
    state = django_tables2.Column(accessor="is_live", verbose_name=_l("State"))

    class Meta(Table.Meta):
        model = ApiKey
        fields = ("name", "prefix", "role", "created_at", "created_by", "last_used_at", "expires_at", "state")

    def render_prefix(self, value: str) -> SafeString:
        return format_html("<code>oms_{}_…</code>", value)

    def render_role(self, record: ApiKey) -> str:
        return _role_titles(record.user)

    def render_state(self, record: ApiKey) -> SafeString:
        if record.revoked_at:
            return looks.badge(_("Revoked"), "neutral", "ban")
        return looks.badge(_("Live"), "good") if record.is_live else looks.badge(_("Expired"), "warn")


class AuditTable(Table):
    """What was done and seen."""

    at = WhenColumn(verbose_name=_l("When"))
    actor_name = django_tables2.Column(verbose_name=_l("Who"))
    action = StateColumn("audit", verbose_name=_l("What"))
    obj_key = django_tables2.Column(verbose_name=_l("Of what"))
    change = django_tables2.Column(empty_values=(), verbose_name=_l("Before → after"), attrs=WRAP)
    reason = django_tables2.Column(verbose_name=_l("Reason"), attrs=WRAP)
    ip = CodeColumn(verbose_name=_l("IP address"))
    correlation_id = django_tables2.Column(verbose_name=_l("Trace id"))

    class Meta(Table.Meta):
        model = AuditEntry
        fields = ("at", "actor_name", "action", "obj_key", "change", "reason", "ip", "correlation_id")

    def render_change(self, record: AuditEntry) -> SafeString:
        return format_html_join("", "<div><code>{}</code> {} → {}</div>", changes(record))

    def render_correlation_id(self, value: str) -> SafeString:
        return format_html('<code title="{}">…{}</code>', value, value[-8:])


def changes(entry: AuditEntry) -> list[tuple[str, Any, Any]]:
    """Field, before, after, for what the entry tells; a side that was not told is a dash."""
    before, after = entry.before or {}, entry.after or {}
    return [(name, _said(before.get(name)), _said(after.get(name))) for name in dict.fromkeys([*before, *after])]


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in (None, "") else str(value)


def _role_titles(person: User) -> str:
    return "、".join(str(ROLES[g.name].title) for g in person.groups.all() if g.name in ROLES)
