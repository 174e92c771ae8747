from django.utils.translation import gettext_lazy as _

from kernel.shell import MenuItem

MENU = [
    MenuItem(_("Stock"), "inventory:stock", "box", "inventory.view_stock", order=10, section="stock"),
    MenuItem(_("Stock audit"), "inventory:audit", "shield-check", "inventory.view_stock", order=20, section="stock"),
]
