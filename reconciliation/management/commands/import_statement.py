from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel.errors import BusinessError
from reconciliation.services.accounts import account_of_kind
from reconciliation.services.import_statement import import_statement
from reconciliation.services.match_statement import match_now
from reconciliation.services.read_file import choose_format, formats


class Command(BaseCommand):
    help = (
        "Import a statement file and match it with orders, payments and shipments. The same file again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", default="", help=f"one of {', '.join(formats())}; told by the file if left out")
        parser.add_argument(
            "--account", default="", help="code of the payment account; the only one of its kind if left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            body = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from None
        try:
            account = options["account"] or account_of_kind(choose_format(options["format"], body).account_kind).code
            result = import_statement(
                account_code=account, file_name=path.name, body=body, actor="command", format_name=options["format"]
            )
            summary = None if result.is_rejected else match_now(result.uid)
        except BusinessError as error:
            raise CommandError(f"{error.detail} {error.advice}".strip()) from None
        if summary is None:
            for one in result.errors:
                self.stderr.write(f"{one['path']}: {one['code']} {one['message']}")
            raise CommandError("The statement was not imported: nothing of it was taken over.")
        known = "" if result.is_new else " (imported before, nothing counted twice)"
        self.stdout.write(
            f"{result.uid} {account} {result.format}: {result.rows} rows, {result.lines} amounts{known}; "
            f"{summary.matched} matched, {summary.unmatched} without an order, {summary.open_differences} open differences"
        )
