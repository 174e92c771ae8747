"""Tracking numbers suggest a carrier; they never refuse a parcel."""

import pytest

from warehouse.carrier_book import carrier_name, carriers, is_known_format, suggest


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        ("SF1234567890123", "SF"),
        ("YT1234567890123", "YTO"),
        ("73100000000001", "ZTO"),
        ("773012345678901", "STO"),
        ("JT1234567890123", "JT"),
        ("JT123456789012", "JT"),
        ("JDVA12345678901", "JD"),
        ("JDX123456789012", "JD"),
        ("JDVA12345678901-1-3-", "JD"),
        ("EA123456789CN", "EMS"),
        ("DPK202012345678", "DEPPON"),
    ],
)
def test_a_shape_of_its_own_names_the_carrier(number, carrier):
    seen = suggest(number)
    assert seen.sure is not None
    assert seen.sure.code == carrier
    assert is_known_format(carrier, number)


@pytest.mark.parametrize(
    ("number", "some"),
    [("123456789012", {"SF", "ZTO", "ANE"}), ("4312345678901", {"YUNDA", "EMS"}), ("268123456789", {"STO", "SF"})],
)
def test_digits_that_several_carriers_use_name_all_of_them_and_none_for_sure(number, some):
    seen = suggest(number)
    assert seen.sure is None
    assert some <= {one.code for one in seen.candidates}


def test_a_strange_number_suggests_nobody():
    assert suggest("HELLO-WORLD") == suggest("X")
    assert suggest("HELLO-WORLD").candidates == ()


def test_every_carrier_has_a_name_in_both_languages_and_its_own_code():
    for code, carrier in carriers().items():
        assert carrier.code == code == code.upper()
        assert carrier.name
        assert carrier.name_zh
    assert carrier_name("UNHEARD") == "UNHEARD"
