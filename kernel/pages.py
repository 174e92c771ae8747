"""The list page: filters in the URL, keyset paging, a bulk bar; one URL answers the page or, for HTMX, the list alone.

docs/pages.md shows how an app declares one. It knows queryset, filterset and table; what they mean is the app's.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views import View

from kernel import paging
from kernel.columns import Table
from kernel.shell import Text

NOT_FILTERS = frozenset({"cursor", "sort"})


@dataclass(frozen=True)
class BulkAction:
    """A button of the bulk bar; with `confirm` it asks first, with `asks_reason` also why."""

    name: str
    label: Text
    icon: str
    permission: str = ""
    confirm: Text = ""
    asks_reason: bool = False
    is_primary: bool = False


@dataclass(frozen=True)
class Selection:
    """What a bulk action is meant for: the ticked rows, or everything that the filters match."""

    keys: tuple[str, ...]
    queryset: "QuerySet[Any] | None"
    query: str
    reason: str


@dataclass(frozen=True)
class Sort:
    """One order in which a list can be read: columns that end in the primary key."""

    label: Text
    order: tuple[str, ...]


class ListPage(PermissionRequiredMixin, View):
    """A list with its address: declare the attributes and answer `get_queryset`, and `bulk` if there is a bar.

    The queryset is already limited to what the person may see.
    """

    title: ClassVar[Text] = ""
    table_class: ClassVar[type[Table]]
    filterset_class: ClassVar[type[django_filters.FilterSet] | None] = None
    order: ClassVar[tuple[str, ...]] = ("-id",)
    sorts: ClassVar[dict[str, Sort]] = {}
    page_size: ClassVar[int] = 50
    row_key: ClassVar[str] = "uid"
    bulk_actions: ClassVar[tuple[BulkAction, ...]] = ()
    template_name: ClassVar[str] = "list_page.html"
    list_template: ClassVar[str] = "components/list.html"
    empty_why: ClassVar[Text] = ""
    empty_next: ClassVar[Text] = ""

    def get_queryset(self) -> "QuerySet[Any, Any]":
        raise NotImplementedError

    def bulk(self, action: str, selection: Selection) -> HttpResponse:
        raise NotImplementedError

    def extra_context(self) -> dict[str, Any]:
        """What a page of its own template needs besides the list."""
        return {}

    def get(self, request: HttpRequest, **_path: Any) -> HttpResponse:
        template = self.list_template if _wants_list(request) else self.template_name
        response = render(request, template, self._context(request))
        patch_vary_headers(response, ["HX-Request", "Cookie"])
        patch_cache_control(response, private=True, no_cache=True)
        if _wants_list(request):
            response["HX-Push-Url"] = _url(request, _tidy(request.GET))
        return response

    def post(self, request: HttpRequest, **_path: Any) -> HttpResponse:
        """The bulk bar: `action`, ticked `pick`s or `everything`, and perhaps a `reason`."""
        action = next((a for a in self._allowed_actions() if a.name == request.POST.get("action")), None)
        if action is None:
            return HttpResponseBadRequest()
        everything = request.POST.get("everything") == "yes"
        return self.bulk(
            action.name,
            Selection(
                keys=() if everything else tuple(request.POST.getlist("pick")),
                queryset=self._filtered(request)[1] if everything else None,
                query=urlencode(_tidy(request.GET)),
                reason=request.POST.get("reason", "").strip(),
            ),
        )

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        filterset, queryset = self._filtered(request)
        sort, order = self._order(request)
        filters = [(name, value) for name, value in _tidy(request.GET) if name not in NOT_FILTERS]
        page = paging.paginate(
            queryset,
            order=order,
            cursor=request.GET.get("cursor", ""),
            size=self.page_size,
            filter_hash=_digest([*filters, ("sort", sort)]),
        )
        kept = [*filters, ("sort", sort)] if sort else filters
        return {
            "title": self.title,
            "table": self.table_class(page.rows, request=request),
            "filterset": filterset,
            "sorts": self.sorts,
            "sort": sort,
            "page": page,
            "counted": paging.capped_count(queryset),
            "next_url": _url(request, [*kept, ("cursor", page.next_cursor)]) if page.next_cursor else "",
            "prev_url": _url(request, [*kept, ("cursor", page.prev_cursor)]) if page.prev_cursor else "",
            "this_url": request.get_full_path(),
            "clear_url": request.path,
            "is_filtered": bool(filters),
            "bulk_actions": self._allowed_actions(),
            "row_key": self.row_key,
            "empty_why": self.empty_why,
            "empty_next": self.empty_next,
            **self.extra_context(),
        }

    def _filtered(self, request: HttpRequest) -> "tuple[django_filters.FilterSet | None, QuerySet[Any, Any]]":
        queryset = self.get_queryset()
        if self.filterset_class is None:
            return None, queryset
        filterset = self.filterset_class(request.GET, queryset=queryset, request=request)
        return filterset, filterset.qs if filterset.is_valid() else queryset.none()

    def _order(self, request: HttpRequest) -> tuple[str, tuple[str, ...]]:
        if not self.sorts:
            return "", self.order
        asked = request.GET.get("sort", "")
        name = asked if asked in self.sorts else next(iter(self.sorts))
        return name, self.sorts[name].order

    def _allowed_actions(self) -> tuple[BulkAction, ...]:
        user = self.request.user
        return tuple(a for a in self.bulk_actions if not a.permission or user.has_perm(a.permission))


def _wants_list(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") == "list"


def _tidy(query: QueryDict) -> list[tuple[str, str]]:
    """The query without empty fields, so that addresses stay short enough to send to a colleague."""
    return [(name, value) for name, values in query.lists() for value in values if value]


def _url(request: HttpRequest, query: list[tuple[str, str]]) -> str:
    return f"{request.path}?{urlencode(query)}" if query else request.path


def _digest(query: list[tuple[str, str]]) -> str:
    return hashlib.sha256(urlencode(sorted(query)).encode()).hexdigest()[:16]
