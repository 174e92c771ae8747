"""`make down` and `make reset`."""

import os
import shutil
import signal
from pathlib import Path

from oms.stack import lock, processes
from oms.stack.errors import StackError
from oms.stack.family import end_orphans
from oms.stack.installation import Installation
from oms.stack.servers import Servers
from oms.stack.speech import say

STOP_SECONDS = 60.0


def down(installation: Installation) -> None:
    """Ask the supervisor to stop; end what is left when it was killed before, or will not."""
    file = installation.run / "lock"
    was_running = lock.is_held(file)
    if was_running:
        processes.end([lock.read(file).pid], signal.SIGTERM)
        if not processes.wait_until(lambda: not lock.is_held(file), seconds=STOP_SECONDS):
            processes.end([lock.read(file).pid], signal.SIGKILL)
    if installation.run.exists():
        end_orphans(*installation.records)
        Servers(installation).end_leftovers()
    say("Stopped." if was_running else f"OMS is not running from {installation.data}.")


def reset(installation: Installation) -> None:
    """Everything that the installation made is gone; the next start begins with an empty database."""
    if not installation.run.exists():
        raise StackError(f"There is no OMS data in {installation.data}.")
    if not _is_sure(installation.data):
        say("Nothing was deleted.")
        return
    down(installation)
    for path in installation.own_paths():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    left = sorted(path.name for path in installation.data.iterdir())
    say(f"Emptied {installation.data}." + (f" Left alone, because not ours: {', '.join(left)}." if left else ""))


def _is_sure(data: Path) -> bool:
    if os.environ.get("YES") == "1":
        return True
    try:
        return input(f"Delete every order, key and setting in {data}? Type yes: ").strip().lower() == "yes"
    except EOFError:
        return False
