"""What the API's views share: pages by key, `{"results": [...], "next": cursor or null}`, and POSTs done once."""

import hashlib
import json
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import urlencode

from django_filters import MultipleChoiceFilter
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import idempotency, paging
from kernel.errors import InvalidInput

DEFAULT_SIZE = 50


class KeysetPagination(BasePagination):
    """Pages by signed cursor. The view's `keyset_order` is the order: NOT NULL columns, ending in the key."""

    order: tuple[str, ...] = ("-id",)

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        refuse_repeated(request, _taking_several(view))
        self.page = paging.paginate(
            queryset,
            order=getattr(view, "keyset_order", self.order),
            cursor=request.query_params.get("cursor", ""),
            size=_size(request),
            filter_hash=_filter_hash(request),
        )
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.page.next_cursor or None})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {
                    "type": ["string", "null"],
                    "description": "Pass it as `cursor` for the following page; null on the last.",
                },
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "`next` of the page before.",
                "schema": {"type": "string"},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": "Rows a page.",
                "schema": {"type": "integer", "minimum": 1, "maximum": paging.MAX_SIZE, "default": DEFAULT_SIZE},
            },
        ]


class Text(serializers.CharField):
    """A text in a request body. A number or true is no text, and is not made one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


def answer_once(request: Request, act: Callable[[], Response]) -> Response:
    """Do what a POST asks, and honour its Idempotency-Key if it has one: the same key and body get the first answer again.

    Call it before `request.data` is read. What `act` raises leaves no trace and the key free.
    """
    body: bytes = request._request.body

    def done() -> tuple[int, dict[str, Any]]:
        response = act()
        return response.status_code, json.loads(JSONRenderer().render(response.data))

    answer = idempotency.once(
        key=request.headers.get("Idempotency-Key", ""),
        route=request.path,
        caller=str(request.user.pk),
        body=body,
        act=done,
    )
    return Response(answer.body, status=answer.status)


def refuse_repeated(request: Request, taking_several: Collection[str] = ()) -> None:
    """The same filter twice is a mistake, unless it takes several values: which of them would be meant?"""
    for name, values in request.query_params.lists():
        if len(values) > 1 and name not in taking_several:
            finding = {"path": name, "code": "repeated", "message": "Give it once."}
            raise InvalidInput(f"{name} is given more than once.", errors=[finding])


def _size(request: Request) -> int:
    text = request.query_params.get("page_size", str(DEFAULT_SIZE))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= paging.MAX_SIZE):
        finding = {"path": "page_size", "code": "out_of_range", "message": f"1 to {paging.MAX_SIZE}"}
        raise InvalidInput("page_size is out of range.", errors=[finding])
    return int(text)


def _taking_several(view: APIView | None) -> set[str]:
    filters = getattr(getattr(view, "filterset_class", None), "base_filters", {})
    return {name for name, one in filters.items() if isinstance(one, MultipleChoiceFilter)}


def _filter_hash(request: Request) -> str:
    """A cursor belongs to one list: the same path and the same filters."""
    filters = sorted((k, v) for k, vs in request.query_params.lists() for v in vs if k not in {"cursor", "page_size"})
    return hashlib.sha256(f"{request.path}?{urlencode(filters)}".encode()).hexdigest()[:16]
