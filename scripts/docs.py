"""scripts/docs.py check | write: the parts of docs/ that are made from the code, and the links of all of it.

docs/settings.md is every environment variable that oms/settings.py reads, with its default and the words above it.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = ROOT / "oms" / "settings.py"
PAGE = ROOT / "docs" / "settings.md"
HEADING = re.compile(r"^# --- (.+?) -+$")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
INTRODUCTION = """\
# Settings

Everything is set by environment variables; with nothing set the demo runs. This page is made from `oms/settings.py` by
`python scripts/docs.py write`.
"""


def settings_page() -> str:
    source = SETTINGS.read_text()
    lines = source.splitlines()
    parts: dict[str, list[str]] = {}
    for call in sorted(_readings(source), key=lambda call: call.lineno):
        name, default = ast.literal_eval(call.args[0]), _default(call)
        kind = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        row = f"| `{name}` | {kind} | {default} |"
        rows = parts.setdefault(_part(lines, call.lineno), [])
        if row not in rows:
            rows.append(row)
    body = [
        f"## {part}\n\n| name | kind | default |\n| --- | --- | --- |\n" + "\n".join(rows)
        for part, rows in parts.items()
    ]
    return INTRODUCTION + "\n" + "\n\n".join(body) + "\n"


def _readings(source: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        if ast.unparse(node.func.value) == "env" and isinstance(node.args[0], ast.Constant):
            yield node


def _default(call: ast.Call) -> str:
    if call.func.attr == "database":  # type: ignore[attr-defined]
        return "the embedded server"
    values = call.args[1:] + [keyword.value for keyword in call.keywords if keyword.arg == "default"]
    if not values:
        return "off" if call.func.attr == "flag" else "–"  # type: ignore[attr-defined]
    value = values[0]
    if isinstance(value, ast.Constant):
        return "on" if value.value is True else "off" if value.value is False else f"`{value.value}`"
    return f"`{ast.unparse(value)}`"


def _part(lines: list[str], number: int) -> str:
    for line in reversed(lines[:number]):
        if found := HEADING.match(line):
            return found[1].capitalize()
    return "Where it lives"


def broken_links() -> Iterator[str]:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in LINK.findall(page.read_text()):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                yield f"{page.relative_to(ROOT)} links to {target}, which does not exist."


def main(words: list[str]) -> int:
    if words == ["write"]:
        PAGE.write_text(settings_page())
        return 0
    if words != ["check"]:
        print(__doc__)
        return 2
    faults = list(broken_links())
    if not PAGE.exists() or PAGE.read_text() != settings_page():
        faults.append("docs/settings.md is not what oms/settings.py says: run `python scripts/docs.py write`.")
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
