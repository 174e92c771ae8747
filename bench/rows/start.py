"""How long a second `make up` takes, demo data and all, and how much memory everything takes when nothing happens."""

import atexit
import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from bench.row import Goal, Row
from oms.stack import ports

ROOT = Path(__file__).resolve().parents[2]
SETTLE_SECONDS = 15.0
_folder = Path(tempfile.gettempdir()) / f"oms-bench-start-{os.getpid()}"
_port = ports.pick()


def _make(target: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "DATA_DIR"}}
    environ = clean | {"DATA_DIR": str(_folder), "PORT": str(_port), "YES": "1"}
    return subprocess.Popen(["make", target], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True)


def _up() -> float:
    """Seconds to the line that says so."""
    start = time.monotonic()
    process = _make("up")
    assert process.stdout
    for line in process.stdout:
        if line.startswith("OMS is ready"):
            return time.monotonic() - start
    raise SystemExit("The stack did not start.")


def _down() -> None:
    _make("down").wait()


def _first_start() -> None:
    """Once for both rows: loading the demo takes longer than everything that is measured here."""
    if not _folder.exists():
        atexit.register(_clear)
        _up()
        _down()


def _start_and_stop() -> float:
    seconds = _up()
    _down()
    return seconds


def _idle_memory() -> float:
    """Megabytes, each shared page counted once (PSS)."""
    _up()
    time.sleep(SETTLE_SECONDS)
    total = sum(_shared_out(pid) for pid in _family())
    _down()
    return total / 1024


def _family() -> set[int]:
    """The supervisor (by its lock) and all who descend from it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                text = (entry / "stat").read_text()
                parents.setdefault(int(text[text.rindex(")") + 2 :].split()[1]), []).append(int(entry.name))
    lock = (_folder / "run" / "lock").read_text()
    found, open_ends = set[int](), [int(lock.partition('"pid": ')[2].partition(",")[0])]
    while open_ends:
        pid = open_ends.pop()
        found.add(pid)
        open_ends += parents.get(pid, [])
    return found


def _shared_out(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def _clear() -> None:
    _make("reset").wait()
    shutil.rmtree(_folder, ignore_errors=True)


ROWS = [
    Row(
        name="start",
        what="second `make up` with the demo's data, to the line that it is ready",
        unit="s",
        goal=10,
        read=Goal.AT_MOST,
        ours=_start_and_stop,
        prepare=_first_start,
        is_alone=True,
    ),
    Row(
        name="memory",
        what="all processes of `make up` together, idle, shared pages counted once",
        unit="MB",
        goal=900,
        read=Goal.AT_MOST,
        ours=_idle_memory,
        pairs=1,
        prepare=_first_start,
        is_alone=True,
    ),
]
