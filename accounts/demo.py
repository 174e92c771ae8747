"""The people of the demo: one for each role, with a password that is no secret. Never used outside demo mode."""

from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.roles import ROLES


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who works in the demo house; empty `shops` and `warehouses` mean all of them."""

    role: str
    display_name: str
    team: str = ""
    shops: tuple[str, ...] = ()
    warehouses: tuple[str, ...] = ()

    @property
    def username(self) -> str:
        return self.role

    @property
    def password(self) -> str:
        return f"demo-{self.role}"

    @property
    def title(self) -> str | Promise:
        return ROLES[self.role].title


TEAMS = {"east": "华东客服组", "warehouse": "仓储部", "office": "运营与财务"}

PEOPLE = (
    DemoPerson("admin", "陈静", "office"),
    DemoPerson("customer_service", "林晓雯", "east"),
    DemoPerson("reviewer", "周明", "east"),
    DemoPerson("supervisor", "王海燕", "east"),
    DemoPerson("group_lead", "赵磊", "east"),
    DemoPerson("picker", "刘强", "warehouse", warehouses=("WH-SH",)),
    DemoPerson("warehouse_lead", "孙建国", "warehouse"),
    DemoPerson("finance", "吴敏", "office"),
    DemoPerson("operations_lead", "郑凯", "office"),
)


def demo_accounts() -> tuple[DemoPerson, ...]:
    return PEOPLE
