from django.utils.translation import gettext_lazy as _

from kernel.shell import MenuItem

MENU = [MenuItem(_("Today"), "insights:home", "home", order=1, section="work")]
