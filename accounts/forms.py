from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.places import places
from accounts.roles import INTEGRATION, ROLES

WRONG = _("This name and password do not go together. Capital and small letters count.")


class LoginForm(AuthenticationForm):
    """Name and password, and the language when it was switched on this page."""

    username = UsernameField(label=_("Log-in name"), max_length=150, widget=forms.TextInput(attrs={"autofocus": True}))
    language = forms.ChoiceField(choices=[("", ""), *settings.LANGUAGES], required=False, widget=forms.HiddenInput)

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}


class SettingsForm(forms.ModelForm):
    """What a person chooses for themselves."""

    zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = _zone_choices()  # type: ignore[attr-defined]

    class Meta:
        model = User
        fields = ("display_name", "locale", "theme", "zone")
        labels = {"display_name": _("Name"), "locale": _("Language"), "theme": _("Theme")}


class ReachForm(forms.Form):
    """The roles, shops and warehouses of a person."""

    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.filter(is_active=True), required=False, empty_label=_("No team")
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(name, role.title) for name, role in ROLES.items() if name != INTEGRATION],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    shops = forms.MultipleChoiceField(
        label=_("Shops"),
        choices=lambda: _place_choices("shop"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    warehouses = forms.MultipleChoiceField(
        label=_("Warehouses"),
        choices=lambda: _place_choices("warehouse"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class NewPersonForm(ReachForm):
    """Somebody new."""

    username = forms.RegexField(
        r"^[\w.@+-]+$",
        label=_("Log-in name"),
        max_length=150,
        help_text=_("Letters, digits and . @ + - _"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    display_name = forms.CharField(label=_("Name"), max_length=80)
    password = forms.CharField(
        label=_("First password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters; the person can change it under My settings."),
    )
    field_order = ("username", "display_name", "password", "team", "roles", "shops", "warehouses")


class PasswordForm(forms.Form):
    """A new password for somebody who lost theirs."""

    password = forms.CharField(
        label=_("New password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )


class NewKeyForm(forms.Form):
    """An API key to be made."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    role = forms.ChoiceField(
        label=_("Role"), choices=[(name, role.title) for name, role in ROLES.items()], initial=INTEGRATION
    )
    days = forms.IntegerField(
        label=_("Days until it expires"), min_value=0, max_value=3650, initial=365, help_text=_("0 means never.")
    )
    shops = forms.MultipleChoiceField(
        label=_("Shops"), choices=lambda: _place_choices("shop"), widget=forms.CheckboxSelectMultiple, required=False
    )
    warehouses = forms.MultipleChoiceField(
        label=_("Warehouses"),
        choices=lambda: _place_choices("warehouse"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def _place_choices(kind: str) -> list[tuple[str, str]]:
    return [(place.code, f"{place.name} ({place.code})") for place in places(kind)]


def _zone_choices() -> list[tuple[str, object]]:
    here = (("", _("Like the house (%(zone)s)") % {"zone": settings.OMS_DISPLAY_ZONE}),)
    return [*here, *((name, name) for name in sorted(available_timezones()) if "/" in name and "Etc" not in name)]
