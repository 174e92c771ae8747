"""Payment accounts: made by hand, or for the first statement of their kind."""

from decimal import Decimal

from django.utils.translation import gettext as _

from oms.orders.api import Shop
from reconciliation.choices import AccountKind, SettlesOn
from reconciliation.errors import AccountNotFound
from reconciliation.models import PaymentAccount


def create_account(
    *,
    code: str,
    name: str,
    kind: str,
    shop: Shop | None = None,
    commission_percent: Decimal | None = None,
    service_fee_percent: Decimal | None = None,
) -> PaymentAccount:
    """The account with this code; one that exists already stays as it is."""
    account, _is_new = PaymentAccount.objects.get_or_create(
        code=code,
        defaults={
            "name": name,
            "kind": AccountKind(kind),
            "shop": shop,
            "zone": shop.zone if shop else "Asia/Shanghai",
            "currency": shop.currency if shop else "CNY",
            "settles_on": SettlesOn.SHIPMENT if kind == AccountKind.PLATFORM else SettlesOn.PAYMENT,
            "commission_percent": commission_percent,
            "service_fee_percent": service_fee_percent,
        },
    )
    return account


def account_of_kind(kind: str) -> PaymentAccount:
    """The one account of this kind, made when there is none yet. Raises AccountNotFound when several could be meant."""
    found = list(PaymentAccount.objects.filter(kind=kind, is_active=True)[:2])
    if len(found) > 1:
        raise AccountNotFound(
            _("There are several accounts of the kind %(kind)s.") % {"kind": kind}, advice=_("Name one of them.")
        )
    return found[0] if found else create_account(code=kind, name=str(AccountKind(kind).label), kind=kind)
