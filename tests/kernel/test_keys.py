from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kernel.crypto import KeysMissing, blind_candidates, blind_index, keys
from kernel.crypto.cipher import FieldCipher, key_id_of
from kernel.crypto.rotation import rotate
from kernel.ids import uuid7
from tests.kernel.models import Person


@pytest.fixture
def key_folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.OMS_KEYS_DIR = tmp_path / "keys"
    keys.forget()
    yield settings.OMS_KEYS_DIR
    keys.forget()


def command(name: str, *args: str) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


def test_the_demo_makes_its_own_keys_readable_by_their_owner_alone(key_folder: Path) -> None:
    assert keys.ring().data
    assert (key_folder / keys.FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_outside_the_demo_nobody_makes_keys_on_the_way(key_folder: Path, settings: Any) -> None:
    settings.OMS_DEMO = False
    with pytest.raises(KeysMissing, match="generate_keys"):
        keys.ring()
    assert not key_folder.exists()


def test_generate_keys_writes_a_ring_once_and_never_over_another(key_folder: Path) -> None:
    command("generate_keys")
    first = (key_folder / keys.FILE_NAME).read_text()
    with pytest.raises(CommandError, match="--rotate"):
        command("generate_keys")
    command("generate_keys", "--if-missing")
    assert (key_folder / keys.FILE_NAME).read_text() == first


def test_two_processes_that_make_keys_at_once_end_with_one_ring(key_folder: Path) -> None:
    source = keys.FileKeys(key_folder)
    assert [source.create(), source.create()] == [True, False]
    assert list(key_folder.iterdir()) == [key_folder / keys.FILE_NAME]


def test_the_environments_keys_come_before_the_files(key_folder: Path, settings: Any) -> None:
    command("generate_keys")
    settings.OMS_ENCRYPTION_KEYS = command("generate_keys", "--print").strip()
    keys.forget()
    assert keys.ring() == keys.read_ring(settings.OMS_ENCRYPTION_KEYS)
    assert keys.ring() != keys.FileKeys(key_folder).load()


@pytest.mark.parametrize(
    "text", ["secret-text", "{}", '{"data": [], "blind": []}', '{"data": [[1, "c2hvcnQ="]], "blind": []}']
)
def test_a_ring_that_cannot_be_read_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(KeysMissing) as caught:
        keys.read_ring(text)
    assert text not in str(caught.value)


def test_after_a_rotation_the_new_key_seals_and_the_old_one_still_opens(key_folder: Path) -> None:
    cipher, uid = FieldCipher("t", "f"), uuid7()
    old = cipher.seal(uid, b"clear")
    command("generate_keys", "--rotate")
    keys.forget()
    new = cipher.seal(uid, b"clear")
    assert key_id_of(old) != key_id_of(new)
    assert cipher.open(uid, old) == cipher.open(uid, new) == b"clear"


def test_a_process_that_meets_a_newer_key_reads_the_ring_again(key_folder: Path) -> None:
    cipher, uid = FieldCipher("t", "f"), uuid7()
    before = keys.ring()
    other = keys.with_new_data_key(before)
    keys.FileKeys(key_folder).replace(other)
    keys.forget()
    sealed = cipher.seal(uid, b"clear")
    keys.forget()
    keys.FileKeys(key_folder).replace(before)
    assert keys.ring() == before
    keys.FileKeys(key_folder).replace(other)
    assert cipher.open(uid, sealed) == b"clear"


def test_after_a_blind_key_rotation_both_versions_are_searched(key_folder: Path) -> None:
    old = blind_index("phone", "+8613800001111")
    command("generate_keys", "--rotate-blind")
    keys.forget()
    new = blind_index("phone", "+8613800001111")
    assert [old[0], new[0]] == [1, 2]
    assert set(blind_candidates("phone", "+8613800001111")) == {old, new}


@pytest.mark.django_db
def test_rotation_reseals_every_row_and_leaves_what_it_cannot_read(key_folder: Path) -> None:
    people = [Person.objects.create(name=f"n{i}", phone=str(i)) for i in range(5)]
    broken = Person.objects.create(phone="broken")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {Person._meta.db_table} SET phone = phone || '\\x00' WHERE id = %s", [broken.pk])
    before = bytes(Person.objects.get(pk=broken.pk).phone_sealed.ciphertext)
    command("generate_keys", "--rotate")
    keys.forget()
    rotated = rotate(Person._meta.get_field("phone"))
    assert (rotated.resealed, rotated.unreadable) == (5, 1)
    assert bytes(Person.objects.get(pk=broken.pk).phone_sealed.ciphertext) == before
    for index, person in enumerate(people):
        found = Person.objects.get(pk=person.pk)
        assert found.phone == str(index)
        assert key_id_of(found.phone_sealed.ciphertext) == keys.ring().active_data
    assert rotate(Person._meta.get_field("phone")).resealed == 0


@pytest.mark.django_db
def test_rotate_keys_goes_through_every_encrypted_column_of_the_product(key_folder: Path) -> None:
    told = command("rotate_keys")
    assert "kernel_inboxdelivery|raw_body: 0 re-encrypted, 0 unreadable" in told
