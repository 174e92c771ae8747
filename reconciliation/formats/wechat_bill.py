"""WeChat Pay APIv3 trade bill, variants ALL, SUCCESS and REFUND.

UTF-8 with BOM, CRLF. The header line is plain; each data cell starts with one back-tick and may hold commas, so rows are
split at comma + back-tick. Then a summary header and one summary row. Columns are looked up by name: older bills have fewer.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from reconciliation.formats.base import (
    BadCell,
    Entry,
    Footer,
    Found,
    Problem,
    Row,
    StatementFormat,
    Total,
    currency,
    gettext_noop,
    header,
    moment,
    named,
    number,
    optional_number,
    text,
)

NEEDED = frozenset({"交易时间", "微信订单号", "商户订单号", "交易状态", "货币种类", "应结订单金额", "手续费"})
COUNT = "总交易单数"
# The file's own sum → the column it is the sum of.
SUMS = {
    "应结订单总金额": "应结订单金额",
    "退款总金额": "退款金额",
    "充值券退款总金额": "充值券退款金额",
    "手续费总金额": "手续费",
    "订单总金额": "订单金额",
    "申请退款总金额": "申请退款金额",
}


def recognises(head: str) -> bool:
    return header(head) >= NEEDED


def parse(data: bytes, zone: str) -> Iterator[Found]:
    lines = data.decode("utf-8-sig").split("\n")
    columns = lines[0].strip().split(",")
    sums = dict.fromkeys(SUMS.values(), Decimal(0))
    rows, footer_columns = 0, None
    for line_no, raw in enumerate(lines[1:], start=2):
        line = raw.rstrip("\r")
        if not line.strip():
            continue
        if line.startswith(COUNT):
            footer_columns = line.strip().split(",")
        elif footer_columns:
            yield _footer(line_no, footer_columns, line, rows, sums)
        else:
            rows += 1
            yield _row(line_no, columns, line, zone, sums)
    if footer_columns is None:
        yield Problem(len(lines), COUNT, "footer_missing")


def _row(line_no: int, columns: list[str], line: str, zone: str, sums: dict[str, Decimal]) -> Row | Problem:
    try:
        cells = named(columns, _split(line))
        row = Row(
            line_no=line_no,
            key="-".join(filter(None, (text(cells, "微信订单号", required=True), _refund_no(cells), _state(cells)))),
            order_ref=text(cells, "商户订单号"),
            payment_no=text(cells, "微信订单号"),
            currency=currency(cells, "货币种类"),
            occurred_at=moment(cells, "交易时间", zone),
            entries=_entries(cells),
            cells=cells,
        )
        amounts = {column: optional_number(cells, column) for column in sums}
    except BadCell as bad:
        return bad.at(line_no)
    for column, amount in amounts.items():
        sums[column] += amount
    return row


def _entries(cells: Mapping[str, str]) -> tuple[Entry, ...]:
    """SUCCESS is money in, REFUND money out, the fee is kept either way (negative when given back). Any other state
    (REVOKED, a refund that did not succeed) moves money in a way the row does not state: shown, never signed."""
    fee = Entry("service_fee", -number(cells, "手续费"), column="手续费", is_fine=True)
    match _state(cells), cells.get("退款状态", "").strip():
        case "SUCCESS", _:
            gross = optional_number(cells, "订单金额") if cells.get("订单金额") else None
            main = Entry("payment", number(cells, "应结订单金额"), gross, "应结订单金额")
        case "REFUND", "SUCCESS" | "":
            main = Entry("refund", -number(cells, "退款金额"), column="退款金额")
        case _:
            return (Entry("other", None),)
    return (main, fee) if fee.amount else (main,)


def _footer(line_no: int, columns: list[str], line: str, rows: int, sums: dict[str, Decimal]) -> Footer | Problem:
    try:
        cells = named(columns, _split(line))
        totals = [Total(COUNT, number(cells, COUNT), Decimal(rows))]
        totals += [Total(label, number(cells, label), sums[column]) for label, column in SUMS.items() if label in cells]
    except BadCell as bad:
        return bad.at(line_no)
    return Footer(tuple(totals))


def _split(line: str) -> list[str]:
    if not line.startswith("`"):
        raise BadCell("", "not_a_bill_row", line)
    return line[1:].split(",`")


def _state(cells: Mapping[str, str]) -> str:
    return text(cells, "交易状态", required=True).upper()


def _refund_no(cells: Mapping[str, str]) -> str:
    value = text(cells, "微信退款单号")
    return "" if value == "0" else value


FORMAT = StatementFormat(
    name="wechat_bill",
    title=gettext_noop("WeChat Pay trade bill"),
    recognises=recognises,
    parse=parse,
    account_kind="wechat",
    currency_column="货币种类",
    personal_columns=frozenset({"用户标识", "商户数据包", "设备号"}),
)
