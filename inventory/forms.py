from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from inventory.models import Warehouse


class AdjustForm(forms.Form):
    """What was counted on the shelf, and why it differs from the ledger."""

    warehouse = forms.ModelChoiceField(
        label=_("Warehouse"), queryset=Warehouse.objects.none(), to_field_name="code", empty_label=None
    )
    qty = forms.IntegerField(label=_("Counted on the shelf"), min_value=0, max_value=1_000_000_000)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("It stands in the ledger and in the audit log."),
        error_messages={"required": _("Write down why, so that the next person understands it.")},
    )

    def __init__(self, warehouses: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["warehouse"]
        places.queryset = warehouses
