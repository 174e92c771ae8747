"""Import one statement file: once per file, each row once per account, all of it or nothing."""

from dataclasses import replace
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.api import User, audit, require
from kernel import correlation, work
from kernel.clock import now
from reconciliation.choices import AccountKind, StatementState
from reconciliation.contracts import ImportResult
from reconciliation.errors import AccountNotFound, FileTooLarge, OtherAccountKind
from reconciliation.formats.base import Problem, StatementFormat
from reconciliation.models import MatchChunk, PaymentAccount, RowError, Statement, StatementFile
from reconciliation.services.check_rows import check_rows
from reconciliation.services.read_file import Content, choose_format, format_title, read_file
from reconciliation.services.store_lines import RowsInConflict, store_lines

LIMIT_BYTES = 64 * 1024 * 1024
KEPT_ERRORS = 1_000
ROWS_PER_CHUNK = 500
CLAIMED = ("format", "file_name", "file_size", "imported_by", "correlation_id", "state")


def import_statement(
    *, account_code: str, file_name: str, body: bytes, actor: User | str, format_name: str = ""
) -> ImportResult:
    """The file's rows into the books. The same file again changes nothing; a rejected one is read again."""
    account = _account(account_code)
    if not isinstance(actor, str):
        require(actor, "reconciliation.import_statement", account.shop)
    if len(body) > LIMIT_BYTES:
        raise FileTooLarge(_("A statement may have up to 64 MB."), limit=LIMIT_BYTES)
    chosen = choose_format(format_name, body)
    _require_kind(account, chosen)
    digest = sha256(body).hexdigest()
    if (known := Statement.objects.filter(account=account, file_digest=digest).first()) and not known.is_rejected:
        return describe(known, is_new=False)
    content = read_file(chosen, body, account.zone)
    content = content.with_problems(check_rows(content.rows, currency=account.currency, chosen=chosen))
    with transaction.atomic():
        statement, is_new = _claim(
            Statement(
                account=account,
                file_digest=digest,
                format=chosen.name,
                file_name=file_name[-200:] or "statement",
                file_size=len(body),
                imported_by=None if isinstance(actor, str) else actor,
                correlation_id=correlation.current()[:64],
                state=StatementState.REJECTED,
            ),
            body,
        )
        if not is_new and not statement.is_rejected:
            return describe(statement, is_new=False)
        _take_over(statement, content, chosen)
        audit.record(
            actor, "statement.import", "reconciliation.statement", str(statement.uid),
            after={"account": account.code, "file": file_name, "state": statement.state, "rows": statement.rows_count},
        )  # fmt: skip
    return replace(describe(statement, is_new=True), is_repeat=not is_new)


def _account(code: str) -> PaymentAccount:
    account = PaymentAccount.objects.select_related("shop").filter(code=code, is_active=True).first()
    if account is None:
        raise AccountNotFound(_("There is no payment account “%(code)s”.") % {"code": code})
    return account


def _require_kind(account: PaymentAccount, chosen: StatementFormat) -> None:
    if chosen.account_kind != account.kind:
        raise OtherAccountKind(
            _("“%(format)s” is for accounts of the kind “%(wanted)s”; “%(code)s” is of the kind “%(kind)s”.")
            % {
                "format": format_title(chosen.name),
                "wanted": AccountKind(chosen.account_kind).label,
                "code": account.code,
                "kind": AccountKind(account.kind).label,
            },
            errors=[{"path": "account", "code": "other_kind", "message": account.kind}],
        )


def _claim(statement: Statement, body: bytes) -> tuple[Statement, bool]:
    """The one row of this file, locked: of two uploads at once the second waits and finds the first one's."""
    values = {name: getattr(statement, name) for name in CLAIMED}
    mine, is_new = Statement.objects.select_for_update().get_or_create(
        account=statement.account, file_digest=statement.file_digest, defaults=values
    )
    if is_new:
        StatementFile.objects.create(statement=mine, body=body)  # type: ignore[misc]  # sealed by its field
    return mine, is_new


def _take_over(statement: Statement, content: Content, chosen: StatementFormat) -> None:
    statement.errors.all().delete()
    statement.format, statement.imported_at = chosen.name, now()
    statement.rows_count, statement.errors_count = content.rows_in_file, 0
    statement.totals = [
        {"label": one.label, "stated": str(one.stated), "computed": str(one.computed), "agrees": one.agrees}
        for one in content.totals
    ]
    if not content.is_clean:
        _reject(statement, content.problems)
    else:
        try:
            _accept(statement, content, chosen)
        except RowsInConflict as conflict:
            _reject(statement, conflict.problems)
    statement.save()


def _reject(statement: Statement, problems: tuple[Problem, ...]) -> None:
    statement.state, statement.errors_count = StatementState.REJECTED, len(problems)
    RowError.objects.bulk_create(
        RowError(statement=statement, line_no=one.line_no, column=one.column, code=one.code, value=one.value[:200])
        for one in problems[:KEPT_ERRORS]
    )


def _accept(statement: Statement, content: Content, chosen: StatementFormat) -> None:
    entries = sum(len(row.entries) for row in content.rows)
    statement.lines_count = store_lines(statement, content.rows, chosen.personal_columns)
    statement.repeated_count = entries - statement.lines_count
    statement.state = StatementState.IMPORTED
    times = [row.occurred_at for row in content.rows]
    statement.period_from, statement.period_to = min(times, default=None), max(times, default=None)
    last = content.rows[-1].line_no if content.rows else 0
    MatchChunk.objects.bulk_create(
        MatchChunk(
            statement=statement,
            first_line_no=first,
            last_line_no=min(first + ROWS_PER_CHUNK - 1, last),
            is_final=first + ROWS_PER_CHUNK > last,
            ordering_key=f"account:{statement.account_id}",
            correlation_id=statement.correlation_id,
        )
        for first in range(1, max(last, 1) + 1, ROWS_PER_CHUNK)
    )
    work.ring(MatchChunk)


def describe(statement: Statement, *, is_new: bool) -> ImportResult:
    return ImportResult(
        uid=str(statement.uid),
        account=statement.account.code,
        format=statement.format,
        state=statement.state,
        is_new=is_new,
        is_repeat=not is_new,
        rows=statement.rows_count,
        lines=statement.lines_count,
        repeated=statement.repeated_count,
        errors=tuple(statement_errors(statement)) if statement.is_rejected else (),
    )


def statement_errors(statement: Statement) -> list[dict[str, str]]:
    """Row by row what is wrong, then the totals of the file that its rows do not give."""
    rows = [
        {
            "path": f"line {one.line_no}" + (f", {one.column}" if one.column else ""),
            "code": one.code,
            "message": one.value,
        }
        for one in statement.errors.all()
    ]
    sums = [
        {"path": f"footer, {one['label']}", "code": "total_differs", "message": f"{one['stated']} / {one['computed']}"}
        for one in statement.totals
        if not one["agrees"]
    ]
    return rows + sums
