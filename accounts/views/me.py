"""My settings: what a person chooses for themselves, and what the house lets them do."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import audit
from accounts.access import role_names, signed_in
from accounts.forms import SettingsForm
from accounts.places import reach_of
from accounts.roles import ROLES

TEMPLATE = "accounts/me.html"


@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("accounts:me")
    if form.is_bound:
        signed_in(
            request
        ).refresh_from_db()  # a refused form leaves its values on the instance that the page is drawn with
    return _page(request, form, PasswordChangeForm(signed_in(request)), status=422 if form.is_bound else 200)


@sensitive_post_parameters()
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Changes the own password; every other session of the person ends with it."""
    form = PasswordChangeForm(signed_in(request), request.POST)
    if not form.is_valid():
        return _page(request, SettingsForm(instance=request.user), form, status=422)
    form.save()
    update_session_auth_hash(request, form.user)
    audit.record(request.user, "person.password_changed", "accounts.user", request.user.username)
    messages.success(request, _("The password is changed. Other devices have to log in again."))
    return redirect("accounts:me")


def _page(request: HttpRequest, form: SettingsForm, password_form: PasswordChangeForm, status: int) -> HttpResponse:
    context = {
        "form": form,
        "password_form": password_form,
        "roles": [ROLES[name].title for name in ROLES if name in role_names(request.user)],
        "reach": reach_of(signed_in(request)),
    }
    return render(request, TEMPLATE, context, status=status)
