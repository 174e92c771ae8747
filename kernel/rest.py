"""What every API list shares: pages by key, `{"results": [...], "next": cursor or null}`."""

import hashlib
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kernel import paging
from kernel.errors import InvalidInput

DEFAULT_SIZE = 50


class KeysetPagination(BasePagination):
    """Pages by signed cursor. The view's `keyset_order` is the order: NOT NULL columns, ending in the key."""

    order: tuple[str, ...] = ("-id",)

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: APIView | None = None) -> list[Any]:
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


def _size(request: Request) -> int:
    text = request.query_params.get("page_size", str(DEFAULT_SIZE))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= paging.MAX_SIZE):
        finding = {"path": "page_size", "code": "out_of_range", "message": f"1 to {paging.MAX_SIZE}"}
        raise InvalidInput("page_size is out of range.", errors=[finding])
    return int(text)


def _filter_hash(request: Request) -> str:
    """A cursor belongs to one list: the same path and the same filters."""
    filters = sorted((k, v) for k, vs in request.query_params.lists() for v in vs if k not in {"cursor", "page_size"})
    return hashlib.sha256(f"{request.path}?{urlencode(filters)}".encode()).hexdigest()[:16]
