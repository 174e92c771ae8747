"""Where one fulfilment order is: found by any number that stands on paper, with its stops, its parcel and its scans."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.api import require, signed_in
from warehouse import selectors
from warehouse.carrier_book import carrier_name
from warehouse.scan.scenario import clean


@require_GET
def floor(request: HttpRequest) -> HttpResponse:
    """What is on the floor just now; with `q` the one that carries this number."""
    require(signed_in(request), "warehouse.view_wave")
    number = clean(request.GET.get("q", ""))
    task = selectors.find_task(signed_in(request), number) if number else None
    if task is not None:
        return redirect("warehouse:task", fo_no=task.fo_no)
    context = {"q": number, "groups": selectors.floor_groups(signed_in(request))}
    return render(request, "warehouse/floor.html", context, status=404 if number else 200)


@require_GET
def task_detail(request: HttpRequest, fo_no: str) -> HttpResponse:
    require(signed_in(request), "warehouse.view_wave")
    task = selectors.get_task(signed_in(request), fo_no)
    package = selectors.package_of(task)
    context = {
        "task": task,
        "lines": list(task.lines.all()),
        "package": package,
        "carrier": carrier_name(package.waybill.carrier_code) if package else "",
        "scans": list(selectors.task_scans(task)),
    }
    return render(request, "warehouse/task_detail.html", context)
