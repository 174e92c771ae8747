"""Masked text tells no more than the rule of its kind, for any input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.masking import mask, scrub

KINDS = ["phone", "id_card", "name", "address", "email", "ip", "text"]
cn_mobiles = st.from_regex(r"\A1[3-9][0-9]{9}\Z")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "13812345678", "138****5678"),
        ("phone", "+8613812345678", "138****5678"),
        ("phone", "+86 138 1234 5678", "138 **** 5678"),
        ("phone", "+86138****5678", "138****5678"),
        ("phone", "+861012345678", "+8610****5678"),
        ("phone", "+15024592181", "+150****2181"),
        ("phone", "138-1234-5678", "138-****-5678"),
        ("phone", "13812345678-4321", "138****5678-****"),
        ("phone", "010-12345678", "010-****5678"),
        ("phone", "138****5678", "138****5678"),
        ("phone", "95588", "****"),
        ("id_card", "330106199001011234", "3301061990********"),
        ("id_card", "1234", "****"),
        ("name", "李小明", "李**"),
        ("name", "John Smith", "J**"),
        ("address", "浙江省杭州市西湖区文三路 90 号 3 幢 201", "浙江省杭州市西湖区****"),
        ("address", "上海市浦东新区世纪大道 100 号", "上海市浦东新区****"),
        ("address", "广西壮族自治区南宁市青秀区民族大道1号", "广西壮族自治区南宁市青秀区****"),
        ("address", "杭州市西湖区文三小区3幢", "杭州市西湖区****"),
        ("address", "文三小区3幢", "****"),
        ("address", "12 High Street", "****"),
        ("email", "li.xiaoming@example.com", "l***@example.com"),
        ("email", "no mail", "****"),
        ("ip", "203.0.113.9", "203.0.*.*"),
        ("ip", "2001:db8::1", "2001:db8:*"),
        ("ip", "::ffff:203.0.113.9", "203.0.*.*"),
        ("ip", "no address", "****"),
        ("text", "anything", "****"),
    ],
)
def test_each_kind_is_masked_as_people_in_the_trade_expect(kind, value, shown):
    assert mask(kind, value) == shown


@given(st.sampled_from(KINDS))
def test_nothing_stays_nothing(kind):
    assert mask(kind, None) == mask(kind, "") == mask(kind, "  ") == ""


@given(st.sampled_from(KINDS), st.text(min_size=1))
def test_masking_twice_is_masking_once(kind, value):
    once = mask(kind, value)
    assert mask(kind, once) == once


@given(cn_mobiles)
def test_the_middle_four_digits_of_a_mobile_are_gone(phone):
    shown = mask("phone", phone)
    assert shown == f"{phone[:3]}****{phone[7:]}"


@given(st.from_regex(r"\A[0-9]{17}[0-9X]\Z"))
def test_the_last_eight_of_an_id_card_are_gone(number):
    assert mask("id_card", number) == number[:10] + "********"


@given(st.text(min_size=2).map(str.strip).filter(lambda name: len(name) > 1))
def test_a_name_shows_its_first_character_and_not_its_length(name):
    assert mask("name", name) == f"{name[0]}**"


@given(st.text(alphabet="浙江省杭州市西湖区文三路0123456789号室 ", min_size=1))
def test_an_address_shows_no_house_number(address):
    assert not any(sign.isdigit() for sign in mask("address", address))


@given(
    cn_mobiles,
    st.text(alphabet="请打电话给我谢谢,。 ", max_size=10),
    st.text(alphabet="请打电话给我谢谢,。 ", max_size=10),
)
def test_a_phone_inside_free_text_is_masked(phone, before, after):
    assert phone not in scrub(before + phone + after)


@given(st.from_regex(r"\A[1-9][0-9]{5}19[0-9]{9}[0-9X]\Z"))
def test_an_id_card_inside_free_text_is_masked(number):
    assert number not in scrub(f"身份证{number}。")


def test_a_mail_address_inside_free_text_is_masked():
    assert scrub("write to li.ming@example.com, please") == "write to l***@example.com, please"


def test_order_numbers_and_amounts_are_left_alone():
    assert (
        scrub("O26112200000017 paid 1299.00, 运单 SF1234567890123")
        == "O26112200000017 paid 1299.00, 运单 SF1234567890123"
    )
