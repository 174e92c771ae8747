from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.crypto.rotation import encrypted_fields, rotate


class Command(BaseCommand):
    help = "Re-encrypts every value that an older data key has sealed, in chunks, while the system runs."

    def handle(self, *args: Any, **options: Any) -> None:
        unreadable = 0
        for field in encrypted_fields():
            rotated = rotate(field)
            unreadable += rotated.unreadable
            self.stdout.write(f"{field.cipher.place}: {rotated.resealed} re-encrypted, {rotated.unreadable} unreadable")
        if unreadable:
            raise CommandError(f"{unreadable} values cannot be read with any key and were left as they are.")
