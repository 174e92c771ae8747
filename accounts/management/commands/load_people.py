from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import scope
from accounts.demo import PEOPLE, TEAMS, DemoPerson
from accounts.models import Team, User
from accounts.places import places


class Command(BaseCommand):
    help = "Load the demo's people: one for each role, with their teams, shops and warehouses. Demo mode only."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.OMS_DEMO:
            raise CommandError("People with known passwords belong to the demo only (OMS_DEMO=on).")
        teams = {
            code: Team.objects.get_or_create(code=code, defaults={"name": name})[0] for code, name in TEAMS.items()
        }
        made = sum(_load(one, teams.get(one.team)) for one in PEOPLE)
        self.stdout.write(f"{made} people loaded, {len(PEOPLE) - made} were here already.")


def _load(one: DemoPerson, team: Team | None) -> bool:
    """Add the person if they are not here, and grant the places that exist by now."""
    person, created = User.objects.get_or_create(
        username=one.username, defaults={"display_name": one.display_name, "team": team}
    )
    if created:
        person.set_password(one.password)
        person.save()
        person.groups.add(Group.objects.get(name=one.role))
    for kind, codes in (("shop", one.shops), ("warehouse", one.warehouses)):
        wanted = places(kind).filter(code__in=codes) if codes else places(kind)
        for place in wanted:
            scope.grant(person, place)
    return created
