"""The order of the house, read from the import contract, for what an import graph cannot see."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _layers() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return next(contract["layers"] for contract in contracts if contract["id"] == "layers")


# From the floor up; an app's label is the last part of its module name.
LABELS = [layer.rpartition(".")[2] for layer in reversed(_layers())]


def height(label: str) -> int:
    """Where an app stands; what is not ours (Django's own apps) lies below the floor."""
    return LABELS.index(label) if label in LABELS else -1
