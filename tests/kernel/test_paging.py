from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel.paging import BadCursor, capped_count, paginate
from tests.kernel.models import Person

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Person]:
    # Many share an instant: only the id behind it tells them apart.
    return Person.objects.bulk_create(
        Person(seen_at=NOON + timedelta(minutes=i // 4), balance=i % 3) for i in range(25)
    )


def walk(order: tuple[str, ...], size: int = 7) -> tuple[list[list[int]], list[list[int]]]:
    forward, cursors, cursor = [], [], ""
    while True:
        page = paginate(Person.objects.all(), order=order, cursor=cursor, size=size)
        forward.append([row.pk for row in page.rows])
        cursors.append(page.prev_cursor)
        if not page.has_more:
            break
        cursor = page.next_cursor
    backward = [forward[-1]]
    cursor = cursors[-1]
    while cursor:
        page = paginate(Person.objects.all(), order=order, cursor=cursor, size=size)
        backward.append([row.pk for row in page.rows])
        cursor = page.prev_cursor
    return forward, backward[::-1]


@pytest.mark.parametrize(
    "order", [("id",), ("-id",), ("-seen_at", "-id"), ("balance", "-seen_at", "id"), ("-balance", "seen_at", "-id")]
)
def test_walking_forward_shows_every_row_once_and_walking_back_shows_the_same_pages(
    people: list[Person], order: tuple[str, ...]
) -> None:
    forward, backward = walk(order)
    expected = list(Person.objects.order_by(*order).values_list("pk", flat=True))
    assert [pk for page in forward for pk in page] == expected
    assert forward == backward


def test_the_first_page_has_no_page_before_it_and_the_last_none_behind_it(people: list[Person]) -> None:
    first = paginate(Person.objects.all(), size=20)
    assert (first.has_previous, first.has_more) == (False, True)
    last = paginate(Person.objects.all(), size=20, cursor=first.next_cursor)
    assert (last.has_previous, last.has_more, len(last.rows)) == (True, False, 5)


def test_rows_added_while_reading_move_no_row_to_another_page(people: list[Person]) -> None:
    first = paginate(Person.objects.all(), size=10)
    Person.objects.create(seen_at=NOON)
    second = paginate(Person.objects.all(), size=10, cursor=first.next_cursor)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
    assert second.rows[0].pk == first.rows[-1].pk - 1


def test_a_cursor_works_for_its_own_list_only(people: list[Person]) -> None:
    cursor = paginate(Person.objects.all(), size=5, filter_hash="a").next_cursor
    for changed in ({"filter_hash": "b"}, {"filter_hash": "a", "order": ("id",)}):
        with pytest.raises(BadCursor):
            paginate(Person.objects.all(), size=5, cursor=cursor, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("cursor", ["x", "WyJuIl0:abc", "😀", "a:b:c"])
def test_a_cursor_of_another_hand_is_refused(people: list[Person], cursor: str) -> None:
    with pytest.raises(BadCursor) as caught:
        paginate(Person.objects.all(), cursor=cursor)
    assert (caught.value.code, caught.value.status) == ("bad_cursor", 422)


def test_one_page_is_one_query_however_deep(people: list[Person], django_assert_num_queries: Any) -> None:
    cursor = paginate(Person.objects.all(), size=5).next_cursor
    with django_assert_num_queries(1):
        paginate(Person.objects.all(), size=5, cursor=cursor)


def test_an_empty_list_is_one_empty_page() -> None:
    page = paginate(Person.objects.all())
    assert (page.rows, page.has_more, page.has_previous) == ([], False, False)


def test_a_count_stops_at_its_limit(people: list[Person]) -> None:
    assert capped_count(Person.objects.all(), cap=10) == (10, True)
    assert capped_count(Person.objects.all(), cap=25) == (25, False)
