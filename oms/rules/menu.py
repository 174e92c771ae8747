from django.utils.translation import gettext_lazy as _

from kernel.shell import MenuItem

MENU = [MenuItem(_("Rules"), "rules:list", "list-check", "rules.view_rule", order=30, section="work")]
