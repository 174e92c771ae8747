from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.api import User
from reconciliation.models import PaymentAccount
from reconciliation.selectors import list_accounts
from reconciliation.services.read_file import format_title, formats


class UploadForm(forms.Form):
    """One statement file for one account; the format is told by the file unless somebody names it."""

    account = forms.ModelChoiceField(
        label=_("Account"), queryset=PaymentAccount.objects.none(), to_field_name="code", empty_label=None
    )
    format = forms.ChoiceField(label=_("Format"), required=False)
    file = forms.FileField(label=_("Statement file"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt"}))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts: Any = self.fields["account"]
        accounts.queryset = list_accounts(user, "reconciliation.import_statement")
        choices: Any = self.fields["format"]
        choices.choices = [("", _("By the file itself")), *((name, format_title(name)) for name in formats())]


class ResolveForm(forms.Form):
    """How a difference ends, and why."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What was done, with the number that proves it."),
        error_messages={"required": _("Write down why, so that the next person understands it.")},
    )
