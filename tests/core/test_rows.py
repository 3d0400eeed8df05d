"""That a list, whose rows are read as values, is what its serializer writes of the instances."""

import json
from functools import partial

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from apps.core.paging import MOST_COUNTED
from apps.core.statements import Statement
from apps.visits.models import Visit
from kzforeign.api import ROUTES
from tests import factories
from tests.core.test_api import rename
from tests.core.world import world

pytestmark = pytest.mark.django_db


def listed(client, prefix, query=""):
    return client.get(f"/api/v1/{prefix}/?limit=200{query}").json()["results"]


def written(prefix, rows):
    """The rows with these identifiers as the serializer writes instances."""
    viewset = ROUTES[prefix]
    key = viewset.lookup_field
    context = {"request": RequestFactory().get("/")}
    instances = viewset(action="list").get_queryset().filter(**{f"{key}__in": [row[key] for row in rows]})
    with translation.override("en"):
        found = [viewset.serializer_class(row, context=context).data for row in instances]
    found = {row[key]: row for row in json.loads(json.dumps(found))}
    return [found[row[key]] for row in rows]


def is_as_written(client, prefix, query=""):
    rows = listed(client, prefix, query)
    # It has one page by what is known now, and is read by one query.
    assert listed(client, prefix, query) == rows
    holds = [row.pop("holds", None) for row in rows]
    expected = written(prefix, rows)
    assert rows == expected
    # In the same order of names, too.
    assert json.dumps(rows) == json.dumps(expected)
    return holds


@pytest.mark.exhaustive
@pytest.mark.parametrize("prefix", ROUTES)
def test_list_of_all_that_a_row_can_have(client, prefix):
    world()
    is_as_written(client, prefix)
    assert listed(client, prefix)


@pytest.mark.exhaustive
@pytest.mark.parametrize("prefix", ROUTES)
def test_list_of_rows_that_have_next_to_nothing(client, prefix):
    """Without dates, places, citations and names in other languages, among others that are not public."""
    factories.visit(), factories.agreement(), factories.event(), factories.project(), factories.figure()
    factories.succession(), factories.membership(), factories.office(), factories.source(), factories.place()
    is_as_written(client, prefix)
    assert listed(client, prefix)


@pytest.mark.exhaustive
@pytest.mark.parametrize("prefix", ROUTES)
def test_list_among_what_is_withdrawn(client, prefix):
    world()
    for viewset in ROUTES.values():
        if viewset is not ROUTES[prefix] and hasattr(viewset.model, "Status"):
            rename(viewset.model)
    is_as_written(client, prefix)


def test_list_as_of_a_day(client, subtests):
    world()
    for prefix in ["visits", "memberships", "agreements", "projects"]:
        with subtests.test(prefix=prefix):
            holds = is_as_written(client, prefix, "&as_of=1994-04-26")
            assert holds and set(holds) <= {"certain", "possible"}


def meanwhile(patched, name, do, prefix="visits"):
    """Has something be done when the list of visits is about to read its rows by its method of that name."""
    listing = ROUTES[prefix].listing()
    read = getattr(listing, name)

    def reading(*args, **kwargs):
        do()
        return read(*args, **kwargs)

    patched.setattr(listing, name, reading)


def withdraw(row):
    type(row).objects.filter(pk=row.pk).update(status="withdrawn")


def test_what_is_withdrawn_while_a_page_is_read_is_not_in_it(client, monkeypatch, host):
    first, second = (factories.visit(date=date, host=host) for date in ("1993", "1994"))
    meanwhile(monkeypatch, "at", lambda: withdraw(second))
    assert [row["slug"] for row in listed(client, "visits", "&state=QQH")] == [first.slug]


def test_rows_are_read_along_with_their_places(client, monkeypatch):
    """On each page, either way; not where a row tells of what is two steps away."""
    asked_for = []
    for prefix in ("visits", "agreements"):
        meanwhile(monkeypatch, "at", partial(asked_for.append, prefix), prefix)
    for n in range(5):
        factories.visit(date=f"199{n}"), factories.agreement()
    assert len(listed(client, "agreements")) == 5 and asked_for == ["agreements"]
    rows = listed(client, "visits")
    there = pages(client, "/api/v1/visits/?limit=2", "next")
    back = pages(client, there[-1]["address"], "previous")
    assert [row for page in there for row in page["results"]] == rows and len(there) == 3
    assert [page["results"] for page in reversed(back)] == [page["results"] for page in there]
    assert asked_for == ["agreements"]


def pages(client, address, following):
    """What is answered at this address, and at those to which it leads."""
    found = []
    while address:
        found.append(client.get(address).json() | {"address": address})
        address = found[-1][following]
    return found


@pytest.mark.parametrize("name", ["visitor", "host"])
def test_what_is_withdrawn_while_a_page_is_read_is_not_named(client, monkeypatch, name):
    """And of what is told of it nothing is kept."""
    visit = factories.visit()
    with monkeypatch.context() as patched:
        meanwhile(patched, "of", lambda: withdraw(getattr(visit, name)))
        (row,) = listed(client, "visits")
    assert (row["slug"], row[name]) == (visit.slug, None)
    assert listed(client, "visits") == []


# -- How many there are


@pytest.fixture
def seven_at_most(monkeypatch):
    monkeypatch.setattr("apps.core.paging.MOST_COUNTED", 7)


@pytest.fixture
def host(db):
    return factories.state("QQH")


def made(host, number):
    sender = factories.state()
    for _ in range(number):
        factories.visit(host=host, sent_by_state=sender)
    # One that both conditions of `state` find.
    factories.visit(host=host, sent_by_state=host)


@pytest.mark.parametrize("query", ["limit=2", "limit=2&state=QQH", "limit=2&state=QQH&ordering=-updated"])
@pytest.mark.parametrize(("number", "said"), [(6, (7, "exact")), (7, (7, "at_least"))])
def test_count_goes_no_further_than_its_bound(client, host, seven_at_most, number, said, query):
    made(host, number)
    answer = client.get(f"/api/v1/visits/?{query}").json()
    assert (answer["count"], answer["count_is"]) == said
    later = client.get(answer["next"]).json()
    assert (later["count"], later["count_is"]) == said


@pytest.mark.parametrize("number", [6, 9])
def test_filter_by_a_state_finds_many_and_few_alike(client, host, seven_at_most, number):
    """Which are looked for in the order of the list, and by the parties."""
    rows = [factories.agreement(parties=[host], signed=f"20{n:02}") for n in range(number)]
    factories.agreement(parties=[factories.state()], signed="2005")
    page = client.get("/api/v1/agreements/?limit=4&state=QQH").json()
    found = [row["slug"] for row in page["results"] + client.get(page["next"]).json()["results"]]
    assert found == [row.slug for row in reversed(rows)][:8]
    csv = client.get("/api/v1/agreements/?format=csv&state=QQH").getvalue().decode()
    assert len(csv.splitlines()) == number + 1


@pytest.mark.parametrize(
    ("query", "queries"),
    [
        # One for each side of a visit.
        ("state=QQH&ordering=date", 2),
        ("state=QQH&direction=in&as_of=1994", 1),
        ("kind=state&ordering=-updated", 1),
        ("ordering=date&limit=4", 1),
    ],
)
def test_list_of_one_page_is_read_at_once(client, host, monkeypatch, query, queries):
    made(host, 3)
    first = client.get(f"/api/v1/visits/?{query}").json()
    factories.state()  # So that nothing holds that was kept.
    assert client.get(f"/api/v1/visits/?{query}").json() == first
    asked, sets = read(client, query, monkeypatch)
    assert asked == (first, queries + sets)


def read(client, query, monkeypatch):
    """((answer, statements), those of them that read what belongs to the rows)"""
    of_sets = []
    columns_of = Statement.columns_of
    monkeypatch.setattr(Statement, "columns_of", lambda *args: of_sets.append(args) or columns_of(*args))
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"/api/v1/visits/?{query}").json()
    return (answer, len(captured)), len(of_sets)


@pytest.mark.parametrize("query", ["ordering=date", "state=QQH&ordering=date"])
def test_list_of_one_page_has_all_citations_of_each_row(client, host, monkeypatch, query):
    """Either side of a visit is read by itself, and one has both. Of some rows there are several, of one none."""
    made(host, 3)
    passages = [factories.passage() for _each in range(3)]
    for number, visit in enumerate(Visit.objects.order_by("pk")):
        for passage in passages[:number]:
            factories.cite(visit, passage, field="date")
            factories.cite(visit, passage)
    address = f"/api/v1/visits/?{query}"
    in_pages = client.get(f"{address}&limit=2").json()
    expected = in_pages["results"] + client.get(in_pages["next"]).json()["results"]
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        at_once = client.get(address).json()["results"]
    assert at_once == expected
    assert not [asked["sql"] for asked in captured if 'FROM "visits_visitcitation"' in asked["sql"]]
    assert sorted(len(row["citations"]) for row in at_once) == [0, 2, 4, 6]
    monkeypatch.setattr("apps.core.keysets.MOST_AT_ONCE", 3)
    assert client.get(address).json()["results"] == expected


@pytest.mark.parametrize(
    ("query", "grow"),
    [
        ("limit=4", lambda host: made(host, 0)),
        # Either side of a visit is read by itself, and neither has more than a page.
        ("limit=4&state=QQH", lambda host: factories.visit(sent_by_state=host)),
    ],
    ids=["the list", "one of its sides"],
)
def test_list_that_has_grown_meanwhile_has_another_page(client, host, monkeypatch, query, grow):
    """Though it had one when its rows were counted."""
    made(host, 3)
    client.get(f"/api/v1/visits/?{query}")
    meanwhile(monkeypatch, "whole", lambda: grow(host))
    answer = client.get(f"/api/v1/visits/?{query}").json()
    assert len(answer["results"]) == 4 and answer["next"]
    assert len(client.get(answer["next"]).json()["results"]) == 1


def test_page_says_that_there_are_more_than_were_counted(client, host, seven_at_most):
    made(host, 60)
    text = client.get("/visits/").content.decode()
    assert "More than 7 visits" in text
    assert "50 of more than 7 shown" in text


def test_bound_of_the_count():
    """It is in the description of the API and in the README."""
    assert MOST_COUNTED == 1000
