import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from kernel.crypto import DecryptionFailed, KeysMissing, blind_candidates, blind_index, normalize_phone
from kernel.crypto.cipher import FieldCipher
from kernel.ids import uuid7
from tests.kernel.models import Person

PHONE = "+8613800001111"
cipher = FieldCipher("orders_address", "phone")


def stored(person: Person, column: str = "phone") -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {Person._meta.db_table} WHERE id = %s", [person.pk])
        return bytes(cursor.fetchone()[0])


def store(person: Person, ciphertext: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Person._meta.db_table} SET phone = %s WHERE id = %s", [ciphertext, person.pk])


@given(st.binary(max_size=300))
def test_what_is_sealed_for_a_row_opens_for_that_row(plain: bytes) -> None:
    uid = uuid7()
    assert cipher.open(uid, cipher.seal(uid, plain)) == plain


@given(st.binary(min_size=1, max_size=60), st.data())
def test_a_ciphertext_changed_in_any_bit_does_not_open(plain: bytes, data: st.DataObject) -> None:
    uid = uuid7()
    sealed = bytearray(cipher.seal(uid, plain))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((DecryptionFailed, KeysMissing)):
        cipher.open(uid, bytes(sealed))


@given(st.binary(max_size=60), st.integers(0, 60))
def test_a_ciphertext_cut_short_does_not_open(plain: bytes, kept: int) -> None:
    uid = uuid7()
    sealed = cipher.seal(uid, plain)
    with pytest.raises(DecryptionFailed):
        cipher.open(uid, sealed[: min(kept, len(sealed) - 1)])


def test_a_ciphertext_moved_to_another_row_field_or_table_does_not_open() -> None:
    uid = uuid7()
    sealed = cipher.seal(uid, b"clear")
    for other, row in (
        (cipher, uuid7()),
        (FieldCipher("orders_address", "name"), uid),
        (FieldCipher("orders_buyer", "phone"), uid),
    ):
        with pytest.raises(DecryptionFailed):
            other.open(row, sealed)


def test_the_same_value_is_never_sealed_into_the_same_bytes() -> None:
    uid = uuid7()
    assert len({cipher.seal(uid, b"clear") for _ in range(100)}) == 100


@pytest.mark.django_db
class TestFields:
    def test_the_row_holds_a_ciphertext_and_the_attribute_the_clear_value(self) -> None:
        person = Person.objects.create(phone=PHONE, keys={"secret": "s"})
        assert PHONE.encode() not in stored(person)
        assert b"secret" not in stored(person, "keys")
        found = Person.objects.get(pk=person.pk)
        assert (found.phone, found.keys) == (PHONE, {"secret": "s"})

    def test_loading_and_printing_a_row_decrypts_nothing(self) -> None:
        person = Person.objects.create(phone=PHONE)
        store(person, b"\x01broken")
        found = Person.objects.get(pk=person.pk)
        assert "8613800001111" not in repr(found.__dict__)

    def test_a_value_that_cannot_be_read_raises_and_is_written_back_as_it_was(self) -> None:
        person = Person.objects.create(name="Wang", phone=PHONE)
        broken = bytearray(stored(person))
        broken[-1] ^= 1
        store(person, bytes(broken))
        found = Person.objects.get(pk=person.pk)
        with pytest.raises(DecryptionFailed):
            _ = found.phone
        found.name = "Li"
        found.save()
        assert stored(found) == bytes(broken)
        assert Person.objects.get(pk=person.pk).name == "Li"

    def test_saving_an_unchanged_row_keeps_its_ciphertext_byte_for_byte(self) -> None:
        person = Person.objects.create(phone=PHONE)
        before = stored(person)
        found = Person.objects.get(pk=person.pk)
        assert found.phone == PHONE
        found.save()
        assert stored(person) == before

    def test_deferred_only_and_refreshed_fields_work(self) -> None:
        person = Person.objects.create(name="Wang", phone=PHONE)
        found = Person.objects.only("name").get(pk=person.pk)
        assert "phone_sealed" not in found.__dict__
        found.name = "Li"
        found.save()
        assert found.phone == PHONE
        assert Person.objects.defer("phone").get(pk=person.pk).phone == PHONE
        person.phone = "changed in memory"
        person.refresh_from_db()
        assert (person.name, person.phone) == ("Li", PHONE)
        person.phone = "changed in memory"
        person.refresh_from_db(fields=["phone"])
        assert person.phone == PHONE

    def test_save_of_one_field_seals_that_field(self) -> None:
        person = Person.objects.create(name="Wang", phone=PHONE)
        person.name, person.phone = "not saved", "+8613900002222"
        person.save(update_fields=["phone"])
        found = Person.objects.get(pk=person.pk)
        assert (found.name, found.phone) == ("Wang", "+8613900002222")

    def test_rows_made_in_bulk_are_sealed_each_for_itself(self) -> None:
        Person.objects.bulk_create(Person(name=f"n{i}", phone=PHONE) for i in range(3))
        assert [person.phone for person in Person.objects.all()] == [PHONE] * 3
        assert len({stored(person) for person in Person.objects.all()}) == 3

    def test_a_copy_of_a_row_must_not_carry_its_ciphertext(self) -> None:
        copy = Person.objects.create(phone=PHONE)
        copy = Person.objects.get(pk=copy.pk)
        copy.pk, copy.uid = None, uuid7()
        copy._state.adding = True
        with pytest.raises(DecryptionFailed):
            copy.save(force_insert=True)

    def test_an_empty_value_is_stored_empty_and_none_as_null(self) -> None:
        person = Person.objects.create(phone="", keys=None)
        assert stored(person) == b""
        found = Person.objects.get(pk=person.pk)
        assert (found.phone, found.keys) == ("", None)

    def test_queries_cannot_use_a_value_that_is_sealed_for_one_row(self) -> None:
        Person.objects.create(phone=PHONE)
        with pytest.raises(TypeError, match="encrypted"):
            Person.objects.filter(phone=PHONE).exists()
        with pytest.raises(TypeError, match="encrypted"):
            Person.objects.update(phone=PHONE)

    def test_a_full_clean_of_a_loaded_row_decrypts_nothing_and_passes(self) -> None:
        person = Person.objects.create(name="Wang", phone=PHONE, keys={"a": 1})
        Person.objects.get(pk=person.pk).full_clean()

    def test_a_value_is_found_by_its_blind_index(self) -> None:
        Person.objects.create(phone=PHONE, phone_index=blind_index("phone", PHONE))
        Person.objects.create(phone="", phone_index=blind_index("phone", ""))
        typed = normalize_phone("138 0000-1111")
        assert Person.objects.get(phone_index__in=blind_candidates("phone", typed)).phone == PHONE
        assert not Person.objects.filter(phone_index__in=blind_candidates("phone", "")).exists()


def test_a_blind_index_tells_its_version_and_keeps_kinds_apart() -> None:
    assert len(blind_index("phone", PHONE)) == 33
    assert blind_index("phone", PHONE) == blind_index("phone", PHONE)
    assert blind_index("phone", PHONE) != blind_index("mail", PHONE)
    assert blind_index("phone", PHONE)[0] == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13800001111", PHONE),
        ("+86 138-0000-1111", PHONE),
        ("0086 13800001111", PHONE),
        ("+1 650 253 0000", "+16502530000"),
        ("１３８００００１１１１", PHONE),
        ("138****1111", ""),
        ("", ""),
        ("call me", ""),
    ],
)
def test_phones_are_normalised_to_one_form(text: str, expected: str) -> None:
    assert normalize_phone(text) == expected
