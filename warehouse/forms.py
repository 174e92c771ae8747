from django import forms
from django.utils.translation import gettext_lazy as _

from warehouse.contracts import WaveFilters
from warehouse.services.create_wave import MOST_TASKS

SIZES = (("", _("All")), ("single", _("Single-piece orders")), ("multi", _("Orders of several pieces")))


class NewWaveForm(forms.Form):
    """From which warehouse, how many orders at most, and which."""

    warehouse = forms.SlugField(max_length=40)
    limit = forms.IntegerField(label=_("At most"), min_value=1, max_value=MOST_TASKS, initial=30)
    size = forms.ChoiceField(choices=SIZES, required=False)
    shop = forms.CharField(max_length=40, required=False)
    region = forms.CharField(max_length=40, required=False)

    def wave_filters(self) -> WaveFilters:
        data = self.cleaned_data
        return WaveFilters(size=data["size"], shop_code=data["shop"], region=data["region"])
