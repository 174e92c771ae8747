"""People and keys for tests: `make_user("reviewer", shops=[shop])` is a person with that role and that reach."""

from collections.abc import Iterable

import factory
from django.contrib.auth.models import Group
from django.db.models import Model

from accounts.api import grant
from accounts.models import Team, User
from accounts.services.keys import create_api_key

PASSWORD = "a-password-for-tests"


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    code = factory.Sequence(lambda n: f"team-{n}")
    name = factory.Sequence(lambda n: f"客服{n}组")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person-{n}")
    display_name = factory.Sequence(lambda n: f"员工{n}")
    password = factory.django.Password(PASSWORD)
    locale = "en"


def make_user(
    role: str = "",
    *,
    shops: Iterable[Model] = (),
    warehouses: Iterable[Model] = (),
    team: Team | None = None,
    **fields: object,
) -> User:
    """A person with one role, who may act in these shops and warehouses only. No role: may log in and nothing else."""
    user = UserFactory(team=team, **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    for place in (*shops, *warehouses):
        grant(user, place)
    return user


def make_key(
    role: str = "admin", *, shops: Iterable[Model] = (), warehouses: Iterable[Model] = (), rate: int = 0
) -> str:
    """The Authorization header of a fresh API key."""
    made = create_api_key(
        name=f"test {role}", role=role, actor="tests", reach=[*shops, *warehouses], rate_per_minute=rate
    )
    return f"Bearer {made.text}"
