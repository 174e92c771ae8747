"""Statements: the list with its upload, and one statement beside its file's own totals."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.api import can, person, require
from kernel.errors import InvalidInput
from kernel.pages import ListPage
from reconciliation import selectors, words
from reconciliation.contracts import ImportResult
from reconciliation.filters import LineFilter, StatementFilter
from reconciliation.forms import UploadForm
from reconciliation.models import Statement, StatementLine
from reconciliation.services.import_statement import import_statement
from reconciliation.tables import LineTable, StatementTable

IMPORT = "reconciliation.import_statement"
SHOWN_ERRORS = 100


class StatementList(ListPage):
    title = _("Statements")
    permission_required = "reconciliation.view_statement"
    template_name = "reconciliation/statement_list.html"
    table_class = StatementTable
    filterset_class = StatementFilter
    order = ("-imported_at", "-id")
    empty_why = _("No statement has been imported yet.")
    empty_next = _("Upload the file that the gateway or platform offers for download; it is matched within seconds.")

    def get_queryset(self) -> QuerySet[Statement]:
        return selectors.list_statements(person(self.request))

    def extra_context(self) -> dict[str, Any]:
        return {"may_import": can(person(self.request), IMPORT)}


def upload(request: HttpRequest) -> HttpResponse:
    require(person(request), IMPORT)
    form = UploadForm(person(request), request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            result = import_statement(
                account_code=form.cleaned_data["account"].code,
                file_name=file.name,
                body=file.read(),
                format_name=form.cleaned_data["format"],
                actor=person(request),
            )
        except InvalidInput as error:
            form.add_error("file", f"{error.detail} {error.advice}".strip())
        else:
            _tell(request, result)
            return redirect("reconciliation:statement", result.uid)
    status = 422 if form.errors else 200
    return render(request, "reconciliation/statement_upload.html", {"form": form}, status=status)


def _tell(request: HttpRequest, result: ImportResult) -> None:
    if not result.is_new:
        messages.info(request, _t("This file was imported before. Nothing was counted twice: this is that statement."))
    elif result.is_rejected and result.is_repeat:
        messages.warning(request, _t("This file was rejected before. It was read again, and it is still not right."))
    elif not result.is_rejected:
        messages.success(request, _t("The statement is imported; its rows are being matched."))


class StatementPage(ListPage):
    """The rows of one statement, under what the file says about itself and what we counted."""

    permission_required = "reconciliation.view_statement"
    template_name = "reconciliation/statement_page.html"
    table_class = LineTable
    filterset_class = LineFilter
    order = ("line_no", "id")
    row_key = "pk"
    empty_why = _("This statement has no rows.")

    @cached_property
    def statement(self) -> Statement:
        return selectors.get_statement(person(self.request), self.kwargs["uid"])

    def get_queryset(self) -> QuerySet[StatementLine]:
        return selectors.statement_lines(self.statement)

    def extra_context(self) -> dict[str, Any]:
        statement = self.statement
        errors = list(statement.errors.all()[:SHOWN_ERRORS])
        totals = statement.totals
        return {
            "title": statement.file_name,
            "statement": statement,
            "errors": [(error, words.row_error(error.code)) for error in errors],
            "more_errors": max(statement.errors_count - len(errors), 0),
            "totals": [one | {"title": words.TOTALS.get(one["label"], one["label"])} for one in totals],
            "adds_up": all(one["agrees"] for one in totals),
            "sums": selectors.sums_of_statement(statement),
            "differences": selectors.differences_of_statement(person(self.request), statement),
            "shop": statement.account.shop,
        }
