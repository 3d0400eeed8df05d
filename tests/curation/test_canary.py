"""Nothing tells the public of what was never published: no text of it, no address, no count, not that it is there.

All that can be asked is asked twice, with the hidden rows and without them, and has the same answers to the byte. So an
address or a parameter that names something hidden is answered as what never existed, for then it does not.
"""

import re
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import transaction

from apps.agreements.models import Agreement
from apps.states.models import State
from kzforeign.wsgi import application
from tests import factories
from tests.curation.canary_addresses import addresses, answers
from tests.curation.canary_world import CANARY, World, unwalked

# Some six thousand requests are made for the first of the tests.
pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive, pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory):
    """What is told with the hidden rows there and without them, {address: (status, headers, content)}."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        with transaction.atomic():
            world.hide()
            left_out, asked = list(unwalked()), list(addresses(world))
            with_hidden = answers(asked, tmp_path_factory.mktemp("hidden"))
            transaction.set_rollback(True)
        cache.clear()
        # The revision has been set back, which else it never is.
        application.application.application.store.clear()
        without = answers(asked, tmp_path_factory.mktemp("without"))
        transaction.set_rollback(True)
    return SimpleNamespace(with_hidden=with_hidden, without=without, left_out=left_out)


def canaries(where, answer):
    """Those in an answer that the address itself does not have. Archives are looked at as they are unpacked."""
    _status, headers, content = answer
    found = CANARY.findall(headers.encode()) + CANARY.findall(b"" if where.endswith(".zip") else content)
    return {canary for canary in found if canary.lower() not in where.lower().encode()}


def test_every_way_from_what_is_public_to_what_is_hidden_is_walked(told):
    assert told.left_out == []


def test_no_canary_is_told(told, record_property, capsys):
    found = {where: canaries(where, answer) for where, answer in told.with_hidden.items()}
    read = sum(len(headers) + len(content) for _status, headers, content in told.with_hidden.values())
    hits = sum(map(len, found.values()))
    (
        record_property("addresses", len(found)),
        record_property("bytes", read),
        record_property("canaries", hits),
    )
    with capsys.disabled():
        print(f"\nAddresses and files asked: {len(found):,}; bytes read: {read:,}; canaries found: {hits}")
    assert {where: texts for where, texts in found.items() if texts} == {}


def test_what_is_hidden_makes_no_difference(told):
    assert told.with_hidden.keys() == told.without.keys()
    assert [where for where, answer in told.without.items() if told.with_hidden[where] != answer] == []


def test_what_was_asked_is_what_it_seems(told):
    """Otherwise that nothing is told of it would prove little."""
    statuses = {where: status for where, (status, _headers, _content) in told.without.items()}
    assert set(statuses.values()) == {0, 200, 301, 302, 400, 404}
    named = [where for where in statuses if CANARY.search(where.encode()) and "q=" not in where]
    fine = re.compile(r"/relations/|wikidata=|alpha2=").search
    assert {statuses[where] for where in named if not fine(where)} == {400, 404}
    assert sum(status == 200 for status in statuses.values()) > 1000


@pytest.mark.once
def test_a_way_that_nobody_walks_is_named():
    World().hide()
    assert list(unwalked()) == []
    Agreement.objects.filter(concluded_at__status="draft").update(concluded_at=None)
    assert any("Agreement.concluded_at leads from" in complaint for complaint in unwalked())
    factories.state("QQQ")
    State.objects.filter(heir__isnull=False).update(heir=None)
    assert any("State.heir" in complaint for complaint in unwalked())
