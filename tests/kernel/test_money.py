from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import ZERO, exponent, from_minor, is_currency, quantize, split, to_minor

currencies = st.sampled_from(["CNY", "USD", "JPY", "KWD"])
units = st.integers(-(10**12), 10**12)
weights = st.lists(st.decimals(min_value=0, max_value=10**6, places=4), min_size=1, max_size=30)


@given(units, weights, currencies)
def test_the_parts_of_a_split_always_add_up_to_the_total(units: int, weights: list[Decimal], currency: str) -> None:
    total = from_minor(units, currency)
    assert sum(split(total, weights, currency), ZERO) == total


@given(units, weights, currencies)
def test_no_part_is_more_than_one_minor_unit_from_its_exact_share(
    units: int, weights: list[Decimal], currency: str
) -> None:
    total, whole = from_minor(units, currency), sum(weights)
    smallest = from_minor(1, currency)
    for part, weight in zip(split(total, weights, currency), weights, strict=True):
        exact = total * weight / whole if whole else total / len(weights)
        assert abs(part - exact) < smallest * Decimal("1.000001")


@given(units, weights, currencies)
def test_every_part_is_in_whole_minor_units_and_has_the_totals_sign(
    units: int, weights: list[Decimal], currency: str
) -> None:
    for part in split(from_minor(units, currency), weights, currency):
        assert part == quantize(part, currency)
        assert part * units >= 0


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_refunding_a_line_in_steps_ends_exactly_at_zero(units: int, steps: list[int]) -> None:
    left = from_minor(units, "CNY")
    for index in range(len(steps)):
        refund, *_ = split(left, steps[index:], "CNY")
        left -= refund
    assert left == 0


def test_weights_that_are_all_zero_mean_equal_parts() -> None:
    assert split(Decimal("10.00"), [0, 0, 0], "CNY") == [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")]


def test_equal_remainders_go_to_the_earlier_part() -> None:
    assert split(Decimal("0.01"), [1, 1], "CNY") == [Decimal("0.01"), ZERO]


@pytest.mark.parametrize(("total", "weights"), [(Decimal("1.005"), [1, 1]), (Decimal(1), [1, -1]), (Decimal(1), [])])
def test_a_split_that_cannot_be_exact_is_refused(total: Decimal, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"."):
        split(total, weights, "CNY")


def test_each_currency_has_its_own_minor_unit() -> None:
    assert [exponent(code) for code in ("CNY", "JPY", "KWD", "CLF")] == [2, 0, 3, 4]
    assert from_minor(1999, "CNY") == Decimal("19.99")
    assert from_minor(1999, "JPY") == Decimal(1999)
    assert to_minor(Decimal("1.234"), "KWD") == 1234


@pytest.mark.parametrize("code", ["", "RMB¥", "cny", "人民币"])
def test_what_is_no_currency_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="currency"):
        exponent(code)


@pytest.mark.parametrize(
    ("code", "is_known"), [("CNY", True), ("KWD", True), ("ZZZ", False), ("cny", False), ("XTS", False)]
)
def test_a_currency_is_one_that_iso_4217_knows(code: str, is_known: bool) -> None:
    assert is_currency(code) == is_known


def test_halves_are_rounded_away_from_zero() -> None:
    assert quantize(Decimal("0.125"), "CNY") == Decimal("0.13")
    assert quantize(Decimal("-0.125"), "CNY") == Decimal("-0.13")
