"""The stock API. Reservations are the hottest endpoint of the house, so they are plain views: pydantic reads the body,
one service answers, nothing else happens. Their documentation is in rest_schema.py.

A reservation is identified by its own id for ever: the same id and body get the same answer, whatever keys came along.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from accounts.api import Caller, authenticate_key, ids_in_scope, require
from inventory.contracts import ReservationView
from inventory.errors import ReservationNotFound, ReservationOfOrder
from inventory.models import Warehouse
from inventory.rest_schema import CommitSchema, ReleaseSchema, ReservationSchema, ReservationsSchema
from inventory.selectors import get_reservation
from inventory.services.reserve import reserve
from inventory.services.settle import commit_reservation, release_reservation
from kernel import idempotency
from kernel.errors import BusinessError, InvalidInput
from kernel.problems import CONTENT_TYPE, problem, respond
from kernel.short_way import short_way

PERMISSION = "inventory.reserve_stock"
LONGEST_TTL = 30 * 24 * 3600

# Neither a slash nor dots alone fit into the address; ids with a tilde are our own (the reaper's, of adjustments, of moves).
ID_PATTERN = r"^[^\x00-\x1f\x7f/~]*[^\x00-\x1f\x7f/~.][^\x00-\x1f\x7f/~]*$"
OF_AN_ORDER = re.compile(r"O[0-9]{12,}-[0-9]+")
ReservationId = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=100)]
Sku = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,64}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,40}$")]


class Line(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    sku: Sku
    qty: Annotated[int, Field(ge=1, le=1_000_000_000)]


class Wanted(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    reservation_id: ReservationId
    lines: Annotated[list[Line], Field(min_length=1, max_length=500)]
    warehouse: Code | None = None
    ttl_seconds: Annotated[int, Field(ge=1, le=LONGEST_TTL)] | None = None


View = Callable[..., HttpResponse]


def machine_view(method: str, schema: type) -> Callable[[View], View]:
    """A view for machines: one method, an API key that may reserve, problem documents for what is refused."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, **path: str) -> HttpResponse:
            if request.method != method:
                return _method_not_allowed(request, method)
            try:
                caller = authenticate_key(request.headers.get("Authorization", ""))
                if caller is None:
                    return _not_signed_in(request)
                request.user = caller.user  # a refusal is written down with a name
                require(caller.user, PERMISSION)
                return view(request, caller, **path)
            except BusinessError as error:
                return respond(request, error)

        answer.initkwargs = {}  # type: ignore[attr-defined]
        answer.cls = schema  # type: ignore[attr-defined]  # drf-spectacular reads the documentation from here
        return short_way(answer)

    return decorate


@machine_view("POST", ReservationsSchema)
def create_reservation(request: HttpRequest, caller: Caller) -> HttpResponse:
    wish = _read(request)
    warehouse = _in_scope(caller, wish.warehouse) if wish.warehouse else None

    def act() -> tuple[int, dict[str, Any]]:
        made = reserve(
            reservation_id=wish.reservation_id,
            lines=[(line.sku, line.qty) for line in wish.lines],
            warehouse_code=warehouse,
            warehouses=None if warehouse else _warehouses(caller),
            ttl_seconds=wish.ttl_seconds,
        )
        return (201 if made.is_new else 200), _body(made)

    return _once(request, caller, act)


@machine_view("GET", ReservationSchema)
def read_reservation(request: HttpRequest, caller: Caller, reservation_id: str) -> HttpResponse:
    return _reply(200, _body(_require_in_scope(caller, reservation_id)))


@machine_view("POST", CommitSchema)
def commit(request: HttpRequest, caller: Caller, reservation_id: str) -> HttpResponse:
    _require_own(caller, reservation_id)
    return _once(request, caller, lambda: (200, _body(commit_reservation(reservation_id=reservation_id))))


@machine_view("POST", ReleaseSchema)
def release(request: HttpRequest, caller: Caller, reservation_id: str) -> HttpResponse:
    _require_own(caller, reservation_id)
    reason = f"API {caller.prefix}"

    def act() -> tuple[int, dict[str, Any]]:
        return 200, _body(release_reservation(reservation_id=reservation_id, reason=reason, only_held=True))

    return _once(request, caller, act)


def _once(request: HttpRequest, caller: Caller, act: Callable[[], tuple[int, dict[str, Any]]]) -> HttpResponse:
    """A key that is sent is honoured; without one the reservation's own id decides, with nothing to look up."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return _reply(*act())
    answer = idempotency.once(key=key, route=request.path, caller=str(caller.user.pk), body=request.body, act=act)
    return _reply(200 if answer.replayed else answer.status, answer.body)


def _read(request: HttpRequest) -> Wanted:
    try:
        wish = Wanted.model_validate_json(request.body)
    except ValidationError as error:
        errors = [
            {"path": ".".join(str(step) for step in one["loc"]), "code": one["type"], "message": one["msg"]}
            for one in error.errors(include_input=False, include_url=False)
        ]
        raise InvalidInput("The reservation could not be read.", errors=errors) from error
    if OF_AN_ORDER.fullmatch(wish.reservation_id):
        told = "Ids of this form belong to orders: choose another."
        raise InvalidInput(told, errors=[{"path": "reservation_id", "code": "reserved_id", "message": told}])
    return wish


def _body(view: ReservationView) -> dict[str, Any]:
    # For a storefront, goods that have left are still its committed reservation.
    return {
        "reservation_id": view.reservation_id,
        "state": "committed" if view.state == "shipped" else view.state,
        "warehouse": view.warehouse,
        "expires_at": view.expires_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ") if view.expires_at else None,
        "lines": [{"sku": line.sku_code, "qty": line.qty} for line in view.lines],
    }


def _reply(status: int, body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")


def _warehouses(caller: Caller) -> list[str] | None:
    """The warehouses a key with limited scope may take from; None means all."""
    scope = ids_in_scope(caller.user, PERMISSION, Warehouse)
    if not isinstance(scope, set):
        return None
    places = Warehouse.objects.filter(pk__in=scope, is_active=True, kind="physical")
    return list(places.values_list("code", flat=True))


def _in_scope(caller: Caller, warehouse: str) -> str:
    allowed = _warehouses(caller)
    if allowed is not None and warehouse not in allowed:
        require(caller.user, PERMISSION, Warehouse.objects.filter(code=warehouse).first() or Warehouse(code=warehouse))
    return warehouse


def _require_in_scope(caller: Caller, reservation_id: str) -> ReservationView:
    found = get_reservation(reservation_id)
    allowed = _warehouses(caller)
    if found is None or (allowed is not None and found.warehouse not in allowed):
        raise ReservationNotFound(f"There is no reservation {reservation_id}.", reservation_id=reservation_id)
    return found


def _require_own(caller: Caller, reservation_id: str) -> None:
    """What the order centre promised, or took over from a checkout, ends with its order and not through this door."""
    if _require_in_scope(caller, reservation_id).owner_ref:
        raise ReservationOfOrder(reservation_id)


def _not_signed_in(request: HttpRequest) -> HttpResponse:
    detail = "Send an API key: Authorization: Bearer oms_…"
    body: dict[str, Any] = problem(
        status=401, code="not_authenticated", title="Not signed in", detail=detail, instance=request.path
    )
    headers = {"WWW-Authenticate": 'Bearer realm="api"'}
    return JsonResponse(body, status=401, content_type=CONTENT_TYPE, headers=headers)


def _method_not_allowed(request: HttpRequest, method: str) -> HttpResponse:
    body = problem(status=405, code="method_not_allowed", title="Method not allowed", instance=request.path)
    return JsonResponse(body, status=405, content_type=CONTENT_TYPE, headers={"Allow": method})
