"""What a reader may rely on in every file of this project."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.layers import ROOT

APPS = ("kernel", "accounts", "inventory", "oms", "channels_sync", "warehouse", "reconciliation", "insights")
LONGEST_FILE, LONGEST_FUNCTION = 400, 70
# Put together here, so that this file does not hold what it looks for.
REGISTRY_HOSTS = [
    f"{name}.{end}" for name, end in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]
MACHINE_PATHS = [f"/{top}/{rest}" for top, rest in (("work", "main"), ("work", "shared"), ("root", ""), ("home", ""))]
SHELVES_FOR_ANYTHING = {"utils", "helpers", "common", "misc"}
CLOCKS = re.compile(r"\b(?:datetime\.now|datetime\.utcnow|timezone\.now|date\.today|localdate)\(")


def _tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def _code() -> list[Path]:
    return [path for path in _tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in APPS]


def _own_code() -> list[Path]:
    return [path for path in _code() if "migrations" not in path.parts]


@pytest.mark.parametrize("words", [REGISTRY_HOSTS, MACHINE_PATHS], ids=["registry hosts", "machine paths"])
def test_no_file_names(words):
    found = []
    for path in _tracked():
        if path.suffix in {".png", ".woff2", ".gz", ".mo", ".pdf", ".xlsx"}:
            continue
        text = path.read_text(errors="replace")
        found += [f"{path.relative_to(ROOT)}: {word}" for word in words if word in text]
    assert not found


def test_no_shelf_for_anything():
    assert not [str(path.relative_to(ROOT)) for path in _code() if SHELVES_FOR_ANYTHING & {path.stem, *path.parts}]


def test_imports_stand_at_the_top_and_name_what_they_take():
    wrong = []
    for path in _own_code():
        tree = ast.parse(path.read_text())
        inner = [
            node
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        stars = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
        ]
        # An AppConfig may only import its models and handlers once Django is ready.
        if path.name != "apps.py":
            wrong += [f"{path.relative_to(ROOT)}:{node.lineno}" for node in inner]
        wrong += [f"{path.relative_to(ROOT)}:{node.lineno} imports *" for node in stars]
    assert not wrong


def test_the_kernel_has_the_only_clock():
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _own_code()
        if path != ROOT / "kernel" / "clock.py"
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if CLOCKS.search(line)
    ]
    assert not wrong


def test_files_and_functions_stay_small_enough_to_read():
    wrong = []
    for path in _own_code():
        text = path.read_text()
        name = path.relative_to(ROOT)
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
        wrong += [f"{name}: {each.name}" for each in functions if _length(each) > LONGEST_FUNCTION]
        wrong += [f"{name}"] if text.count("\n") > LONGEST_FILE else []
    assert not wrong


def _length(function: ast.FunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno
