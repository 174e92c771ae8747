import io

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    words = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1, stdout=words)
    except SystemExit:
        pytest.fail(f"makemigrations has something to add:\n{words.getvalue()}")
