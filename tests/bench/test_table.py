from pathlib import Path

import pytest

from bench import table
from bench.row import Goal, Row
from bench.table import Result


def make_result(
    name: str, ours: list[float], yardstick: list[float], goal: float, read: Goal = Goal.AT_LEAST
) -> Result:
    row = Row(name=name, what="something", unit="calls/s", goal=goal, read=read, ours=lambda: 0.0)
    return Result(row, ours, yardstick)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(table, "PAGE", tmp_path / "benchmarks.md")
    return tmp_path / "benchmarks.md"


def test_the_goal_is_held_against_the_median_of_the_pairs() -> None:
    # One bad pair out of three, on a machine that was busy for a moment.
    assert make_result("a", [90, 20, 80], [100, 100, 100], goal=0.7).is_met
    assert not make_result("a", [90, 20, 30], [100, 100, 100], goal=0.7).is_met


def test_a_time_must_stay_below_its_goal() -> None:
    assert make_result("start", [6.0], [], goal=10, read=Goal.AT_MOST).is_met
    assert not make_result("start", [12.0], [], goal=10, read=Goal.AT_MOST).is_met


def test_writing_twice_changes_nothing_and_other_rows_stay(page: Path) -> None:
    first = make_result("reserve", [80], [100], goal=0.7)
    table.write([first])
    once = page.read_text()
    table.write([first])
    assert page.read_text() == once
    table.write([make_result("list", [1.1], [1.0], goal=1.3, read=Goal.AT_MOST)])
    text = page.read_text()
    assert "| reserve |" in text
    assert "| list |" in text
    assert text.count("| row |") == 1
    assert text.startswith("# Benchmarks")


def test_a_missed_goal_is_told() -> None:
    assert "**not met**" in make_result("reserve", [10], [100], goal=0.7).line()
