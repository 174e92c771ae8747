"""Children of the supervisor: each leads a session of its own, dies with the supervisor, and can be found again.

A record (pid, start time) names a process for sure: the kernel reuses a pid, never a pid with its start time.
A session's number is not reused while any member lives, so what a killed leader left behind is found by it.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
# Every system knows this user by name.
NOBODY = pwd.getpwnam("nobody")
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Record:
    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> "Record":
        return cls(pid, _stat(pid).started)

    def is_alive(self) -> bool:
        stat = _stat(self.pid)
        return stat.started == self.started and stat.state not in {"Z", "X"}

    def session_pids(self) -> list[int]:
        """Everybody who still lives in the session that this process led."""
        leader = _stat(self.pid)
        if leader.started not in {0, self.started}:
            return []
        return [pid for pid in _pids() if (stat := _stat(pid)).session == self.pid and stat.state not in {"Z", "X"}]


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    environ: Mapping[str, str],
    folder: Path,
    on_parent_death: signal.Signals = signal.SIGTERM,
    become: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own (a Ctrl-C reaches the supervisor alone), its words going to a file."""
    supervisor = os.getpid()

    def prepare_child() -> None:
        if become:
            become()
        end_with_parent(on_parent_death, supervisor)

    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environ),
            cwd=folder,
            start_new_session=True,
            preexec_fn=prepare_child,  # noqa: PLW1509  the supervisor has one thread
        )


def end_with_parent(number: signal.Signals, parent: int) -> None:
    """Get this signal when the parent dies, even by a kill; a parent that died just now has nobody waiting for it."""
    _libc.prctl(PR_SET_PDEATHSIG, int(number))
    if os.getppid() != parent:
        os._exit(1)


def enter_user_namespace() -> None:
    """Look like `nobody` to oneself and stay who one is to the files: PostgreSQL refuses to be root, or nameless."""
    user, group = os.geteuid(), os.getegid()
    if _libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are off")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY.pw_uid} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY.pw_gid} {group} 1")


def has_user_namespaces() -> bool:
    """Containers often forbid them; only a try tells."""
    probe = "from oms.stack.processes import enter_user_namespace as enter; enter()"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, cwd=Path(__file__).parents[2], check=False
    )
    return done.returncode == 0


def end(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def wait_until(is_true: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def working_in(folder: Path) -> list[int]:
    """Processes whose working folder is this one: a postmaster and all its children sit in their data folder."""
    found = []
    for pid in _pids():
        try:
            if Path(f"/proc/{pid}/cwd").readlink() == folder and _stat(pid).state not in {"Z", "X"}:
                found.append(pid)
        except OSError:
            continue
    return found


@dataclass(frozen=True)
class _Stat:
    state: str = "X"
    session: int = 0
    started: int = 0


def _stat(pid: int) -> _Stat:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return _Stat()
    # The second field is the program's name in brackets and may itself hold brackets and spaces.
    fields = text[text.rindex(")") + 2 :].split()
    return _Stat(state=fields[0], session=int(fields[3]), started=int(fields[19]))


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]  # noqa: PTH208
