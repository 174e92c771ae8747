"""A scan in, an answer out: the same envelope as JSON for a program, as the next `#task` for the PDA page."""

import hashlib
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from pydantic import BaseModel, Field, ValidationError

from kernel.errors import InvalidInput
from kernel.ids import uuid7
from warehouse.choices import ShortReason
from warehouse.scan.envelope import Reply
from warehouse.scan.scenario import ScanInput

JSON_TYPE = "application/json"


class ScanBody(BaseModel):
    """What a device sends. `scan_id` is made once per scan and stays the same when it is sent again."""

    scan_id: str = Field(min_length=1, max_length=64)
    value: str = Field(default="", max_length=200)
    action: Literal["scan", "skip", "short"] = "scan"
    reason: str = Field(default="", max_length=40)
    qty: int | None = Field(default=None, ge=0, le=1_000_000)

    def scan(self) -> ScanInput:
        return ScanInput(self.scan_id, self.value, self.action, self.reason, self.qty)


def read_scan(request: HttpRequest) -> ScanInput:
    """Raises InvalidInput for a body that is no scan."""
    try:
        if request.content_type == JSON_TYPE:
            return ScanBody.model_validate_json(request.body).scan()
        return ScanBody.model_validate(_form_fields(request)).scan()
    except ValidationError as wrong:
        findings = [
            {"path": ".".join(map(str, one["loc"])), "code": one["type"], "message": one["msg"]}
            for one in wrong.errors()
        ]
        raise InvalidInput("This is not a scan.", errors=findings) from wrong


def _form_fields(request: HttpRequest) -> dict[str, Any]:
    """The page gives each screen a token: the same code on the same screen is the same scan, however often it is sent."""
    fields = request.POST
    code = fields.get("code", "")
    digest = hashlib.sha256(f"{fields.get('action', '')}|{code}|{fields.get('qty', '')}".encode()).hexdigest()[:16]
    return {
        "scan_id": fields.get("scan_id") or f"{fields.get('token', '')[:40]}:{digest}",
        "value": code,
        "action": fields.get("action") or "scan",
        "reason": fields.get("reason", ""),
        "qty": fields.get("qty") or None,
    }


def answer(request: HttpRequest, reply: Reply, *, scan_url: str, next_url: str, leave_url: str = "") -> HttpResponse:
    if request.content_type == JSON_TYPE:
        return JsonResponse({**reply.as_dict(), "next": next_url if reply.is_over else ""})
    context = task_context(reply, scan_url=scan_url, next_url=next_url, leave_url=leave_url)
    return render(request, "warehouse/_task.html", context, status=200 if reply.ok else 422)


def task_context(reply: Reply, *, scan_url: str, next_url: str, leave_url: str = "") -> dict[str, Any]:
    return {
        "reply": reply,
        "scan_url": scan_url,
        "next_url": next_url,
        "leave_url": leave_url,
        "token": str(uuid7()),
        "feedback": _feedback(reply),
        "short_reasons": ShortReason.choices,
    }


def _feedback(reply: Reply) -> str:
    if not reply.ok or reply.tone == "bad":
        return "bad"
    return "done" if reply.is_over else "good"


def list_url(kind: str) -> str:
    return reverse("warehouse:pda_choose", args=[kind])
