"""One suite over every statement format: a new file in reconciliation/formats/ and its sample are tested as they are."""

from pathlib import Path
from typing import Any

import pytest

from kernel.plugins import discover
from reconciliation.choices import AccountKind
from reconciliation.formats.base import KINDS, Footer, Problem, Row, StatementFormat

FIXTURES = Path(__file__).parents[1] / "fixtures"
FORMATS: dict[str, StatementFormat] = {
    name: module.FORMAT for name, module in discover("reconciliation.formats", needs="FORMAT").items()
}
SAMPLES = [(one, path) for name, one in FORMATS.items() for path in sorted((FIXTURES / name).glob("*.csv"))]
every_format = pytest.mark.parametrize("chosen", FORMATS.values(), ids=FORMATS.keys())
every_sample = pytest.mark.parametrize(("chosen", "path"), SAMPLES, ids=[path.stem for _one, path in SAMPLES])


def parse(chosen: StatementFormat, data: bytes) -> list[Any]:
    return list(chosen.parse(data, "Asia/Shanghai"))


@every_format
def test_a_format_is_named_after_its_file_and_brings_a_sample(chosen: StatementFormat) -> None:
    assert FORMATS[chosen.name] is chosen
    assert chosen.title
    assert chosen.account_kind in AccountKind.values
    assert list((FIXTURES / chosen.name).glob("*.csv"))


@every_sample
def test_a_sample_is_recognised_by_its_own_format_alone(chosen: StatementFormat, path: Path) -> None:
    head = path.read_bytes().decode("utf-8-sig")
    assert [name for name, one in FORMATS.items() if one.recognises(head)] == [chosen.name]


@every_sample
def test_every_row_of_a_sample_is_understood_and_adds_up_to_its_footer(chosen: StatementFormat, path: Path) -> None:
    found = parse(chosen, path.read_bytes())
    assert not [one for one in found if isinstance(one, Problem)]
    footers = [one for one in found if isinstance(one, Footer)]
    assert len(footers) == 1
    assert footers[0].totals
    assert all(total.agrees for total in footers[0].totals)


@every_sample
def test_rows_have_an_identity_of_their_own_and_known_kinds(chosen: StatementFormat, path: Path) -> None:
    rows = [one for one in parse(chosen, path.read_bytes()) if isinstance(one, Row)]
    assert len({row.key for row in rows}) == len(rows)
    assert all(0 < len(row.key) <= 200 for row in rows)
    assert {entry.kind for row in rows for entry in row.entries} <= set(KINDS)
    assert all(row.occurred_at.tzinfo for row in rows)


@every_sample
def test_reading_again_gives_the_same_identities(chosen: StatementFormat, path: Path) -> None:
    first, again = ([row.key for row in parse(chosen, path.read_bytes()) if isinstance(row, Row)] for _ in range(2))
    assert first == again


@every_sample
def test_a_file_without_its_footer_is_a_problem(chosen: StatementFormat, path: Path) -> None:
    lines = path.read_bytes().rstrip().split(b"\n")
    found = parse(chosen, b"\n".join(lines[:2]) + b"\n")
    assert "footer_missing" in {one.code for one in found if isinstance(one, Problem)}
