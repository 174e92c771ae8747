"""Statement files as they come: every line of a file is either understood or named as a problem."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciliation.formats import simulated, wechat_bill
from reconciliation.formats.base import Footer, Found, Problem, Row, StatementFormat

FIXTURES = Path(__file__).parents[1] / "fixtures"
ALL = (FIXTURES / "wechat_bill/tradebill-ALL.csv").read_bytes()
SIMULATED = (FIXTURES / "simulated/statement.csv").read_bytes()
ZONE = "Asia/Shanghai"


def read(data: bytes, chosen: StatementFormat = wechat_bill.FORMAT) -> list[Found]:
    return list(chosen.parse(data, ZONE))


def rows(found: list[Found]) -> list[Row]:
    return [one for one in found if isinstance(one, Row)]


def problems(found: list[Found]) -> list[Problem]:
    return [one for one in found if isinstance(one, Problem)]


def totals(found: list[Found]) -> dict[str, tuple[Decimal, Decimal]]:
    return {t.label: (t.stated, t.computed) for one in found if isinstance(one, Footer) for t in one.totals}


def amounts(row: Row) -> dict[str, str]:
    return {entry.kind: str(entry.amount) for entry in row.entries}


def test_a_bill_is_read_with_its_commas_in_product_names() -> None:
    found = read(ALL)
    assert rows(found)[0].cells["商品名称"] == "羊毛衫, 灰色, M"
    assert problems(found) == []


def test_the_byte_order_mark_is_no_part_of_the_first_column() -> None:
    assert wechat_bill.recognises(ALL.decode("utf-8-sig"))
    assert rows(read(ALL))[0].cells["交易时间"] == "2026-11-20 09:12:03"


def test_bill_times_are_in_the_account_s_zone() -> None:
    assert rows(read(ALL))[0].occurred_at.isoformat() == "2026-11-20T01:12:03+00:00"


def test_a_paid_row_carries_the_payment_and_the_fee_that_was_kept() -> None:
    assert amounts(rows(read(ALL))[0]) == {"payment": "298.00", "service_fee": "-1.78800"}


def test_a_coupon_shows_as_gross_above_what_is_settled() -> None:
    payment = rows(read(ALL))[1].entries[0]
    assert (payment.amount, payment.gross) == (Decimal("289.00"), Decimal("299.00"))


def test_a_refund_row_takes_money_away_and_gives_its_fee_back() -> None:
    assert amounts(rows(read(ALL))[3]) == {"refund": "-20.00", "service_fee": "0.12000"}


def test_payment_and_refund_of_one_order_are_different_rows() -> None:
    keys = [row.key for row in rows(read(ALL))]
    assert len(set(keys)) == len(keys) == 4


def test_the_bill_s_own_totals_are_those_of_its_rows() -> None:
    assert all(stated == computed for stated, computed in totals(read(ALL)).values())
    assert totals(read(ALL))["手续费总金额"] == (Decimal("3.76140"), Decimal("3.76140"))


@pytest.mark.parametrize("variant", ["SUCCESS", "REFUND"])
def test_the_shorter_and_longer_variants_are_read_by_column_name(variant: str) -> None:
    found = read((FIXTURES / f"wechat_bill/tradebill-{variant}.csv").read_bytes())
    assert len(rows(found)) == 1
    assert problems(found) == []
    assert all(stated == computed for stated, computed in totals(found).values())


def test_a_state_that_moves_money_in_an_unstated_direction_is_shown_without_an_amount() -> None:
    revoked = ALL.replace(b"`SUCCESS,`CMB_DEBIT", b"`REVOKED,`CMB_DEBIT", 1)
    entry = rows(read(revoked))[0].entries[0]
    assert (entry.kind, entry.amount) == ("other", None)


def test_a_cut_off_bill_is_told_by_its_missing_footer() -> None:
    cut = ALL[: ALL.index("总交易单数".encode())]
    assert [one.code for one in problems(read(cut))] == ["footer_missing"]


def test_a_bad_cell_names_its_line_and_column() -> None:
    broken = ALL.replace(b"`289.00", b"`28x.00", 1)
    assert [(one.line_no, one.column, one.code, one.value) for one in problems(read(broken))] == [
        (3, "应结订单金额", "not_a_number", "28x.00")
    ]


def test_a_footer_that_does_not_add_up_is_seen() -> None:
    stated, computed = totals(read(ALL.replace(b"`646.90", b"`656.90", 1)))["应结订单总金额"]
    assert (stated, computed) == (Decimal("656.90"), Decimal("646.90"))


def test_the_simulated_statement_keeps_signs_and_shows_unknown_kinds() -> None:
    found = rows(read(SIMULATED, simulated.FORMAT))
    assert [amounts(row) for row in found][:2] == [{"payment": "298.00"}, {"commission": "-5.96"}]
    assert amounts(found[5]) == {"other": "1.50"}
    assert found[5].cells["kind"] == "promo_rebate"


def test_a_row_of_a_growing_statement_keeps_its_identity_when_its_number_moves() -> None:
    moved = SIMULATED.replace(b"S-demo-20261120,3,1002", b"S-demo-20261120,7,1002")
    assert {row.key for row in rows(read(SIMULATED, simulated.FORMAT))} == {
        row.key for row in rows(read(moved, simulated.FORMAT))
    }


def test_a_stray_quote_spoils_its_own_row_only() -> None:
    found = read(SIMULATED.replace(b"1002,refund", b'"1002,refund', 1), simulated.FORMAT)
    assert len(rows(found)) == 5
    assert [(one.line_no, one.code) for one in problems(found)] == [(6, "not_a_csv_row")]


def test_a_header_or_state_that_no_bill_has_is_refused_and_never_stored() -> None:
    assert not wechat_bill.recognises(ALL.decode("utf-8-sig").replace("费率备注", "费率\x00备注", 1))
    found = read(ALL.replace(b"`SUCCESS,`CMB", b"`" + b"S" * 300 + b",`CMB", 1))
    assert [(one.column, one.code) for one in problems(found)] == [("交易状态", "too_long")]


TEXT = st.text(st.characters(blacklist_characters="\n", blacklist_categories=("Cs",)), max_size=40)


@given(st.lists(st.one_of(TEXT.filter(str.strip), st.sampled_from(SIMULATED.decode().splitlines()[1:-1])), max_size=12))
def test_parsed_rows_and_problems_are_all_lines_of_a_simulated_statement(lines: list[str]) -> None:
    lines = [line for line in lines if not line.startswith("TOTAL,")]
    data = "\n".join([SIMULATED.decode().splitlines()[0], *lines, f"TOTAL,{len(lines)},0"]).encode()
    found = read(data, simulated.FORMAT)
    assert len(rows(found)) + len(problems(found)) == len(lines)


@given(
    st.lists(st.one_of(TEXT.filter(str.strip), st.sampled_from(ALL.decode("utf-8-sig").splitlines()[1:5])), max_size=12)
)
def test_parsed_rows_and_problems_are_all_lines_of_a_bill(lines: list[str]) -> None:
    lines = [line for line in lines if not line.startswith("总交易单数")]
    text = ALL.decode("utf-8-sig").splitlines()
    data = "\r\n".join([text[0], *lines, *text[5:]]).encode()
    found = read(data)
    assert len(rows(found)) + len(problems(found)) == len(lines)
