"""People and keys under many hands at once: somebody always stays in charge, and a limit is a limit."""

import time

import pytest

from accounts import throttle
from accounts.api import KeyThrottled, authenticate_key
from accounts.errors import LastAdministrator
from accounts.keyring import forget_callers
from accounts.models import AuditEntry, User
from accounts.roles import ADMIN
from accounts.services.people import set_active, set_roles
from tests.concurrency.crowds import at_once
from tests.factories.accounts import make_key, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_administrators_who_remove_each_other_leave_one():
    for _ in range(5):
        one, other = make_user("admin"), make_user("admin")
        results = at_once(
            [
                lambda one=one, other=other: set_roles(actor=one, person=other, roles=["picker"]),
                lambda one=one, other=other: set_active(actor=other, person=one, is_active=False),
            ]
        )
        left = User.objects.filter(groups__name=ADMIN, is_active=True)
        assert left.count() == 1
        assert [type(result) for result in results].count(LastAdministrator) == 1
        left.update(is_active=False)


def test_the_log_keeps_every_entry_of_a_crowd():
    people = [make_user("picker") for _ in range(8)]
    admin, spare = make_user("admin"), make_user("admin")
    at_once([lambda person=person: set_active(actor=admin, person=person, is_active=False) for person in people])
    assert AuditEntry.objects.filter(action="person.disabled").count() == 8
    assert spare.is_active


def test_a_crowd_with_one_key_gets_no_more_calls_than_the_key_has():
    forget_callers()
    throttle._left.clear()
    header = make_key("admin", rate=100)
    if time.time() % 60 > 50:  # the whole crowd must fall into one minute
        time.sleep(11)
    answers = at_once([lambda: [_let_in(header) for _ in range(20)] for _ in range(10)])
    assert sum(sum(one) for one in answers) == 100


def _let_in(header: str) -> bool:
    try:
        return authenticate_key(header) is not None
    except KeyThrottled:
        return False
