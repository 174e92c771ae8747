from django.utils.translation import gettext_lazy as _

from kernel.shell import MenuItem

MENU = [
    MenuItem(_("Orders"), "orders:list", "list-details", "orders.view_order", order=10, section="work"),
    MenuItem(_("Review"), "orders:review", "eye-search", "orders.review_order", order=20, section="work"),
    MenuItem(
        _("Refused steps"),
        "orders:transition_failures",
        "alert-triangle",
        "orders.view_transitionfailure",
        order=60,
        section="operations",
    ),
]
