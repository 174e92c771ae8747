"""One installation: a checkout, a DATA_DIR and a PORT, read from the environment (the names are SPEC's contract)."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oms.stack.errors import StackError

ROOT = Path(__file__).resolve().parents[2]
# What the processes of an installation make in its DATA_DIR; `make reset` touches nothing else.
OWN = (
    "postgres",
    "valkey",
    "logs",
    "run",
    "secrets",
    "keys",
    "media",
    "simulator*",
    "environment.json*",
    "ports.json*",
)
OFF = {"0", "false", "no", "off", ""}


@dataclass(frozen=True)
class Installation:
    data: Path
    port: int
    database_url: str
    redis_url: str
    secret_key: str
    simulator_url: str
    is_demo: bool
    has_simulator: bool

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Installation":
        port = environ.get("PORT") or "8000"
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise StackError(f"PORT is {port!r}: write a number between 1 and 65535.")
        is_demo = _flag(environ, "OMS_DEMO", default=True)
        return cls(
            data=Path(environ.get("DATA_DIR") or ROOT / ".data").expanduser().resolve(),
            port=int(port),
            database_url=environ.get("DATABASE_URL", ""),
            redis_url=environ.get("REDIS_URL", ""),
            secret_key=environ.get("OMS_SECRET_KEY", ""),
            simulator_url=environ.get("OMS_SIMULATOR_URL", ""),
            is_demo=is_demo,
            has_simulator=_flag(environ, "OMS_SIMULATOR", default=is_demo),
        )

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def run(self) -> Path:
        """Who runs: the supervisor's lock and the children's records."""
        return self.data / "run"

    @property
    def environment_file(self) -> Path:
        """What `manage.py` reads when nothing is set, so that it talks to this installation (oms/env.py)."""
        return self.data / "environment.json"

    @property
    def records(self) -> tuple[Path, Path]:
        """The children of the supervisor and those of the application, for whoever comes after a kill."""
        return self.run / "children.json", self.run / "application.json"

    @property
    def prepared_mark(self) -> Path:
        """There once this start's preparation of tables, keys, files and data has ended well."""
        return self.run / "prepared"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def make_folders(self) -> None:
        for folder in (self.data, self.logs, self.run, self.data / "secrets"):
            folder.mkdir(parents=True, exist_ok=True)
        (self.data / "secrets").chmod(0o700)

    def own_paths(self) -> list[Path]:
        return [path for pattern in OWN for path in self.data.glob(pattern)]

    def secret(self, name: str) -> str:
        """A password of this installation, made once and readable by its owner alone."""
        path = self.data / "secrets" / name
        if not path.exists():
            write_private(path, secrets.token_urlsafe(48))
        return path.read_text()

    def write_environment(self, values: Mapping[str, str]) -> None:
        write_private(self.environment_file, json.dumps(dict(values), indent=1))

    def read_environment(self) -> dict[str, str]:
        if not self.environment_file.exists():
            raise StackError(f"Nothing was ever started from {self.data}: run `make up` first.")
        return dict(json.loads(self.environment_file.read_text()))


def write_private(path: Path, text: str) -> None:
    """Written beside and renamed, so that a crash or a full disk never leaves half a file."""
    draft = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def _flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environ.get(name)
    return default if value is None else value.strip().lower() not in OFF
