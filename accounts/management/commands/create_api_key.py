from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.errors import UnknownPlace
from accounts.places import find_places
from accounts.roles import ROLES
from accounts.services.keys import create_api_key
from kernel.clock import now


class Command(BaseCommand):
    help = "Make an API key and print it: the only time that it can be read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="what the key is for, e.g. checkout")
        parser.add_argument("--role", required=True, choices=sorted(ROLES))
        parser.add_argument("--shops", default="", help="codes, comma separated; not needed for roles that reach all")
        parser.add_argument("--warehouses", default="", help="codes, comma separated")
        parser.add_argument("--days", type=int, default=0, help="days until it expires; 0 means never")
        parser.add_argument("--rate", type=int, help="calls a minute; 0 means no limit")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reach = find_places(shops=_codes(options["shops"]), warehouses=_codes(options["warehouses"]))
        except UnknownPlace as unknown:
            raise CommandError(unknown.detail) from unknown
        made = create_api_key(
            name=options["name"],
            role=options["role"],
            actor="command line",
            reach=reach,
            expires_at=now() + timedelta(days=options["days"]) if options["days"] else None,
            rate_per_minute=options["rate"],
        )
        self.stdout.write(made.text)


def _codes(text: str) -> list[str]:
    return [code.strip() for code in text.split(",") if code.strip()]
