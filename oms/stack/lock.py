"""One supervisor per DATA_DIR. The kernel takes the lock back when its holder dies, however it dies."""

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from oms.stack.errors import StackError
from oms.stack.speech import say


@dataclass(frozen=True)
class Holder:
    pid: int
    address: str


def take(file: Path, address: str) -> IO[str]:
    """Held for as long as the returned file is open; a name in it that nobody holds is told and written over."""
    lock = file.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = read(file)
        lock.close()
        raise StackError(
            f"OMS already runs from {file.parent.parent} at {holder.address} (process {holder.pid}): "
            "use it, or stop it with `make down`."
        ) from error
    if left := read(file).pid:
        say(f"The last run (process {left}) did not end cleanly: taking over its lock and its data.")
    clear(lock)
    json.dump({"pid": os.getpid(), "address": address}, lock)
    lock.flush()
    return lock


def clear(lock: IO[str]) -> None:
    lock.seek(0)
    lock.truncate()


def is_held(file: Path) -> bool:
    if not file.exists():
        return False
    with file.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def read(file: Path) -> Holder:
    """Who holds it; a process that took it this very moment has not written its name yet."""
    try:
        content = json.loads(file.read_text())
        return Holder(int(content["pid"]), str(content["address"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder(0, "an unknown address")
