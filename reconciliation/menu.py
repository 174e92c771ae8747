from django.utils.translation import gettext_lazy as _

from kernel.shell import MenuItem

MENU = [
    MenuItem(
        _("Differences"),
        "reconciliation:differences",
        "scale",
        "reconciliation.view_difference",
        order=10,
        section="money",
    ),
    MenuItem(
        _("Statements"),
        "reconciliation:statements",
        "file-invoice",
        "reconciliation.view_statement",
        order=20,
        section="money",
    ),
    MenuItem(
        _("Four-way link"), "reconciliation:four_way", "link", "reconciliation.view_payment", order=30, section="money"
    ),
]
