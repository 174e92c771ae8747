from django.utils.translation import gettext_lazy as _

from kernel.shell import MenuItem

MENU = [
    MenuItem(_("People"), "accounts:people", "users", "accounts.view_people", order=10, section="administration"),
    MenuItem(_("API keys"), "accounts:keys", "key", "accounts.manage_api_keys", order=20, section="administration"),
    MenuItem(
        _("Audit log"), "accounts:audit", "list-search", "accounts.view_audit", order=30, section="administration"
    ),
]
