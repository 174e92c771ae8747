"""PostgreSQL and Valkey for one test run, in a folder and on ports of their own: a running `make up` is not disturbed.

The first process of the run starts PostgreSQL once; pytest-django gives each xdist worker a database of its own on it.
Each worker has a Valkey of its own, because a test may empty or stop it. When DATABASE_URL or REDIS_URL are set, those
servers are used and nothing is started.
"""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from oms.stack import embedded, ports
from oms.stack.postgres import Postgres
from oms.stack.valkey import Valkey

# A test run may be lost with the machine, so nothing is flushed; tests of durability start the real stack instead.
IN_A_HURRY = {"fsync": "off", "full_page_writes": "off", "max_connections": "500"}
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
FOLDER = "OMS_TEST_FOLDER"


def provide() -> None:
    """Set DATABASE_URL, REDIS_URL and DATA_DIR for this process before Django reads them."""
    folder = Path(os.environ.get(FOLDER) or _make_folder())
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = _start_postgres(folder)
    if "OMS_TEST_OWN_VALKEY" in os.environ or "REDIS_URL" not in os.environ:
        os.environ["OMS_TEST_OWN_VALKEY"] = "yes"
        os.environ["REDIS_URL"] = _start_valkey(folder / f"valkey{WORKER}")
    elif WORKER:
        os.environ["REDIS_URL"] = _database_of_worker(os.environ["REDIS_URL"])
    data = folder / f"data{WORKER}"
    data.mkdir(exist_ok=True)
    os.environ["DATA_DIR"] = str(data)


def _make_folder() -> str:
    folder = tempfile.mkdtemp(prefix="oms-tests-")
    os.environ[FOLDER] = folder
    # Registered first, so it runs last: after the servers have ended.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _start_postgres(folder: Path) -> str:
    server = Postgres(folder / "postgres", ports.pick(), "tests", IN_A_HURRY, stop_signal=signal.SIGQUIT)
    # A stand-in for root has to reach the data (see oms/stack/postgres.py).
    folder.chmod(0o711)
    _end_at_exit(embedded.start(server, log=folder / "postgres.log"), signal.SIGQUIT)
    server.create_database()
    return server.url


def _start_valkey(folder: Path) -> str:
    server = Valkey(folder, ports.pick(), "tests", stop_signal=signal.SIGKILL)
    _end_at_exit(embedded.start(server, log=folder.with_suffix(".log")), signal.SIGKILL)
    return server.url


def _end_at_exit(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    def end() -> None:
        child.send_signal(number)
        child.wait()

    atexit.register(end)


def _database_of_worker(url: str) -> str:
    """On a shared server the workers take the numbered databases after the first."""
    number = int(WORKER.removeprefix("gw")) + 1
    return urlsplit(url)._replace(path=f"/{number}").geturl()
