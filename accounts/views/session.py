"""Log-in and log-out."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from accounts import audit
from accounts.demo import demo_accounts
from accounts.forms import LoginForm
from accounts.models import AuditEntry, User
from accounts.origin import client_ip
from kernel.clock import now

TEMPLATE = "accounts/login.html"


@method_decorator([login_not_required, sensitive_post_parameters("password")], name="dispatch")
class LoginView(auth_views.LoginView):
    """The only page that a stranger sees. It says the same about a wrong name and a wrong password."""

    template_name = TEMPLATE
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | _around_the_form()

    def form_valid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        response = super().form_valid(form)
        person = form.get_user()
        if form.cleaned_data["language"] and form.cleaned_data["language"] != person.locale:
            person.locale = form.cleaned_data["language"]
            person.save(update_fields=["locale"])
        audit.record(person, "session.opened", "accounts.user", person.username)
        return response

    def form_invalid(self, form: LoginForm) -> HttpResponse:  # type: ignore[override]
        known = User.objects.filter(username=form.cleaned_data.get("username", "")).first()
        if known:  # an unknown name is not kept: it may be a password typed into the wrong box
            audit.record("visitor", "session.refused", "accounts.user", known.username)
        return super().form_invalid(form)


class LogoutView(auth_views.LogoutView):
    """Ends the session; a POST, so that no picture on another site can do it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(request.user, User):
            audit.record(request.user, "session.closed", "accounts.user", request.user.username)
        return super().post(request, *args, **kwargs)  # type: ignore[return-value]


def locked_out(
    request: HttpRequest, original_response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """What django-axes answers after too many wrong passwords: the log-in page, which says until when."""
    username = str((credentials or {}).get("username", ""))
    until = _locked_until(request, username)
    _note_lock(username, until)
    context = {
        "form": LoginForm(request),
        "locked_until": until,
        "next": _path_only(request.POST.get("next", "")),
    }
    return render(request, TEMPLATE, context | _around_the_form(), status=429)


def _locked_until(request: HttpRequest, username: str) -> datetime | None:
    cool_off = get_cool_off(request)
    attempts = AccessAttempt.objects.filter(username=username, ip_address=client_ip(request))
    last = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return _next_minute(last + cool_off) if last and cool_off else None


def _next_minute(at: datetime) -> datetime:
    """The page tells hours and minutes: whoever comes back at that minute is let in."""
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _note_lock(username: str, until: datetime | None) -> None:
    """One entry a lock, however often the door is tried while it is shut."""
    shut_since = now() - (get_cool_off() or timedelta())
    already = AuditEntry.objects.filter(action="session.locked", obj_key=username, at__gt=shut_since).exists()
    if not already and User.objects.filter(username=username).exists():
        told = {"until": until.isoformat() if until else None}
        audit.record("visitor", "session.locked", "accounts.user", username, after=told)


def _around_the_form() -> dict[str, Any]:
    return {"demo_accounts": demo_accounts() if settings.OMS_DEMO else []}


def _path_only(target: str) -> str:
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and target.startswith("/") else ""
