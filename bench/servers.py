"""Servers for a bench run: embedded, durable as in earnest, in a folder of their own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from oms.stack import embedded, ports
from oms.stack.embedded import Server
from oms.stack.postgres import Postgres
from oms.stack.valkey import Valkey


def provide() -> None:
    """Set DATABASE_URL, REDIS_URL and DATA_DIR before Django reads them; servers that are named are used as they are."""
    folder = Path(tempfile.mkdtemp(prefix="oms-bench-"))
    folder.chmod(0o711)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["DATA_DIR"] = str(folder)
    if "DATABASE_URL" not in os.environ:
        postgres = Postgres(folder / "postgres", ports.pick(), "bench")
        _start(postgres, folder)
        postgres.create_database()
        os.environ["DATABASE_URL"] = postgres.url
    if "REDIS_URL" not in os.environ:
        valkey = Valkey(folder / "valkey", ports.pick(), "bench")
        _start(valkey, folder)
        os.environ["REDIS_URL"] = valkey.url


def _start(server: Server, folder: Path) -> None:
    log = folder / f"{type(server).__name__.lower()}.log"
    embedded.start(server, log=log)
    atexit.register(server.end_leftovers)
