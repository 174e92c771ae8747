import argparse
from dataclasses import asdict
from typing import Any

import orjson
from django.core.management.base import BaseCommand

from inventory.api import AuditReport, audit_stock


class Command(BaseCommand):
    """Prove stock: every invariant with its figure. Exit 1 if one is broken."""

    help = "Check every invariant of stock. Exit code 1 if one is broken."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report = audit_stock()
        if options["json"]:
            self.stdout.write(orjson.dumps(asdict(report), option=orjson.OPT_INDENT_2).decode())
        else:
            self._print(report)
        if not report.is_sound:
            raise SystemExit(1)

    def _print(self, report: AuditReport) -> None:
        for finding in report.findings:
            word = "sound" if finding.is_sound else f"BROKEN x{finding.broken}"
            extra = " ".join(part for part in (finding.note, finding.first_broken) if part)
            self.stdout.write(f"{finding.code:24} {finding.figure:>10}  {word}  {extra}".rstrip())
        self.stdout.write(f"{'sound' if report.is_sound else 'BROKEN'} at {report.finished_at:%Y-%m-%d %H:%M:%S} UTC")
