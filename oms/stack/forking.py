"""A child made by fork instead of a new program: it shares what its parent has loaded, and is watched in the same way."""

import atexit
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from oms.stack import processes


class Forked:
    """As much of subprocess.Popen as a supervised child needs."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._look(os.WNOHANG)

    def wait(self) -> int | None:
        return self._look(0)

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def _look(self, flags: int) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, flags)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


def fork(
    run: Callable[[], None], *, log: Path, environ: Mapping[str, str], folder: Path, on_parent_death: signal.Signals
) -> Forked:
    """Start `run` in a child with a session, a log and default signals of its own."""
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return Forked(pid)
    code = 1
    try:
        os.setsid()
        processes.end_with_parent(on_parent_death, parent)
        _listen_to_nobody()
        _speak_into(log)
        os.chdir(folder)
        # Only what differs: a variable that is set anew moves, and with all moved the process could not name itself.
        os.environ.update({name: value for name, value in environ.items() if os.environ.get(name) != value})
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        # Nothing of the child may return into its parent's code.
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _listen_to_nobody() -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _speak_into(log: Path) -> None:
    with log.open("ab") as output, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
