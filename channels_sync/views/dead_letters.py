"""Dead letters of every kind: what is wrong, how often, since when; and the way back or out for one or many."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.api import can, require
from channels_sync.filters import shop_choices
from channels_sync.services import dead_letters
from kernel.errors import InvalidInput
from kernel.pages import BulkAction
from kernel.shell import look

PAGE = 50
FILTERS = ("kind", "error_class", "code", "shop")
ACTIONS = (
    BulkAction("replay", gettext_lazy("Run again"), "refresh", "channels_sync.replay_delivery", is_primary=True),
    BulkAction(
        "discard",
        gettext_lazy("Close for good"),
        "archive",
        "channels_sync.discard_delivery",
        confirm=gettext_lazy("Close these dead letters for good?"),
        asks_reason=True,
    ),
)


@require_http_methods(["GET", "POST"])
def dead_letter_list(request: HttpRequest) -> HttpResponse:
    require(request.user, "channels_sync.view_inbox")
    if request.method == "POST":
        return _act(request)
    filters = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    cursor = request.GET.get("cursor", "")
    rows = dead_letters.list_dead_letters(request.user, filters=filters, cursor=cursor, limit=PAGE + 1)
    shops = shop_choices(request)
    names = dict(shops)
    groups = dead_letters.group_by_error(request.user, {"shop": filters.get("shop", "")})
    context = {
        "rows": [(row, names.get(row.shop, row.shop)) for row in rows[:PAGE]],
        "counted": (sum(group.count for group in groups if _matches(group, filters)), False),
        "next_cursor": rows[PAGE - 1].cursor if len(rows) > PAGE else "",
        "groups": groups,
        "filters": filters,
        "kinds": [(label, look("work_kind", label).word) for label in dead_letters.kinds()],
        "shops": shops,
        "bulk_actions": [action for action in ACTIONS if can(request.user, action.permission)],
        "may_replay": can(request.user, "channels_sync.replay_delivery"),
    }
    response = render(request, "channels_sync/dead_letter_list.html", context)
    if request.headers.get("HX-Request"):
        response["HX-Push-Url"] = f"{request.path}?{urlencode(filters)}" if filters else request.path
    return response


@require_POST
def dead_letter_group(request: HttpRequest) -> HttpResponse:
    """Run all dead letters with one error again."""
    require(request.user, "channels_sync.replay_delivery")
    chosen = {name: request.POST.get(name, "") for name in ("kind", "error_class", "code")}
    count = dead_letters.replay_group(request.user, **chosen)
    messages.success(request, ngettext("%(count)s runs again.", "%(count)s run again.", count) % {"count": count})
    return redirect("channels_sync:dead_letters")


def _matches(group: dead_letters.ErrorGroup, filters: dict[str, str]) -> bool:
    return all(getattr(group, name) == value for name, value in filters.items() if name != "shop")


def _act(request: HttpRequest) -> HttpResponse:
    """The bulk bar: a result for each row that was ticked."""
    action = next((one for one in ACTIONS if one.name == request.POST.get("action")), None)
    if action is None:
        raise InvalidInput(_("Choose what to do with them."))
    require(request.user, action.permission)
    keys = request.POST.getlist("pick")
    reason = request.POST.get("reason", "").strip()
    act: Any = dead_letters.replay_dead_letters if action.name == "replay" else dead_letters.discard_dead_letters
    outcomes = act(request.user, keys, reason=reason)
    return render(request, "channels_sync/dead_letter_result.html", {"outcomes": outcomes, "action": action})
