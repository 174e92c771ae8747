"""API keys: who made them, when they were used, and closing them."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import require, signed_in
from accounts.forms import NewKeyForm
from accounts.keyring import forget_callers
from accounts.models import ApiKey
from accounts.places import find_places
from accounts.services.keys import create_api_key, revoke_api_key
from accounts.tables import KeysTable
from kernel.clock import now
from kernel.pages import BulkAction, ListPage, Selection


class KeyList(ListPage):
    """Every key that was ever made."""

    title = _l("API keys")
    permission_required = "accounts.manage_api_keys"
    template_name = "accounts/key_list.html"
    table_class = KeysTable
    order = ("-created_at", "-id")
    row_key = "prefix"
    empty_why = _l("No machine has a key yet.")
    empty_next = _l("Make one for each system that calls the API, so that each can be closed alone.")

    bulk_actions = (
        BulkAction(
            "revoke",
            _l("Close"),
            "key-off",
            "accounts.manage_api_keys",
            confirm=_l("Close these keys? Whoever uses them is refused from then on."),
        ),
    )

    def bulk(self, action: str, selection: Selection) -> HttpResponse:
        keys = (
            self.get_queryset() if selection.queryset is not None else ApiKey.objects.filter(prefix__in=selection.keys)
        )
        closed = sum(revoke_api_key(key=key, actor=signed_in(self.request)) for key in keys)
        forget_callers()
        messages.success(self.request, ngettext("%(n)d key closed.", "%(n)d keys closed.", closed) % {"n": closed})
        return redirect("accounts:keys")

    def get_queryset(self) -> QuerySet[ApiKey]:
        return ApiKey.objects.select_related("user", "created_by").prefetch_related("user__groups")


@never_cache
@require_http_methods(["GET", "POST"])
def new_key(request: HttpRequest) -> HttpResponse:
    """Makes a key and shows its text once: nobody, not even the database, can tell it again."""
    require(request.user, "accounts.manage_api_keys")
    form = NewKeyForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/key_new.html", {"form": form}, status=422 if form.is_bound else 200)
    wanted: dict[str, Any] = form.cleaned_data
    made = create_api_key(
        name=wanted["name"],
        role=wanted["role"],
        actor=signed_in(request),
        reach=find_places(shops=wanted["shops"], warehouses=wanted["warehouses"]),
        expires_at=now() + timedelta(days=wanted["days"]) if wanted["days"] else None,
    )
    return render(request, "accounts/key_made.html", {"made": made})
