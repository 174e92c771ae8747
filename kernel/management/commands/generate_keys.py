from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kernel.crypto import KeysMissing, keys


class Command(BaseCommand):
    help = (
        "Makes the encryption keys: a first ring, or with --rotate / --rotate-blind a new key in front of the old ones."
    )

    # The check that there are keys would keep them from being made.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-missing", action="store_true", help="Do nothing when there are keys.")
        parser.add_argument("--rotate", action="store_true", help="Add a data key; it encrypts from now on.")
        parser.add_argument("--rotate-blind", action="store_true", help="Add a blind-index key.")
        parser.add_argument("--print", action="store_true", help="Print a ring for OMS_ENCRYPTION_KEYS, write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print"]:
            self.stdout.write(keys.write_ring(self._next_ring(options)))
        elif settings.OMS_ENCRYPTION_KEYS:
            self._leave(options, "The keys are in OMS_ENCRYPTION_KEYS: use --print and set it anew.")
        else:
            self._write_file(keys.FileKeys(settings.OMS_KEYS_DIR), options)

    def _write_file(self, source: keys.FileKeys, options: dict[str, Any]) -> None:
        if options["rotate"] or options["rotate_blind"]:
            source.replace(self._next_ring(options))
            self.stdout.write("A new key is in front. Restart all processes, then run manage.py rotate_keys.")
        elif source.create():
            self.stdout.write(
                f"Keys written to {source.path}. Keep a copy elsewhere: without them the data cannot be read."
            )
        else:
            self._leave(options, "There are keys already: --rotate adds one.")

    def _next_ring(self, options: dict[str, Any]) -> keys.KeyRing:
        if not (options["rotate"] or options["rotate_blind"]):
            return keys.fresh_ring()
        try:
            ring = keys.provider().load()
        except KeysMissing as error:
            raise CommandError(str(error)) from error
        ring = keys.with_new_data_key(ring) if options["rotate"] else ring
        return keys.with_new_blind_key(ring) if options["rotate_blind"] else ring

    @staticmethod
    def _leave(options: dict[str, Any], sentence: str) -> None:
        if not options["if_missing"]:
            raise CommandError(sentence)
