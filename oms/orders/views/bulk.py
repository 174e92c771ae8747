from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.api import require
from kernel.paging import paginate
from oms.orders.models import BulkRun
from oms.orders.services.bulk import items_with_look, progress, retry_failed


@require_GET
def bulk_run(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One bulk run: how far it is, and a result for each row. It can be left and come back to."""
    run = _own_run(request, uid)
    page = paginate(items_with_look(run), order=("-result_code", "id"), cursor=request.GET.get("cursor", ""), size=100)
    counts = progress(run)
    context = {
        "run": run,
        "page": page,
        "counts": counts,
        "finished": run.total - counts["waiting"],
        "is_running": counts["waiting"] > 0,
        "may_retry": not counts["waiting"] and counts["refused"] + counts["failed"] > 0,
    }
    return render(request, "orders/bulk_run.html", context)


@require_POST
def bulk_retry(request: HttpRequest, uid: UUID) -> HttpResponse:
    run = _own_run(request, uid)
    retry_failed(run=run, actor=request.user)
    return redirect("orders:bulk", uid=uid)


def _own_run(request: HttpRequest, uid: UUID) -> BulkRun:
    """A person's own runs; whoever sees every order sees every run."""
    require(request.user, "orders.view_order")
    runs = BulkRun.objects.select_related("actor")
    return get_object_or_404(runs if request.user.is_superuser else runs.filter(actor=request.user), uid=uid)
