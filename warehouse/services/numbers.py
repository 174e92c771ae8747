"""Wave and parcel numbers: W or P + yymmdd (Shanghai) + sequence, never reused."""

from django.db import connection

from kernel import clock

SEQUENCE = "warehouse_number_seq"
NUMBER_ZONE = "Asia/Shanghai"


def next_number(prefix: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [SEQUENCE])
        serial = cursor.fetchone()[0]
    return f"{prefix}{clock.business_date(clock.now(), NUMBER_ZONE):%y%m%d}{serial % 10**6:06d}"
