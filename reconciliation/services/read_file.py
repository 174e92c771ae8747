"""Turn the bytes of a statement into rows, problems and totals, by the format that its header names."""

from dataclasses import dataclass, replace
from functools import cache

from django.utils.translation import gettext as _

from kernel.plugins import discover
from reconciliation.errors import FileUnreadable, UnknownFormat
from reconciliation.formats.base import Footer, Problem, Row, StatementFormat, Total


@dataclass(frozen=True, slots=True)
class Content:
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    totals: tuple[Total, ...]

    def with_problems(self, found: tuple[Problem, ...]) -> "Content":
        """The same rows with more that is wrong with some of them, in the order of the file."""
        return replace(self, problems=tuple(sorted((*self.problems, *found), key=lambda one: one.line_no)))

    @property
    def adds_up(self) -> bool:
        return all(total.agrees for total in self.totals)

    @property
    def rows_in_file(self) -> int:
        broken = {problem.line_no for problem in self.problems if problem.code != "footer_missing"}
        return len(broken | {row.line_no for row in self.rows})

    @property
    def is_clean(self) -> bool:
        return not self.problems and self.adds_up


@cache
def formats() -> dict[str, StatementFormat]:
    return {name: module.FORMAT for name, module in discover("reconciliation.formats", needs="FORMAT").items()}


def format_title(name: str) -> str:
    return _(formats()[name].title) if name in formats() else name


def choose_format(name: str, body: bytes) -> StatementFormat:
    """The named format, or the one whose header the file carries; a name that contradicts the header is refused."""
    head = body[:65_536].decode("utf-8-sig", errors="replace")
    if name and name not in formats():
        raise UnknownFormat(
            _("There is no statement format “%(name)s”.") % {"name": name},
            known=sorted(formats()),
            errors=_at("format"),
        )
    candidates = [formats()[name]] if name else list(formats().values())
    for one in candidates:
        if one.recognises(head):
            return one
    raise UnknownFormat(
        _("The first line of the file is not the header of a known statement."),
        advice=_("Upload the file as it was downloaded: not opened and saved again, not unpacked twice."),
        known=sorted(formats()),
        errors=_at("file"),
    )


def read_file(chosen: StatementFormat, body: bytes, zone: str) -> Content:
    rows: list[Row] = []
    problems: list[Problem] = []
    totals: tuple[Total, ...] = ()
    try:
        for found in chosen.parse(body, zone):
            if isinstance(found, Row):
                rows.append(found)
            elif isinstance(found, Problem):
                problems.append(found)
            elif isinstance(found, Footer):
                totals = found.totals
    except UnicodeDecodeError as error:
        raise FileUnreadable(
            _("The file is not UTF-8 text (byte %(position)d).") % {"position": error.start}, errors=_at("file")
        ) from None
    return Content(tuple(rows), tuple(problems), totals)


def _at(path: str) -> list[dict[str, str]]:
    return [{"path": path, "code": "invalid", "message": ""}]
