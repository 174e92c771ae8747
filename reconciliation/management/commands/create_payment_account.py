from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.errors import BusinessError
from oms.orders.api import get_shop
from reconciliation.choices import AccountKind
from reconciliation.services.accounts import create_account


class Command(BaseCommand):
    help = "Create a payment account that statements are imported for. One that exists stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--code", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--kind", required=True, choices=AccountKind.values)
        parser.add_argument("--shop", default="", help="code of the shop whose money it is; left out: several shops")
        parser.add_argument("--commission", type=Decimal, help="agreed commission in percent")
        parser.add_argument("--service-fee", type=Decimal, help="agreed service fee in percent")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            account = create_account(
                code=options["code"],
                name=options["name"],
                kind=options["kind"],
                shop=get_shop(options["shop"]) if options["shop"] else None,
                commission_percent=options["commission"],
                service_fee_percent=options["service_fee"],
            )
        except BusinessError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(f"{account.code} {account.kind}")
