"""A statement file: once per file, each row once per account, all of it or nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from kernel import clock
from reconciliation import api
from reconciliation.errors import AccountNotFound, FileUnreadable, OtherAccountKind, UnknownFormat
from reconciliation.models import RowError, Statement, StatementFile, StatementLine
from tests.factories.reconciliation import bring, make_account, statement_file

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).parents[1] / "fixtures"
BILL = FIXTURES / "wechat_bill/tradebill-ALL.csv"


def wechat(body: bytes = b"", name: str = "bill.csv") -> api.ImportResult:
    api.create_account(code="wx", name="微信支付", kind="wechat")
    return api.import_statement(account_code="wx", file_name=name, body=body or BILL.read_bytes(), actor="tests")


def test_a_bill_becomes_lines_with_payment_refund_and_fees_apart() -> None:
    result = wechat()
    assert (result.state, result.rows, result.lines, result.repeated) == ("imported", 4, 8, 0)
    sums = {
        kind: sum(StatementLine.objects.filter(kind=kind).values_list("amount", flat=True))
        for kind in ("payment", "refund", "service_fee")
    }
    assert {kind: str(total) for kind, total in sums.items()} == {
        "payment": "646.90000",
        "refund": "-20.00000",
        "service_fee": "-3.76140",
    }


def test_the_format_is_told_by_the_file() -> None:
    assert wechat().format == "wechat_bill"


def test_the_same_file_again_changes_nothing() -> None:
    first, again = wechat(), wechat(name="renamed.csv")
    assert (again.uid, again.is_new) == (first.uid, False)
    assert Statement.objects.count() == 1


def test_a_row_that_another_file_brings_again_is_counted_once() -> None:
    account = make_account()
    bring(account, [("1", "payment", "10.00"), ("2", "payment", "20.00")])
    later = bring(account, [("1", "payment", "10.00"), ("2", "payment", "20.00"), ("3", "payment", "30.00")])
    assert (later.lines, later.repeated) == (1, 2)
    assert StatementLine.objects.count() == 3


def test_a_row_that_comes_again_with_another_amount_is_an_error_and_nothing_of_its_file_is_taken() -> None:
    account = make_account()
    bring(account, [("1", "payment", "251.50"), ("2", "payment", "20.00")])
    edited = bring(account, [("1", "payment", "999.99"), ("2", "payment", "20.00"), ("3", "payment", "30.00")])
    assert (edited.state, edited.rows, edited.lines) == ("rejected", 3, 0)
    assert edited.errors == (
        {"path": "line 2, amount", "code": "row_conflict", "message": "S1-1-payment: 251.50 → 999.99"},
    )
    assert sorted(str(line.amount) for line in StatementLine.objects.all()) == ["20.00000", "251.50000"]


def test_two_rows_of_one_bill_that_tell_one_payment_in_two_ways_are_an_error() -> None:
    head, first, *others, sums, _end = BILL.read_text(encoding="utf-8-sig").split("\n")
    sums = sums.replace("`4,`646.90", "`5,`943.90").replace("`3.76140,`656.90", "`5.54940,`953.90")
    result = wechat("\n".join((head, first, first.replace("`298.00", "`297.00"), *others, sums, "")).encode())
    (error,) = result.errors
    assert (error["path"], error["code"]) == ("line 3, 应结订单金额", "row_conflict")
    assert error["message"].endswith("298.00 → 297.00")
    assert not StatementLine.objects.exists()


@pytest.mark.parametrize(
    ("currency", "amount", "code"),
    [
        ("USD", "251.50", "other_currency"),
        ("ZZZ", "5.00", "not_a_currency"),
        ("CNY", "0.001", "too_many_decimals"),
    ],
)
def test_money_that_the_account_cannot_hold_is_an_error_of_its_row(currency: str, amount: str, code: str) -> None:
    result = bring(make_account(), [("1", "payment", amount)], currency=currency)
    assert result.is_rejected
    assert result.errors[0]["code"] == code
    assert result.errors[0]["path"].startswith("line 2, ")
    assert not StatementLine.objects.exists()


def test_a_bill_is_refused_by_an_account_of_another_kind() -> None:
    make_account()
    with pytest.raises(OtherAccountKind, match="acc"):
        api.import_statement(account_code="acc", file_name="bill.csv", body=BILL.read_bytes(), actor="tests")
    assert not Statement.objects.exists()


def test_the_same_file_may_belong_to_two_accounts() -> None:
    one, other = make_account(code="one"), make_account(code="other")
    rows = [("1", "payment", "10.00")]
    at = clock.now()
    assert bring(one, rows, at=at).lines == bring(other, rows, at=at).lines == 1


def test_a_file_with_one_bad_row_is_kept_whole_and_taken_over_not_at_all() -> None:
    result = wechat(BILL.read_bytes().replace(b"`289.00", b"`28x.00", 1))
    assert result.is_rejected
    assert StatementLine.objects.count() == 0
    error = RowError.objects.get()
    assert (error.line_no, error.column, error.code, error.value) == (3, "应结订单金额", "not_a_number", "28x.00")
    assert result.errors[0]["path"] == "line 3, 应结订单金额"


def test_a_file_whose_footer_does_not_add_up_is_not_taken_over() -> None:
    result = bring(make_account(), [("1", "payment", "10.00")], total="11.00")
    assert result.is_rejected
    assert result.errors == ({"path": "footer, amount", "code": "total_differs", "message": "11.00 / 10.00"},)


def test_a_rejected_file_is_read_again_when_it_comes_again() -> None:
    account = make_account()
    body = statement_file([("1", "payment", "10.00")])
    first = api.import_statement(account_code="acc", file_name="a.csv", body=body + b"broken\n", actor="tests")
    Statement.objects.filter(uid=first.uid).update(errors_count=99)
    again = api.import_statement(account_code="acc", file_name="a.csv", body=body + b"broken\n", actor="tests")
    assert (again.uid, again.is_rejected) == (first.uid, True)
    assert Statement.objects.get(account=account).errors_count == 1
    assert RowError.objects.count() == 1


def test_a_file_in_no_known_format_is_refused_and_leaves_nothing() -> None:
    make_account()
    with pytest.raises(UnknownFormat) as refused:
        api.import_statement(account_code="acc", file_name="a.csv", body=b"hello,world\n1,2\n", actor="tests")
    assert "simulated" in refused.value.data["known"]
    assert Statement.objects.count() == 0


def test_a_named_format_must_be_the_file_s_own() -> None:
    make_account()
    with pytest.raises(UnknownFormat):
        api.import_statement(
            account_code="acc", file_name="b.csv", body=BILL.read_bytes(), format_name="simulated", actor="tests"
        )


def test_a_file_in_another_encoding_is_refused() -> None:
    make_account()
    body = statement_file([("1", "payment", "10.00")]).replace(b"S1", "结".encode("gbk"))
    with pytest.raises(FileUnreadable):
        api.import_statement(account_code="acc", file_name="a.csv", body=body, actor="tests")


def test_an_unknown_account_is_refused() -> None:
    with pytest.raises(AccountNotFound):
        api.import_statement(account_code="nobody", file_name="a.csv", body=b"x", actor="tests")


def test_who_paid_is_not_kept_with_the_row_and_the_file_is_kept_encrypted() -> None:
    wechat()
    assert all("用户标识" not in line.cells for line in StatementLine.objects.all())
    assert StatementFile.objects.get().body == BILL.read_bytes()
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM reconciliation_statementfile")
        assert "羊毛衫".encode() not in bytes(cursor.fetchone()[0])


def test_texts_that_look_like_escapes_survive_the_way_into_the_table() -> None:
    account = make_account()
    order = r"A\N\t\\B"
    bring(account, [(order, "payment", "10.00")])
    assert StatementLine.objects.get().order_ref == order


def test_the_period_is_that_of_the_rows() -> None:
    at = clock.now().replace(microsecond=0) - timedelta(days=3)
    bring(make_account(), [("1", "payment", "10.00")], at=at)
    statement = Statement.objects.get()
    assert (statement.period_from, statement.period_to) == (at, at)


def test_an_empty_statement_is_imported_and_matched() -> None:
    result = bring(make_account(), [])
    assert Statement.objects.get(uid=result.uid).state == "matched"


@pytest.mark.django_db(transaction=True)
def test_the_command_imports_matches_and_makes_the_account_of_a_first_statement(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("import_statement", str(BILL), "--format", "wechat_bill")
    assert "4 rows, 8 amounts; 0 matched, 8 without an order" in capsys.readouterr().out
    call_command("import_statement", str(BILL), "--format", "wechat_bill")
    assert "imported before" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_the_command_fails_with_the_errors_row_by_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "bill.csv"
    broken.write_bytes(BILL.read_bytes().replace(b"`289.00", b"`28x.00", 1))
    with pytest.raises(CommandError, match="not imported"):
        call_command("import_statement", str(broken))
    assert "line 3, 应结订单金额: not_a_number 28x.00" in capsys.readouterr().err
