"""Open a shop on a platform and connect it: `create_shop --platform shopify --code demo --secret … --option k=v …`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels_sync.services.connect import connect_shop
from kernel.errors import BusinessError


class Command(BaseCommand):
    help = "Open a shop on a platform. Its webhooks are then taken at /hooks/<code>/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--platform", required=True)
        parser.add_argument("--code", required=True)
        parser.add_argument("--secret", required=True, help="What signs its webhooks.")
        parser.add_argument(
            "--option", action="append", nargs="+", default=[], metavar="k=v", help="base_url, api_key, api_token, …"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given = [item for group in options["option"] for item in group]
        if bad := [item for item in given if "=" not in item]:
            raise CommandError(f"An option is written name=value: {bad[0]}")
        values = dict(item.split("=", 1) for item in given)
        try:
            connect_shop(platform=options["platform"], code=options["code"], secret=options["secret"], options=values)
        except BusinessError as error:
            raise CommandError(f"{error.detail} {error.advice}".strip()) from error
        self.stdout.write(f"{options['code']}: deliveries are taken at /hooks/{options['code']}/")
