"""scripts/translations.py compile | check | update: the Chinese words, without GNU gettext on the machine.

compile  writes django.mo beside each django.po
check    every word in code and templates has a Chinese entry, not empty, not fuzzy, with the same placeholders
update   brings the entries up to date: new words empty, unused ones gone
"""

import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = (
    "accounts", "channels_sync", "inventory", "insights", "kernel", "oms", "reconciliation", "templates", "warehouse",
)  # fmt: skip
PO = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
SINGLE = ("_", "_l", "_t", "gettext", "gettext_lazy", "gettext_noop")
KEYWORDS = (
    dict.fromkeys(SINGLE)
    | dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2))
    | dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2))
    | dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3))
)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def compile_all() -> list[str]:
    for file in sorted((ROOT / "locale").rglob("*.po")):
        with file.open("rb") as source, file.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale="zh_Hans"))
    return []


def check() -> list[str]:
    """One sentence for each thing that is missing or wrong."""
    used, known = _used(), _known()
    faults = []
    for message in used:
        if message.id:
            faults += _faults(message, known.get(message.id, context=message.context))
    for message in known:
        if message.id and used.get(message.id, context=message.context) is None:
            faults.append(f"No page says {_name(message)} any more: run `make messages`.")
    return faults


def update() -> list[str]:
    catalog = _known()
    catalog.update(_used(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, no_location=True, sort_output=True, omit_header=False, ignore_obsolete=True)
    empty = sum(1 for message in catalog if message.id and not _has_words(message))
    print(f"{PO.relative_to(ROOT)}: {len(catalog)} entries, {empty} still without Chinese words")
    return []


def _faults(message: Message, entry: Message | None) -> Iterator[str]:
    where = f"{message.locations[0][0]}:{message.locations[0][1]}" if message.locations else "?"
    if entry is None:
        yield f"{where}: {_name(message)} has no Chinese entry."
    elif not _has_words(entry):
        yield f"{where}: {_name(message)} has an empty Chinese entry."
    elif entry.fuzzy:
        yield f"{where}: the Chinese entry of {_name(message)} is marked fuzzy."
    elif not _placeholders(entry.string) <= _placeholders(message.id):
        yield f"{where}: the Chinese entry of {_name(message)} has placeholders that the English does not have."
    elif _placeholders(message.id) - _placeholders(entry.string) and isinstance(message.id, str):
        yield f"{where}: the Chinese entry of {_name(message)} leaves out a placeholder."


def _has_words(message: Message) -> bool:
    strings = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(strings)


def _placeholders(words: str | list[str] | tuple[str, ...]) -> set[str]:
    return set(PLACEHOLDER.findall(words if isinstance(words, str) else " ".join(words)))


def _name(message: Message) -> str:
    return repr(message.id if isinstance(message.id, str) else message.id[0])


def _known() -> Catalog:
    if not PO.exists():
        return Catalog(locale="zh_Hans", project="OMS", fuzzy=False)
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _used() -> Catalog:
    catalog = Catalog(locale="zh_Hans")
    for path, extracted in _extracted():
        for line, words, comments, context in extracted:
            catalog.add(words, None, [(str(path), line)], auto_comments=comments, context=context)
    return catalog


def _extracted() -> Iterator[tuple[Path, list[tuple[int, str, list[str], str | None]]]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                source = _source(path)
                found = extract(
                    "python", io.BytesIO(source.encode()), KEYWORDS, ("Translators:",), {"encoding": "utf-8"}
                )
                yield path.relative_to(ROOT), list(found)


def _source(path: Path) -> str:
    """A template becomes pseudo code, whose indentation means nothing to Python."""
    text = path.read_text()
    if path.suffix == ".py":
        return text
    return "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())


ACTS: dict[str, Callable[[], list[str]]] = {"compile": compile_all, "check": check, "update": update}


def main(words: list[str]) -> int:
    if len(words) != 1 or words[0] not in ACTS:
        print(__doc__)
        return 2
    settings.configure(USE_I18N=True)
    django.setup()
    faults = ACTS[words[0]]()
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
