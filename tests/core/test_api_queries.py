"""That an answer of the API takes as many queries for many rows as for few."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.core.changes import together
from kzforeign.api import ROUTES
from tests import factories
from tests.core.world import world

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.once]


@pytest.fixture(scope="module", autouse=True)
def many_entries(django_db_setup, django_db_blocker):
    """More than 20 of every kind, made once for all tests here and gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        for _ in range(21):
            world()
        yield
        transaction.set_rollback(True)


# With `as_of`, which adds `holds` to each row.
DATED = ["successions", "memberships", "offices", "visits", "agreements", "events", "projects", "figures"]


def queries(client, address):
    client.get(address)  # Since it is kept how many rows there are.
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(captured), answer.json()


@pytest.mark.parametrize("prefix", ROUTES)
def test_list_takes_as_many_queries_for_20_rows_as_for_2(client, prefix):
    few, two_rows = queries(client, f"/api/v1/{prefix}/?limit=2")
    many, twenty_rows = queries(client, f"/api/v1/{prefix}/?limit=20")
    assert [len(answer["results"]) for answer in (two_rows, twenty_rows)] == [2, 20]
    assert few == many


@pytest.mark.parametrize("prefix", DATED)
def test_list_as_of_a_day_takes_no_more_queries(client, prefix):
    whole, _ = queries(client, f"/api/v1/{prefix}/?limit=20")
    as_of, answer = queries(client, f"/api/v1/{prefix}/?limit=20&as_of=2000")
    assert len(answer["results"]) > 1
    # To count them, of which no number is kept, and to read rows apart from their places, as agreements always are.
    assert as_of == whole + (1 if prefix == "agreements" else 2)
    certain, _ = queries(client, f"/api/v1/{prefix}/?limit=20&as_of=2000&certainty=possible")
    assert certain <= as_of


@pytest.mark.parametrize("prefix", ROUTES)
def test_list_by_source_and_changes_takes_as_many_queries_for_20_rows_as_for_2(client, prefix):
    query = "updated_since=2020-01-01&ordering=updated"
    if "source" in ROUTES[prefix].filterset_class.base_filters:
        source = factories.source()
        here = factories.passage(source=source)
        with together():
            for entry in ROUTES[prefix].model.objects.all():
                factories.cite(entry, here)
        query += f"&source={source.slug}"
    few, two_rows = queries(client, f"/api/v1/{prefix}/?limit=2&{query}")
    many, twenty_rows = queries(client, f"/api/v1/{prefix}/?limit=20&{query}")
    assert [len(answer["results"]) for answer in (two_rows, twenty_rows)] == [2, 20]
    assert few == many


def test_source_takes_as_many_queries_for_many_entries_as_for_few(client):
    source = factories.source()

    def cited():
        with together():
            for entry in world():
                factories.cite(entry, factories.passage(source=source))
        return queries(client, f"/api/v1/sources/{source.slug}/")

    few, answer = cited()
    many, longer = cited()
    assert len(longer["passages"]) == 2 * len(answer["passages"]) > 20
    assert few == many
