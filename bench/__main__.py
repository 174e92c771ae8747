"""python -m bench [row …] [--write] [--list]: ours and the yardstick in turn, median and spread of at least five pairs."""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence

import django
from django.core.management import call_command

from bench import rows, servers, table
from bench.row import Row
from bench.table import Result


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="row")
    parser.add_argument("--write", action="store_true", help="update docs/benchmarks.md")
    parser.add_argument("--list", action="store_true", help="name the rows and end")
    options = parser.parse_args(words)
    if not options.list:
        servers.provide()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
    django.setup()
    known = _discover()
    if options.list:
        print("\n".join(f"{name:<16} {row.what}" for name, row in known.items()))
        return 0
    if unknown := [name for name in options.names if name not in known]:
        print(f"No such row: {', '.join(unknown)}. There are: {', '.join(known)}.", file=sys.stderr)
        return 1
    return _run([known[name] for name in options.names or known], is_written=options.write)


def _run(chosen: list[Row], *, is_written: bool) -> int:
    if not all(row.is_alone for row in chosen):
        call_command("generate_keys", if_missing=True)
        call_command("migrate", interactive=False, verbosity=0)
    results = [_measure(row) for row in chosen]
    print(table.show(results))
    if is_written:
        table.write(results)
    return 0


def _measure(row: Row) -> Result:
    """In turn, so that what the machine does meanwhile falls on both."""
    print(f"… {row.name}: {row.what}", file=sys.stderr, flush=True)
    ours, theirs = [], []
    row.prepare()
    try:
        for _ in range(row.pairs):
            ours.append(row.ours())
            if row.yardstick:
                theirs.append(row.yardstick())
    finally:
        row.clear()
    return Result(row, ours, theirs)


def _discover() -> dict[str, Row]:
    """Every file in bench/rows/, by its name; a file may hold one row or several."""
    found: dict[str, Row] = {}
    for entry in pkgutil.iter_modules(rows.__path__):
        module = importlib.import_module(f"{rows.__name__}.{entry.name}")
        declared = getattr(module, "ROWS", None) or [module.ROW]
        found |= {row.name: row for row in declared}
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
