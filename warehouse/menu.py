from django.utils.translation import gettext_lazy as _

from kernel.shell import MenuItem

MENU = [
    MenuItem(_("Waves"), "warehouse:waves", "stack-2", "warehouse.view_wave", order=40, section="work"),
    MenuItem(_("On the floor"), "warehouse:floor", "package", "warehouse.view_wave", order=45, section="work"),
    MenuItem(_("PDA"), "warehouse:pda", "device-mobile", "warehouse.pick", order=50, section="work"),
]
