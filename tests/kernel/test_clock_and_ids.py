from datetime import UTC, date, datetime

import pytest

from kernel import clock
from kernel.ids import uuid7

SHANGHAI = "Asia/Shanghai"


def test_a_time_without_an_offset_is_meant_in_the_channels_zone() -> None:
    assert clock.parse("2026-11-22 08:00:00", SHANGHAI) == datetime(2026, 11, 22, tzinfo=UTC)


def test_a_time_with_an_offset_keeps_its_own_meaning() -> None:
    expected = datetime(2026, 11, 22, tzinfo=UTC)
    assert clock.parse("2026-11-22T00:00:00Z", SHANGHAI) == expected
    assert clock.parse("2026-11-21T19:00:00-05:00", SHANGHAI) == expected
    assert clock.parse("2026-11-22T08:00:00.1234567+08:00", "UTC") == expected.replace(microsecond=123456)


@pytest.mark.parametrize(
    "text", [None, "", " ", "0", "0001-01-01 00:00:00", "0001-01-01T00:00:00Z", "0000-00-00 00:00:00"]
)
def test_what_platforms_send_for_no_time_is_no_time(text: str | None) -> None:
    assert clock.parse(text, SHANGHAI) is None


def test_what_is_no_time_at_all_is_an_error() -> None:
    with pytest.raises(ValueError, match="yesterday"):
        clock.parse("yesterday", SHANGHAI)


def test_unix_times_are_read_in_seconds_and_milliseconds() -> None:
    assert (
        clock.from_epoch(1763769600)
        == clock.from_epoch("1763769600000", unit="ms")
        == datetime(2025, 11, 22, tzinfo=UTC)
    )
    assert clock.from_epoch(0) is None
    assert clock.from_epoch(None) is None


def test_the_business_date_is_that_of_the_shops_zone() -> None:
    late = datetime(2026, 1, 1, 17, tzinfo=UTC)
    assert clock.business_date(late, SHANGHAI) == date(2026, 1, 2)
    assert clock.business_date(late, "America/New_York") == date(2026, 1, 1)


def test_row_identities_are_version_7_distinct_and_in_the_order_of_their_making() -> None:
    made = [uuid7() for _ in range(5000)]
    assert {uid.version for uid in made} == {7}
    assert len(set(made)) == len(made)
    instants = [uid.int >> 64 for uid in made]
    assert instants == sorted(instants)
