"""Unified order numbers: O + yymmdd (Shanghai) + 8-digit sequence + check digit, never reused."""

from django.db import connection

from kernel import clock

SEQUENCE = "orders_order_no_seq"
NUMBER_ZONE = "Asia/Shanghai"


def next_order_no() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCE])
        serial = cursor.fetchone()[0]
    digits = f"{clock.business_date(clock.now(), NUMBER_ZONE):%y%m%d}{serial % 10**8:08d}"
    return f"O{digits}{check_digit(digits)}"


def check_digit(digits: str) -> int:
    """The Luhn digit: catches a wrong digit and nearly every swap of neighbours when a number is read over the phone."""
    total = 0
    for position, char in enumerate(reversed(digits)):
        value = int(char) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def is_order_no(text: str) -> bool:
    return len(text) == 16 and text[0] == "O" and text[1:].isdecimal() and check_digit(text[1:-1]) == int(text[-1])
