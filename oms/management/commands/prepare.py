"""All between an empty database and a system that may start, in one process: each start of Django costs seconds."""

import fcntl
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandParser, call_command

from oms.stack.speech import MARK


class Command(BaseCommand):
    help = "Migrates, makes missing keys, collects static files and, in the demo, loads its data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--static-only", action="store_true", help="Collect static files and do nothing else.")

    def handle(self, *, static_only: bool, **options: object) -> None:
        self._collect_static()
        if static_only:
            return
        self._tell("Preparing the database")
        if settings.OMS_DEMO:
            call_command("generate_keys", if_missing=True, stdout=self.stdout)
        call_command("migrate", interactive=False, verbosity=1, stdout=self.stdout)
        if settings.OMS_DEMO:
            call_command("load_demo", stdout=self.stdout)
        self._keep_logins()

    def _collect_static(self) -> None:
        """Compressing takes seconds, so only when a file was added or changed since the last time."""
        digest = hashlib.sha256("\n".join(_static_sources()).encode()).hexdigest()
        stamp = Path(settings.STATIC_ROOT) / ".sources"
        if stamp.exists() and stamp.read_text() == digest:
            return
        self._tell("Collecting static files")
        stamp.parent.mkdir(exist_ok=True)
        with stamp.open("a") as file:
            # Two installations may start from one checkout at once.
            fcntl.flock(file, fcntl.LOCK_EX)
            call_command("collectstatic", interactive=False, verbosity=0, stdout=self.stdout)
            file.truncate(0)
            file.write(digest)

    def _keep_logins(self) -> None:
        """The supervisor prints them once the system answers."""
        words = io.StringIO()
        if settings.OMS_DEMO:
            call_command("demo_logins", stdout=words)
        file = settings.DATA_DIR / "run" / "logins.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words.getvalue())

    def _tell(self, sentence: str) -> None:
        self.stdout.write(MARK + sentence)
        self.stdout.flush()


def _static_sources() -> Iterator[str]:
    """By content: assets that were built again and came out the same are not compressed again."""
    for finder in get_finders():
        for path, storage in finder.list([]):
            yield f"{path} {hashlib.sha256(Path(storage.path(path)).read_bytes()).hexdigest()}"
