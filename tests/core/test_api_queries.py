"""That an answer of the API takes as many queries for many rows as for few."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.sources.models import Source
from kzforeign.api import ROUTES
from tests import factories
from tests.core.world import world

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def many_entries(django_db_setup, django_db_blocker):
    """At least 20 of every kind, made once for all tests here and gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        for _ in range(20):
            world()
        yield
        transaction.set_rollback(True)


def queries(client, address):
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


@pytest.mark.parametrize("prefix", ["memberships", "offices", "visits", "agreements"])
def test_list_as_of_a_day_takes_no_more_queries(client, prefix):
    whole, _ = queries(client, f"/api/v1/{prefix}/?limit=20")
    as_of, answer = queries(client, f"/api/v1/{prefix}/?limit=20&as_of=2000")
    assert len(answer["results"]) > 1
    assert as_of == whole


def test_source_takes_as_many_queries_for_many_entries_as_for_few(client):
    source = Source.objects.first()
    entries = world()
    for entry in entries[:6]:
        factories.cite(entry, factories.passage(source=source))
    few, _ = queries(client, f"/api/v1/sources/{source.slug}/")
    for entry in entries:
        factories.cite(entry, factories.passage(source=source))
    many, answer = queries(client, f"/api/v1/sources/{source.slug}/")
    assert len(answer["passages"]) > 12
    assert few == many
