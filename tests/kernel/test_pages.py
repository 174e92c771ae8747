import json
from typing import Any

import django_filters
import pytest
from django.contrib.auth.models import Group
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from kernel.columns import LinkColumn, Table
from kernel.pages import BulkAction, ListPage, Selection, Sort
from oms.urls import urlpatterns as house
from tests.factories.accounts import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
HTMX = {"HX-Request": "true", "HX-Target": "list"}


class GroupTable(Table):
    name = LinkColumn("things", "pk", verbose_name=_("Name"))


class GroupFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Name"))

    class Meta:
        model = Group
        fields: list[str] = []


class GroupList(ListPage):
    title = "Things"
    permission_required = "accounts.view_people"
    table_class = GroupTable
    filterset_class = GroupFilter
    sorts = {"newest": Sort("Newest first", ("-id",)), "name": Sort("By name", ("name", "id"))}
    page_size = 10
    row_key = "name"
    empty_why = "No thing yet."
    bulk_actions = (
        BulkAction("mark", "Mark", "check"),
        BulkAction("burn", "Burn", "flame", permission="accounts.never", confirm="Burn them?", asks_reason=True),
    )

    def get_queryset(self) -> Any:
        return Group.objects.filter(name__startswith="thing")

    def bulk(self, action: str, selection: Selection) -> HttpResponse:
        everything = selection.queryset.count() if selection.queryset is not None else None
        return JsonResponse(
            {
                "action": action,
                "keys": selection.keys,
                "everything": everything,
                "query": selection.query,
                "reason": selection.reason,
            }
        )


urlpatterns = [
    path("things/", GroupList.as_view(), name="things-list"),
    path("things/<int:pk>/", GroupList.as_view(), name="things"),
    *house,
]


@pytest.fixture
def admin(client):
    user = make_user("admin")
    client.force_login(user, backend="accounts.rights.RememberingBackend")
    return client


@pytest.fixture
def _things():
    Group.objects.bulk_create([Group(name=f"thing-{n:02}") for n in range(25)])


def names(response: HttpResponse) -> list[str]:
    return [row.name for row in response.context["page"].rows]


def test_a_stranger_is_sent_to_the_log_in_page(client):
    assert client.get("/things/").status_code == 302


def test_a_person_without_the_permission_is_refused(client):
    client.force_login(make_user("picker"), backend="accounts.rights.RememberingBackend")
    assert client.get("/things/").status_code == 403


def test_an_empty_list_says_why(admin):
    assert "No thing yet." in admin.get("/things/").content.decode()


@pytest.mark.usefixtures("_things")
def test_a_filter_that_matches_nothing_offers_to_clear_it(admin):
    html = admin.get("/things/?q=nowhere").content.decode()
    assert "Nothing matches these filters." in html
    assert "No thing yet." not in html


@pytest.mark.usefixtures("_things")
def test_pages_follow_one_another_without_gap_or_repeat_and_lead_back(admin):
    first = admin.get("/things/?sort=name")
    second = admin.get(first.context["next_url"])
    third = admin.get(second.context["next_url"])
    assert names(first) + names(second) + names(third) == [f"thing-{n:02}" for n in range(25)]
    assert third.context["next_url"] == ""
    assert names(admin.get(third.context["prev_url"])) == names(second)


@pytest.mark.usefixtures("_things")
def test_a_page_address_keeps_filters_and_order(admin):
    url = admin.get("/things/?q=thing&sort=name").context["next_url"]
    assert "q=thing" in url
    assert "sort=name" in url


@pytest.mark.usefixtures("_things")
def test_a_page_address_of_other_filters_is_refused_with_advice(admin):
    url = admin.get("/things/?q=thing").context["next_url"].replace("q=thing", "q=other")
    assert admin.get(url).status_code == 422


@pytest.mark.usefixtures("_things")
def test_htmx_gets_the_list_alone_and_an_address_without_empty_fields(admin):
    response = admin.get("/things/?q=&sort=name", headers=HTMX)
    html = response.content.decode()
    assert html.lstrip().startswith('<section class="list" id="list"')
    assert "<html" not in html
    assert response["HX-Push-Url"] == "/things/?sort=name"
    assert "HX-Request" in response["Vary"]


@pytest.mark.usefixtures("_things")
def test_a_bulk_action_gets_the_ticked_rows(admin):
    answer = json.loads(admin.post("/things/?q=thing", {"action": "mark", "pick": ["thing-01", "thing-02"]}).content)
    assert answer["keys"] == ["thing-01", "thing-02"]
    assert answer["everything"] is None


@pytest.mark.usefixtures("_things")
def test_a_bulk_action_on_everything_gets_what_the_filters_match(admin):
    answer = json.loads(
        admin.post("/things/?q=thing-1&cursor=&sort=name", {"action": "mark", "everything": "yes"}).content
    )
    assert answer["everything"] == 10
    assert answer["keys"] == []
    assert "q=thing-1" in answer["query"]


@pytest.mark.usefixtures("_things")
def test_a_bulk_action_that_is_not_offered_is_not_carried_out(admin):
    assert admin.post("/things/", {"action": "explode", "pick": ["thing-01"]}).status_code == 400
