"""The audit log: who did and saw what."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts import audit
from accounts.access import require
from accounts.exports import Column, export_csv
from accounts.filters import AuditFilter
from accounts.models import AuditEntry
from accounts.tables import AuditTable, changes
from kernel.clock import now
from kernel.pages import ListPage

EXPORT_ROWS = 100_000


class AuditLog(ListPage):
    """Newest first; entries can be read and exported, never changed."""

    title = _("Audit log")
    permission_required = "accounts.view_audit"
    template_name = "accounts/audit_log.html"
    table_class = AuditTable
    filterset_class = AuditFilter
    order = ("-at", "-id")
    row_key = "id"

    def get_queryset(self) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.all()

    def extra_context(self) -> dict[str, Any]:
        kept = [(name, value) for name, value in self.request.GET.items() if value and name != "cursor"]
        return {"export_query": urlencode(kept)}


COLUMNS = (
    Column(_("When"), lambda entry: entry.at.isoformat()),
    Column(_("Who"), lambda entry: entry.actor_name),
    Column(_("What"), lambda entry: entry.action),
    Column(_("Kind"), lambda entry: entry.obj_type),
    Column(_("Of what"), lambda entry: entry.obj_key),
    Column(_("Before → after"), lambda entry: "; ".join(f"{n}: {b} → {a}" for n, b, a in changes(entry))),
    Column(_("Reason"), lambda entry: entry.reason),
    Column(_("IP address"), lambda entry: entry.ip, "accounts.auditentry.ip"),
    Column(_("Trace id"), lambda entry: entry.correlation_id),
)


@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """The same entries that the filters show, as a spreadsheet; taking them out is an entry too."""
    require(request.user, "accounts.view_audit")
    found = AuditFilter(request.GET, queryset=AuditEntry.objects.order_by("-at", "-id"), request=request)
    rows = found.qs[:EXPORT_ROWS] if found.is_valid() else AuditEntry.objects.none()
    audit.record(request.user, "audit.exported", after={"filters": request.GET.dict()}, request=request)
    lines = export_csv(request.user, COLUMNS, rows.iterator(chunk_size=2000))
    name = f"audit-{now():%Y%m%d-%H%M}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
