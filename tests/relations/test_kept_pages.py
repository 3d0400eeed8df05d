"""What pages keep by revision: that they say what they would say without it, whatever was written, and whoever asks."""

import pytest
from django.test.utils import override_script_prefix

from apps.core import cells
from apps.core.changes import undone
from apps.core.kept import Kept
from apps.organizations.models import Membership
from apps.relations.map_numbers import Tallies
from apps.states.models import State
from apps.visits.models import Visit
from tests.factories import agreement, cite, membership, organization, party, passage, state, visit

CANARY = "Zheltoqsan"
PAGES = [
    "/map/",
    "/ru/map/?as_of=2005&measure=visits&ordering=name",
    "/api/v1/map/?as_of=2005",
    "/states/KAZ/",
    "/visits/?state=CHN",
    "/api/v1/visits/",
    "/api/v1/memberships/?organization=club",
]


@pytest.fixture
def club(focus, china):
    """To which both belong."""
    found = organization(slug="club", name_en="Club")
    for member in (focus, china):
        membership(member_state=member, organization=found, start="1999")
    return found


def read(client):
    return [client.get(address).content for address in PAGES]


@pytest.fixture
def made(client, monkeypatch):
    """Reads the pages as they are made where nothing was kept."""

    def read_anew():
        with monkeypatch.context() as patched:
            patched.setattr(Kept, "get", lambda self, mark, key, default=None: default)
            return read(client)

    return read_anew


def written_in_many_ways(focus, china, club):
    """Writes once for each step."""
    china.name_en, china.name_ru = "Cathay", "Китай"
    yield china.save()
    yield visit(sent_by_state=focus, host=china, date="2005-03")
    here = passage(section="Before")
    yield cite(Visit.objects.get(), here)
    here.source.title = "Of another title"
    yield here.source.save()
    here.section = "After"
    yield here.save()
    yield Visit.objects.update(status="in_review")
    signed = agreement(parties=[focus], signed="2001")
    yield party(agreement=signed, party_state=china)
    other = state("QAA", name_en="Turan", status="draft")
    yield State.objects.filter(pk=other.pk).update(status="published")
    yield other.delete()
    ours = Membership.objects.get(member_state=focus)
    ours.start = "2010"
    yield Membership.objects.bulk_update([ours], ["start"])
    yield Membership.objects.filter(member_state=china).delete()
    yield signed.parties.get(party_state=china).delete()
    yield Visit.objects.update(status="published")


def test_nothing_stale_is_shown_whatever_is_written(client, focus, china, club, made):
    before = read(client)
    assert read(client) == before == made()
    for number, _write in enumerate(written_in_many_ways(focus, china, club)):
        now = read(client)
        assert now != before and now == made(), number
        before = now


def test_what_is_undone_was_never_there(client, focus, china, club):
    before = read(client)
    with undone():
        canary = state("QAA", name_en=CANARY)
        visit(sent_by_state=focus, host=canary, date="2005")
        membership(member_state=canary, organization=club, start="1999")
        assert all(CANARY in page.decode() for page in read(client))
    assert read(client) == before


def test_who_reads_more_at_the_same_revision_has_all_of_it(client, focus, china, monkeypatch):
    """As where somebody writes after the revision was read, and before the states are."""
    monkeypatch.setattr("apps.relations.views_map.mark_of", lambda request: (7, "then"))
    assert "Turan" not in client.get("/map/").content.decode()
    monkeypatch.setattr(Tallies, "_kept", Kept(1))
    state("QAA", name_en="Turan")
    assert "Turan" in client.get("/map/").content.decode()


def test_no_more_is_kept_than_was_agreed(client, focus, monkeypatch):
    for n in range(7):
        visit(sent_by_state=focus, host=state(f"QA{n}"), date=f"200{n}")
    # After the others, of which none has no sending state.
    visit(sent_by_organization=organization(), host=focus, date="1999")
    address = "/api/v1/visits/?limit="
    all_rows = client.get(f"{address}8").json()["results"]
    monkeypatch.setattr(cells, "MOST_KEPT", 3)
    monkeypatch.setattr(cells, "_kept", Kept(9))
    assert client.get(f"{address}2").json()["results"] == all_rows[:2]
    assert client.get(f"{address}7").json()["results"] == all_rows[:7]
    assert client.get(f"{address}8").json()["results"] == all_rows
    assert client.get(f"{address}2").json()["results"] == all_rows[:2]


def test_addresses_are_those_of_the_site_that_was_asked(client, focus, settings):
    settings.ALLOWED_HOSTS = ["testserver", "elsewhere.example"]
    visit(sent_by_state=focus, host=state("QAA"))
    for host in ("testserver", "elsewhere.example", "testserver"):
        (row,) = client.get("/api/v1/visits/", headers={"host": host}).json()["results"]
        assert row["host"]["url"] == f"http://{host}/api/v1/states/QAA/"
    with override_script_prefix("/kz/"):
        (row,) = client.get("/api/v1/visits/").json()["results"]
    assert row["host"]["url"] == "http://testserver/kz/api/v1/states/QAA/"


def test_texts_of_the_database_are_escaped(client, focus):
    visit(sent_by_state=focus, host=state("FRA", name_en='<b>"France"&'), date="2005")
    visit(sent_by_state=focus, host=state("QAA", name_en="<i>'Nowhere'"), date="2005")
    for address in ("/map/", "/states/KAZ/", "/ru/map/", "/visits/?state=FRA"):
        page = client.get(address).content.decode()
        assert "&lt;b&gt;&quot;France&quot;&amp;" in page and "<b>" not in page and "<i>" not in page
