"""Who works here, with which roles, in which shops and warehouses."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import can, require, signed_in
from accounts.errors import AccountError
from accounts.filters import PeopleFilter
from accounts.forms import NewPersonForm, PasswordForm, ReachForm
from accounts.models import AuditEntry, User
from accounts.places import granted
from accounts.services import people
from accounts.tables import PeopleTable
from kernel.pages import ListPage


class PeopleList(ListPage):
    """Everybody who can log in, and those who no longer can. Machines have a page of their own."""

    title = _l("People")
    permission_required = "accounts.view_people"
    template_name = "accounts/people_list.html"
    table_class = PeopleTable
    filterset_class = PeopleFilter
    order = ("username", "id")
    row_key = "uid"

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.filter(is_service=False).select_related("team").prefetch_related("groups")

    def extra_context(self) -> dict[str, Any]:
        return {"may_manage": can(self.request.user, "accounts.manage_people")}


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    require(request.user, "accounts.manage_people")
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = people.create_person(actor=signed_in(request), **form.cleaned_data)
        except AccountError as refused:
            form.add_error(refused.field, f"{refused.detail} {refused.advice}".strip())
        else:
            messages.success(request, _("%(name)s may log in now.") % {"name": person.get_full_name()})
            return redirect("accounts:person", person.uid)
    return render(request, "accounts/person_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_GET
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    require(request.user, "accounts.view_people")
    return _page(request, _somebody(uid))


@require_POST
def change_reach(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Sets team, roles, shops and warehouses to what is ticked."""
    require(request.user, "accounts.manage_people")
    somebody, form = _somebody(uid), ReachForm(request.POST)
    if not form.is_valid():
        return _page(request, somebody, reach_form=form)
    try:
        people.change_person(actor=signed_in(request), person=somebody, **form.cleaned_data)
    except AccountError as refused:
        form.add_error(refused.field, f"{refused.detail} {refused.advice}".strip())
        return _page(request, somebody, reach_form=form)
    messages.success(request, _("Saved."))
    return redirect("accounts:person", uid)


@require_POST
def change_active(request: HttpRequest, uid: UUID) -> HttpResponse:
    require(request.user, "accounts.manage_people")
    people.set_active(actor=signed_in(request), person=_somebody(uid), is_active=request.POST.get("active") == "yes")
    return redirect("accounts:person", uid)


@sensitive_post_parameters("password")
@require_POST
def set_password(request: HttpRequest, uid: UUID) -> HttpResponse:
    require(request.user, "accounts.manage_people")
    somebody, form = _somebody(uid), PasswordForm(request.POST)
    if form.is_valid():
        try:
            people.reset_password(actor=signed_in(request), person=somebody, password=form.cleaned_data["password"])
        except AccountError as refused:
            form.add_error(refused.field, refused.detail)
        else:
            messages.success(request, _("The new password is set. The person has to log in again."))
            return redirect("accounts:person", uid)
    return _page(request, somebody, password_form=form)


def _somebody(uid: UUID) -> User:
    return get_object_or_404(User.objects.select_related("team"), uid=uid, is_service=False)


def _page(
    request: HttpRequest, somebody: User, reach_form: ReachForm | None = None, password_form: PasswordForm | None = None
) -> HttpResponse:
    now_set = {
        "team": somebody.team_id,
        "roles": list(somebody.groups.values_list("name", flat=True)),
        "shops": [place.code for place in granted("shop", somebody)],
        "warehouses": [place.code for place in granted("warehouse", somebody)],
    }
    context = {
        "person": somebody,
        "reach_form": reach_form or ReachForm(initial=now_set),
        "password_form": password_form or PasswordForm(),
        "history": AuditEntry.objects.filter(obj_type="accounts.user", obj_key=somebody.username)[:20],
        "may_manage": can(request.user, "accounts.manage_people"),
    }
    return render(request, "accounts/person.html", context, status=422 if reach_form or password_form else 200)
