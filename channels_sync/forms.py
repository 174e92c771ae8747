from django import forms
from django.utils.translation import gettext_lazy as _

SEALED = forms.PasswordInput(attrs={"autocomplete": "off"})


class CredentialsForm(forms.Form):
    """New secrets of a shop. What is left empty stays as it is; nothing that is stored is ever shown."""

    secret = forms.CharField(label=_("Secret that signs"), required=False, max_length=300, widget=SEALED)
    api_key = forms.CharField(label=_("API key"), required=False, max_length=300, widget=SEALED)
    api_token = forms.CharField(label=_("API token"), required=False, max_length=2000, widget=SEALED)

    def clean(self) -> dict[str, str]:
        given: dict[str, str] = {name: value for name, value in (super().clean() or {}).items() if value}
        if not given:
            raise forms.ValidationError(_("Fill in what has changed."))
        return given
