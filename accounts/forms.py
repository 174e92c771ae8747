from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LoginForm(AuthenticationForm):
    """Name and password, and the language when it was switched on this page."""

    language = forms.ChoiceField(choices=[("", ""), *settings.LANGUAGES], required=False, widget=forms.HiddenInput)

    error_messages = {
        "invalid_login": _("This name and password do not go together. Both tell capitals from small letters."),
        "inactive": _("This name and password do not go together. Both tell capitals from small letters."),
    }
