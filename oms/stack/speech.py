"""What a person at the terminal reads."""

import contextlib
import sys
from pathlib import Path

# A line of a child's log that begins so is for the person at the terminal too.
MARK = "· "


def say(line: str) -> None:
    """A terminal that went away must not take the system with it."""
    with contextlib.suppress(OSError, ValueError):
        print(line, flush=True)


def complain(sentence: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(sentence, file=sys.stderr, flush=True)


class Echo:
    """Passes on the marked lines that a log gains from now on."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self.has_heard = False
        self._offset = log.stat().st_size if log.exists() else 0

    def pass_on(self) -> None:
        if self._log.exists():
            with self._log.open("rb") as file:
                file.seek(self._offset)
                text = file.read()
            whole = text[: text.rfind(b"\n") + 1]
            self._offset += len(whole)
            self.has_heard = self.has_heard or bool(whole)
            for line in whole.decode(errors="replace").splitlines():
                if line.startswith(MARK):
                    say(line.removeprefix(MARK))
