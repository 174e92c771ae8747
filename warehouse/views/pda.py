"""The PDA's pages: choose what to do, choose a task, one task a screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts.api import can, require, signed_in
from kernel.errors import BusinessError
from warehouse import selectors
from warehouse.choices import TaskState
from warehouse.scan.refusals import said_of
from warehouse.scan.scenario import clean
from warehouse.services.claim import claim_pack, claim_pick, leave_task
from warehouse.services.scan_parcel import open_handover, scan_parcel
from warehouse.services.scan_task import open_task, scan_task
from warehouse.views.answers import answer, list_url, read_scan, task_context

CLAIMS = {"pick": claim_pick, "pack": claim_pack}
QUEUES = {"pick": selectors.tasks_to_pick, "pack": selectors.tasks_to_pack}
MOST_SHOWN = 30


@require_GET
def pda(request: HttpRequest) -> HttpResponse:
    """Pick, pack or ship, with what waits for each."""
    user = signed_in(request)
    if not any(can(user, f"warehouse.{kind}") for kind in ("pick", "pack", "ship")):
        require(user, "warehouse.pick")
    context = {
        "pick_count": selectors.tasks_to_pick(user).count(),
        "pack_count": selectors.tasks_to_pack(user).count(),
        "doors": selectors.list_doors(user),
        "may_pick": can(user, "warehouse.pick"),
        "may_pack": can(user, "warehouse.pack"),
        "may_ship": can(user, "warehouse.ship"),
    }
    return render(request, "warehouse/pda.html", context)


@require_GET
def choose(request: HttpRequest, kind: str) -> HttpResponse:
    """The tasks of a kind, mine first; a scan of a pick list opens its task."""
    require(signed_in(request), f"warehouse.{kind}")
    return render(request, "warehouse/pda_choose.html", _choices(request, kind))


@require_POST
def open_by_scan(request: HttpRequest, kind: str) -> HttpResponse:
    """The number of an order was scanned on the list: take that task, or say why not."""
    require(signed_in(request), f"warehouse.{kind}")
    number = clean(request.POST.get("code", ""))
    task = selectors.find_task(signed_in(request), number) if number else None
    why = "" if task else "unknown"
    if task is not None:
        try:
            CLAIMS[kind](task_uid=str(task.uid), actor=signed_in(request))
        except BusinessError as refused:
            why = said_of(refused).text
        else:
            response = HttpResponse(status=204)
            response["HX-Redirect"] = reverse("warehouse:pda_task", args=[task.uid])
            return response
    context = {**_choices(request, kind), "scanned": number, "why": "" if why == "unknown" else why, "is_wrong": True}
    return render(request, "warehouse/_choose.html", context, status=422)


def _choices(request: HttpRequest, kind: str) -> dict[str, object]:
    tasks = list(QUEUES[kind](signed_in(request))[:MOST_SHOWN])
    mine = [task for task in tasks if task.state in (TaskState.PICKING, TaskState.PACKING)]
    others = [task for task in tasks if task not in mine]
    return {"kind": kind, "mine": mine, "others": others}


@require_POST
def claim(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    require(signed_in(request), f"warehouse.{kind}")
    CLAIMS[kind](task_uid=uid, actor=signed_in(request))
    return redirect("warehouse:pda_task", uid=uid)


@require_POST
def leave(request: HttpRequest, uid: str) -> HttpResponse:
    leave_task(task_uid=uid, actor=signed_in(request))
    return redirect("warehouse:pda")


@require_GET
def pda_task(request: HttpRequest, uid: str) -> HttpResponse:
    """The screen at which the person stands with this task."""
    reply = open_task(task_uid=uid, actor=signed_in(request))
    context = task_context(reply, **_addresses(uid, reply.kind))
    return render(request, "warehouse/pda_task.html", {**context, "feedback": ""})


@require_POST
def scan(request: HttpRequest, uid: str) -> HttpResponse:
    """One scan or button on a task."""
    reply = scan_task(task_uid=uid, scan=read_scan(request), actor=signed_in(request))
    return answer(request, reply, **_addresses(uid, reply.kind))


def _addresses(uid: str, kind: str) -> dict[str, str]:
    return {
        "scan_url": reverse("warehouse:scan", args=[uid]),
        "leave_url": reverse("warehouse:pda_leave", args=[uid]),
        "next_url": list_url(kind),
    }


@require_GET
def handover(request: HttpRequest, warehouse: str) -> HttpResponse:
    """The door at which carriers take parcels."""
    place = selectors.get_warehouse(signed_in(request), warehouse, "warehouse.ship")
    reply = open_handover(warehouse_id=place.pk, actor=signed_in(request))
    context = task_context(reply, scan_url=reverse("warehouse:scan_parcel", args=[warehouse]), next_url="")
    return render(request, "warehouse/pda_handover.html", {**context, "warehouse": place, "feedback": ""})


@require_POST
def scan_handover(request: HttpRequest, warehouse: str) -> HttpResponse:
    place = selectors.get_warehouse(signed_in(request), warehouse, "warehouse.ship")
    reply = scan_parcel(warehouse_id=place.pk, scan=read_scan(request), actor=signed_in(request))
    return answer(request, reply, scan_url=request.path, next_url="")
