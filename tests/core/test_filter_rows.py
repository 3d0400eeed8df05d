"""Which rows each parameter of the API finds: of two of a kind, the one that is meant, once, and nothing hidden."""

from types import SimpleNamespace

import pytest

from apps.relations.filters import ChangedSinceParameter
from tests import factories

pytestmark = pytest.mark.django_db


def found(client, prefix, query):
    answer = client.get(f"/api/v1/{prefix}/?{query}").json()
    assert "results" in answer, answer
    rows = [row.get("slug") or row["code"] for row in answer["results"]]
    assert answer["count"] == len(rows)
    return rows


@pytest.fixture
@factories.at_once
def world(db):
    """States, a place, bodies and people, by whom the rows of all kinds are told apart."""
    sun = factories.state("SUN", name_en="Union", kind="former", ended="1991-12")
    kaz = factories.state("KAZ", name_en="Steppe", alpha2="KZ", numeric="398", wikidata_id="Q232")
    chn = factories.state("CHN", name_en="River", begin="1949-10-01", predecessor=sun)
    astana = factories.place(slug="astana", name_en="Astana", state=kaz)
    un = factories.organization(slug="un", name_en="Nations")
    sco = factories.organization(
        slug="sco", seat=astana, parent=un, founded="2001", dissolved="2005", wikidata_id="Q7"
    )
    xi, modi = factories.person(slug="xi", wikidata_id="Q15031"), factories.person(slug="modi")
    return SimpleNamespace(sun=sun, kaz=kaz, chn=chn, astana=astana, un=un, sco=sco, xi=xi, modi=modi)


def test_subjects(client, world, subtests):
    for prefix, query, meant in [
        ("states", "alpha2=KZ", "KAZ"),
        ("states", "numeric=398", "KAZ"),
        ("states", "wikidata=Q232", "KAZ"),
        ("states", "begin=1949", "CHN"),
        ("states", "ended=1991", "SUN"),
        ("states", "predecessor=sun", "CHN"),
        ("people", "wikidata=Q15031", "xi"),
        ("organizations", "seat=astana", "sco"),
        ("organizations", "parent=un", "sco"),
        ("organizations", "founded=2001-06", "sco"),
        ("organizations", "dissolved=200X", "sco"),
        ("organizations", "wikidata=Q7", "sco"),
    ]:
        with subtests.test(prefix, query=query):
            assert found(client, prefix, query) == [meant]


def test_what_lies_partly_within_a_time(client, world, subtests):
    for slug, date in (("year", "2005"), ("day", "2005-06-15"), ("later", "2006/2007"), ("undated", "")):
        factories.visit(slug=slug, date=date)
    for query, meant in [
        ("from=2005-06", {"year"}),
        ("to=2005-06", {"year"}),
        ("from=2005-06&to=2005-07", {"year"}),
        ("from=2005-01-01&to=2006", {"later"}),
        ("year=2005", set()),
        ("from=0001-01-01", set()),
        ("to=9999-12-31", set()),
    ]:
        with subtests.test(query=query):
            assert {*found(client, "visits", f"{query}&dating=across")} == meant


def test_successions(client, world, subtests):
    factories.succession(slug="meant", predecessor=world.un, successor=world.sco, date="2001/2002")
    factories.succession(slug="other", predecessor=world.sco, successor=world.un, date="2010")
    for query in ["predecessor=un", "successor=sco", "year=2002", "to=2002", "as_of=2002"]:
        with subtests.test(query=query):
            assert found(client, "successions", query) == ["meant"]


def test_successions_by_name_of_either_side(client, world):
    factories.succession(slug="from", predecessor=world.un, date="2001")
    factories.succession(slug="to", successor=world.un, date="2002")
    factories.succession()
    assert found(client, "successions", "q=nations") == ["from", "to"]


def test_successions_as_of_a_day_say_whether_they_are_certain(client, world):
    factories.succession(date="2001"), factories.succession(date="[2001..2012]")
    rows = client.get("/api/v1/successions/?as_of=2005").json()["results"]
    assert [row["holds"] for row in rows] == ["certain", "possible"]


def test_memberships(client, world, subtests):
    body = factories.organization(name_en="Meant body")
    factories.membership(
        slug="meant", member_state=world.kaz, organization=body, founder=True, start="2001", end="2005"
    )
    factories.membership(slug="other", member_state=world.sun, organization=world.un)
    for query in ["q=steppe", "q=meant+body", "founder=yes", "start=2001", "end=2005"]:
        with subtests.test(query=query):
            assert found(client, "memberships", query) == ["meant"]


def test_memberships_of_an_organization(client, world):
    factories.membership(slug="meant", member_organization=world.un)
    factories.membership(organization=world.un)
    assert found(client, "memberships", "member=un") == ["meant"]


def test_memberships_shared_with_another_state(client, world):
    factories.membership(slug="shared", organization=world.sco, member_state=world.kaz)
    factories.membership(organization=world.sco, member_state=world.chn)
    factories.membership(organization=world.sco, member_state=world.chn, standing="observer")
    factories.membership(slug="alone", organization=world.un, member_state=world.kaz)
    factories.membership(organization=world.un, member_state=world.chn, status="draft")
    assert found(client, "memberships", "state=KAZ&counterpart=CHN") == ["shared"]


def test_memberships_shared_with_another_state_then(client, world):
    factories.membership(slug="ours", organization=world.sco, member_state=world.kaz, start="2001", end="..")
    factories.membership(organization=world.sco, member_state=world.chn, start="2005", end="..")
    assert found(client, "memberships", "state=KAZ&counterpart=CHN&as_of=2006") == ["ours"]
    assert found(client, "memberships", "state=KAZ&counterpart=CHN&as_of=2003") == []


@pytest.mark.parametrize(
    "query", ["q=steppe", "q=premier", "holder=KAZ", "body=KAZ", "from_state=KAZ", "start=2001", "end=2005"]
)
def test_offices(client, world, query):
    at = {
        "q=steppe": {"holder_state": world.kaz},
        "holder=KAZ": {"holder_state": world.kaz, "body_organization": world.un},
        "body=KAZ": {"body_state": world.kaz},
        "from_state=KAZ": {"from_state": world.kaz, "body_organization": world.un},
    }.get(query, {})
    factories.office(slug="meant", title="Premier", start="2001", end="2005", **at)
    factories.office(slug="other", title="Chair", holder_state=world.sun, body_state=world.chn)
    assert found(client, "offices", query) == ["meant"]


def test_visits(client, world, subtests):
    factories.visit(
        slug="meant",
        visitor=world.xi,
        host=world.kaz,
        met=[world.modi, factories.person()],
        places=[world.astana, factories.place()],
        event=factories.event(slug="meeting"),
        occasion="A Jubilee",
        discussed="Oil and gas",
    )
    factories.visit(slug="other", host=world.chn, event=factories.event())
    for query in [
        "visitor=xi",
        "met=modi",
        "place=astana",
        "event=meeting",
        "q=jubilee",
        "q=gas",
        "q=steppe",
        "person=modi",
    ]:
        with subtests.test(query=query):
            assert found(client, "visits", query) == ["meant"]


def test_agreements(client, world, subtests):
    agreement = factories.agreement(
        slug="meant",
        subjects=[factories.subject(slug="borders"), factories.subject()],
        place=world.astana,
        signed="2008",
        in_force="2009",
        ended="2011",
        period="2012/2015",
        concluded_during=factories.visit(slug="journey"),
        concluded_at=factories.event(slug="meeting"),
        projects=[factories.project(slug="pipe"), factories.project()],
        instruments=None,
        amount=5,
        currency="USD",
    )
    other = factories.agreement(slug="other", amount=5, currency="EUR")
    for state in (world.kaz, world.chn):
        party = factories.party(agreement=agreement, party_state=state, acting_through=world.un)
        factories.action(party=party, kind="ratification", date="2008")
        factories.action(party=party, kind="ratification", date="2009")
    factories.link(agreement=agreement, kind="amends", other=other)
    factories.party(agreement=other, party_state=world.kaz)
    for query in [
        "subject=borders",
        "acting_through=un",
        "action=ratification",
        "action=ratification&state=KAZ",
        "place=astana",
        "in_force=2009-03",
        "ended=2011",
        "period=2013",
        "visit=journey",
        "event=meeting",
        "project=pipe",
        "link=amends",
        "instruments=several",
        "currency=usd",
        "currency=USD&amount_from=5",
        "currency=USD&amount_to=5",
    ]:
        with subtests.test(query=query):
            assert found(client, "agreements", query) == ["meant"]


def test_agreements_linked_either_way(client):
    first, second, third = (factories.agreement(slug=slug) for slug in ("first", "second", "third"))
    factories.link(agreement=first, other=second)
    factories.link(agreement=first, other=second, kind="replaces")
    factories.link(agreement=third, other=first)
    assert found(client, "agreements", "agreement=first&ordering=title") == ["second", "third"]
    assert found(client, "agreements", "agreement=second") == ["first"]


def test_agreements_by_what_the_state_asked_for_did(client, world):
    agreement = factories.agreement()
    factories.party(agreement=agreement, party_state=world.kaz)
    theirs = factories.party(agreement=agreement, party_state=world.chn)
    factories.action(party=theirs, kind="withdrawal")
    assert found(client, "agreements", "state=KAZ&action=withdrawal") == []
    assert found(client, "agreements", "state=CHN&action=withdrawal") == [agreement.slug]


def test_agreements_of_one_instrument(client):
    factories.agreement(slug="one")
    factories.agreement(instruments=20)
    assert found(client, "agreements", "instruments=one") == ["one"]


def test_events(client, world, subtests):
    event = factories.event([world.kaz, world.chn], slug="meant", place=world.astana)
    factories.participant(event=event, participant_state=world.kaz, role="host")
    factories.participant(event=event, participant_state=world.chn, role="host")
    factories.event([world.kaz], slug="other")
    for query in ["place=astana", "role=host", "state=KAZ&role=host"]:
        with subtests.test(query=query):
            assert found(client, "events", query) == ["meant"]


def test_role_is_that_of_whom_is_asked_for(client, world):
    event = factories.event([world.kaz])
    factories.participant(event=event, participant_organization=world.un, role="absent")
    assert found(client, "events", "state=KAZ&role=absent") == []
    assert found(client, "events", "organization=un&role=absent") == [event.slug]
    assert found(client, "events", "organization=un&state=KAZ&role=absent") == [event.slug]
    assert found(client, "events", "role=absent") == [event.slug]


def test_projects(client, world, subtests):
    project = factories.project(
        slug="meant", place=world.astana, proposed="2001", start="2002", end="2004", stage_date="2003"
    )
    factories.project_party(project=project, party_state=world.kaz, role="lender")
    factories.project_party(project=project, party_state=world.chn, role="lender")
    factories.project([world.kaz], slug="other")
    for query in [
        "role=lender",
        "place=astana",
        "proposed=2001",
        "start=2002",
        "end=2004",
        "stage_date=2003",
    ]:
        with subtests.test(query=query):
            assert found(client, "projects", query) == ["meant"]


def test_figures(client, world, subtests):
    factories.figure(
        slug="meant",
        of_state=world.kaz,
        value=5,
        unit="money",
        currency="USD",
        comparison="up_to",
        approximate=True,
        target=True,
        total=True,
        event=factories.event(slug="meeting"),
        project=factories.project(slug="pipe"),
        agreement=factories.agreement(slug="treaty"),
    )
    factories.figure(slug="other", event=factories.event())
    for query in [
        "q=steppe",
        "unit=money",
        "currency=USD",
        "unit=money&value_from=5",
        "unit=money&value_to=5",
        "comparison=up_to",
        "approximate=yes",
        "target=yes",
        "total=yes",
        "event=meeting",
        "project=pipe",
        "agreement=treaty",
    ]:
        with subtests.test(query=query):
            assert found(client, "figures", query) == ["meant"]


def test_sources(client, subtests):
    source = factories.source(
        slug="meant", authors="Akıner, S.", container="A Journal", language="kk", date="2016"
    )
    for _ in range(2):
        factories.passage(source=source)
    done = factories.source(slug="other", date="2010")
    factories.passage(source=done, research="encoded")
    for query in ["q=akıner", "q=journal", "language=kk", "research=open", "from=2015"]:
        with subtests.test(query=query):
            assert found(client, "sources", query) == ["meant"]
    assert found(client, "sources", "research=done") == ["other"]


def test_timeline(client, world, monkeypatch):
    here = factories.passage(anchor="a-1")
    visit, event = factories.visit(date="[1992..1997]", visitor=world.xi), factories.event(date="1993")
    for entry in (visit, event):
        factories.cite(entry, here)
        factories.cite(entry, here, field="date")
    factories.cite(factories.event(date="1994"), factories.passage())

    def kinds(query):
        return [row["kind"] for row in client.get(f"/api/v1/timeline/?{query}").json()["results"]]

    assert kinds(f"source={here.source.slug}") == ["visit", "event"]
    assert kinds(f"source={here.source.slug}&passage=a-1&kind=event") == ["event"]
    assert kinds(f"person=xi&source={here.source.slug}") == ["visit"]
    assert kinds("as_of=1995&certainty=possible") == ["visit"]
    assert kinds("as_of=1995&certainty=certain") == ["event", "event"]
    since = event.updated_at.isoformat().replace("+00:00", "Z")
    assert kinds(f"updated_since={since}") == ["event", "event"]
    monkeypatch.setattr(ChangedSinceParameter, "few", 0)  # Then they are not looked up first.
    assert kinds(f"updated_since={since}") == ["event", "event"]
    assert kinds("ordering=updated") == ["visit", "event", "event"]
    assert kinds("ordering=-updated") == ["event", "event", "visit"]


# Nothing hidden.


def hidden_parts():
    secret = factories.state("QXX", status="draft")
    event, project, agreement = factories.event(), factories.project(), factories.agreement()
    factories.participant(event=event, participant_state=secret, role="absent")
    factories.project_party(project=project, party_state=secret, role="lender")
    party = factories.party(
        agreement=agreement, party_state=secret, acting_through=factories.organization(slug="un")
    )
    factories.action(party=party, kind="withdrawal")
    factories.link(agreement=agreement, kind="replaces", other=factories.agreement(status="withdrawn"))


def test_parts_of_whom_is_not_public_are_not_told_of(client, subtests):
    hidden_parts()
    for prefix, query in [
        ("events", "role=absent"),
        ("projects", "role=lender"),
        ("agreements", "action=withdrawal"),
        ("agreements", "acting_through=un"),
        ("agreements", "organization=un"),
        ("agreements", "link=replaces"),
    ]:
        with subtests.test(prefix, query=query):
            assert found(client, prefix, query) == []


HIDDEN = {
    ("states", "predecessor"): lambda: factories.state("QXX", status="draft"),
    ("organizations", "parent"): lambda: factories.organization(slug="qxx", status="draft"),
    ("memberships", "member"): lambda: factories.organization(slug="qxx", status="withdrawn"),
    ("successions", "successor"): lambda: factories.organization(slug="qxx", status="draft"),
    ("offices", "holder"): lambda: factories.state("QXX", status="in_review"),
    ("visits", "met"): lambda: factories.person(slug="qxx", status="draft"),
    ("visits", "event"): lambda: factories.event(slug="qxx", status="draft"),
    ("agreements", "visit"): lambda: factories.visit(slug="qxx", visitor=factories.person(status="draft")),
    ("agreements", "project"): lambda: factories.project(slug="qxx", status="draft"),
    ("agreements", "agreement"): lambda: factories.agreement(slug="qxx", status="draft"),
    ("figures", "agreement"): lambda: factories.agreement(slug="qxx", status="in_review"),
}


@pytest.mark.parametrize(("prefix", "name"), HIDDEN)
def test_who_is_not_public_is_answered_as_nobody(client, prefix, name, one_request_id):
    before = client.get(f"/api/v1/{prefix}/?{name}=qxx")
    HIDDEN[prefix, name]()
    after = client.get(f"/api/v1/{prefix}/?{name}=qxx")
    assert before.status_code == after.status_code == 400
    assert before.content == after.content
