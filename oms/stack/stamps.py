"""Work that is skipped when nothing it depends on has changed: a stamp holds the digest of what it was made from."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from oms.stack.installation import ROOT

FOLDER = ROOT / ".stamps"


def digest_of(files: Iterable[Path], *words: str) -> str:
    """Contents, so that a fresh checkout of the same files changes nothing."""
    digest = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        digest.update(f"\0{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_fresh(name: str, digest: str) -> bool:
    file = FOLDER / name
    return file.exists() and file.read_text() == digest


def stamp(name: str, digest: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_text(digest)


def forget(name: str) -> None:
    (FOLDER / name).unlink(missing_ok=True)


def files_below(*folders: str, suffixes: tuple[str, ...]) -> list[Path]:
    return [
        Path(folder, name)
        for start in folders
        for folder, _, names in os.walk(ROOT / start)
        for name in names
        if name.endswith(suffixes)
    ]
