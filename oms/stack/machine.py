"""A look at the machine before anything is started: what is missing is said in one sentence."""

import shutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from oms.stack import ports
from oms.stack.errors import StackError
from oms.stack.installation import ROOT, Installation

NEEDED_MEGABYTES = 300
LOCK = ROOT / "requirements" / "embedded.txt"


def check_packages(lock: Path = LOCK) -> None:
    """Every locked package is there in its locked version, so that no child dies of it later."""
    for name, wanted in _locked(lock):
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = "none"
        if found != wanted:
            raise StackError(f"The package {name} {wanted} is missing (found {found}): run `make install`.")


def check_disk(installation: Installation) -> None:
    free = shutil.disk_usage(installation.data).free // 2**20
    if free < NEEDED_MEGABYTES:
        raise StackError(
            f"The disk is full: {free} MB are left for {installation.data}, {NEEDED_MEGABYTES} MB are needed. "
            "Free some space or choose another DATA_DIR."
        )


def check_port(installation: Installation) -> None:
    if not ports.is_free(installation.port):
        raise StackError(
            f"Port {installation.port} is busy: another program listens there. "
            f"Stop it, or choose another port: make up PORT={installation.port + 10}."
        )


def _locked(lock: Path) -> Iterator[tuple[str, str]]:
    """Lines like `name==1.2 ; marker \\`; a marker that excludes this machine is not in our locks."""
    for line in lock.read_text().splitlines():
        name, equals, rest = line.partition("==")
        if equals and not line.startswith((" ", "#", "-")):
            yield name.strip(), rest.split()[0]
