"""The outcome of a run as a table, on the terminal and in docs/benchmarks.md."""

import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.row import Row

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEAD = "| row | what | ours | yardstick | ratio (spread) | goal | met |\n| --- | --- | --- | --- | --- | --- | --- |"
INTRODUCTION = f"""\
# Benchmarks

Machines are shared and noisy, so every figure is held against a yardstick: the bare thing that does the same durable
work with nothing around it, on the same servers, measured in turn in the same run. `make bench` prints this table,
`make bench WRITE=1` writes it here, `make bench ROW=reserve` runs one row.

{BEGIN}
{END}
"""


@dataclass(frozen=True)
class Result:
    row: Row
    ours: list[float]
    yardstick: list[float]

    @property
    def figures(self) -> list[float]:
        if not self.yardstick:
            return self.ours
        return [mine / theirs for mine, theirs in zip(self.ours, self.yardstick, strict=True)]

    @property
    def is_met(self) -> bool:
        return self.row.is_met(median(self.figures))

    def line(self) -> str:
        row, figures = self.row, self.figures
        ratio = f"{median(figures):.2f} ({min(figures):.2f}–{max(figures):.2f})"
        theirs = f"{_number(median(self.yardstick))} {row.unit}, {row.yardstick_is}" if self.yardstick else "–"
        cells = [
            row.name,
            row.what,
            f"{_number(median(self.ours))} {row.unit}",
            theirs,
            ratio,
            f"{row.read.value} {row.goal:g}",
            "met" if self.is_met else "**not met**",
        ]
        return f"| {' | '.join(cells)} |"


def show(results: list[Result]) -> str:
    return "\n".join([HEAD, *(result.line() for result in results)])


def write(results: list[Result]) -> None:
    """Rows that were not run this time keep their last line."""
    text = PAGE.read_text() if PAGE.exists() else INTRODUCTION
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    old = text[begin:end]
    lines = {line.split("|")[1].strip(): line for line in old.splitlines() if re.match(r"\| [a-z]", line)}
    lines.pop("row", None)
    lines |= {result.row.name: result.line() for result in results}
    machine = f"Last written on {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}."
    body = "\n".join(["", machine, "", HEAD, *(lines[name] for name in sorted(lines)), ""])
    PAGE.write_text(text[:begin] + body + text[end:])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
