"""The role table: what each kind of person may do, as permission names of all apps. Applied after every migration.

A role is a Django group. Which shops and warehouses a person may act in is granted one by one (accounts/scope.py);
a role that holds a scope permission itself acts in all of them.
"""

from dataclasses import dataclass

from django.apps import AppConfig, apps
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADMIN, INTEGRATION = "admin", "integration"


@dataclass(frozen=True)
class Role:
    """A job in the house: its title and what it may do."""

    title: str | Promise
    permissions: tuple[str, ...]


EVERY_SHOP, EVERY_WAREHOUSE = "orders.work_on_shop", "inventory.work_in_warehouse"
READ_ORDERS = ("orders.view_order", "orders.view_shop", "inventory.view_stock", "rules.view_rule")
REVIEW = (*READ_ORDERS, "orders.hold_order", "orders.review_order", "orders.view_transitionfailure")
SUPERVISE = (*REVIEW, "orders.supervise_order", "orders.cancel_order", "orders.export_order")
SEE_CHANNELS = ("channels_sync.view_channel", "channels_sync.view_inbox")
FLOOR = ("warehouse.pick", "warehouse.pack", "warehouse.ship", "inventory.view_stock", "inventory.view_warehouse")
LEAD_THE_FLOOR = (*FLOOR, "warehouse.view_wave", "warehouse.create_wave", "inventory.adjust_stock", "orders.view_order")
MONEY = (
    "orders.view_order",
    "orders.view_shop",
    "orders.export_order",
    "reconciliation.view_payment",
    "reconciliation.record_payment",
    "reconciliation.view_statement",
    "reconciliation.import_statement",
    "reconciliation.view_difference",
    "reconciliation.resolve_difference",
)
RUN_CHANNELS = (
    *SEE_CHANNELS,
    "channels_sync.view_raw_body",
    "channels_sync.replay_delivery",
    "channels_sync.discard_delivery",
    "channels_sync.manage_channel",
)
RUN_THE_HOUSE = ("inventory.manage_gate", "orders.manage_shop")
MACHINE_WORK = (
    "inventory.reserve_stock",
    "inventory.view_stock",
    "orders.view_order",
    "reconciliation.record_payment",
    "warehouse.ship",
)
PEOPLE = ("accounts.view_people", "accounts.manage_people", "accounts.manage_api_keys", "accounts.view_audit")
BOARDS = ("insights.view_board",)

ROLES: dict[str, Role] = {
    "customer_service": Role(_("Customer service"), (*READ_ORDERS, "orders.hold_order")),
    "reviewer": Role(_("Reviewer"), REVIEW),
    "supervisor": Role(_("Supervisor"), (*SUPERVISE, *SEE_CHANNELS)),
    "group_lead": Role(_("Group lead"), (*SUPERVISE, *SEE_CHANNELS)),
    "picker": Role(_("Picker"), FLOOR),
    "warehouse_lead": Role(_("Warehouse lead"), LEAD_THE_FLOOR),
    "finance": Role(_("Finance"), (*MONEY, EVERY_SHOP, EVERY_WAREHOUSE)),
    "operations_lead": Role(_("Operations lead"), (*BOARDS, *RUN_CHANNELS, EVERY_SHOP, EVERY_WAREHOUSE)),
    INTEGRATION: Role(_("Integration (API keys)"), MACHINE_WORK),
    ADMIN: Role(
        _("Administrator"),
        (
            *(EVERY_SHOP, EVERY_WAREHOUSE, *SUPERVISE, *LEAD_THE_FLOOR),
            *(*MONEY, *RUN_CHANNELS, *RUN_THE_HOUSE, *MACHINE_WORK, *PEOPLE, *BOARDS),
        ),
    ),
}


def apply_roles(sender: AppConfig, **kwargs: object) -> None:
    """Give every role its permissions of the app that was just migrated, and take away any other."""
    groups, permissions = apps.get_model("auth", "Group").objects, apps.get_model("auth", "Permission").objects
    known = {one.codename: one for one in permissions.filter(content_type__app_label=sender.label)}
    with transaction.atomic():
        for name, role in ROLES.items():
            group, _created = groups.get_or_create(name=name)
            wanted = {known[code] for code in _codes(role, sender.label) if code in known}
            held = set(group.permissions.filter(content_type__app_label=sender.label))
            group.permissions.add(*wanted - held)
            group.permissions.remove(*held - wanted)


def _codes(role: Role, app_label: str) -> list[str]:
    pairs = (name.split(".", 1) for name in role.permissions)
    return [code for app, code in pairs if app == app_label]
