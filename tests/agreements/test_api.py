import pytest

from apps.core import paging
from tests import factories
from tests.names import named, titled

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


def slugs(client, query):
    answer = client.get(f"/api/v1/agreements/?{query}").json()
    return [row["slug"] for row in answer["results"]]


@pytest.fixture
def states():
    return {code: factories.state(code, name_en=code.title()) for code in ("KAZ", "CHN", "TUR")}


@pytest.fixture
@factories.at_once
def agreement(states):
    visitor = factories.person(name_en="Li Peng")
    agreement = factories.agreement(
        slug="border-1994",
        title="Border Agreement",
        kind="agreement",
        subjects=[factories.subject(slug="borders", name_en="Borders")],
        signed="1994-04-26",
        place=factories.place(slug="almaty", name_en="Almaty", state=states["KAZ"]),
        in_force="1995~",
        ended="[1998..]",
        period="1995/..",
        amount="1500000.50",
        currency="USD",
        instruments=20,
        instruments_approximate=True,
        concluded_during=factories.visit(slug="li-1994", visitor=visitor, host=states["KAZ"], date="1994-04"),
        concluded_at=factories.event(slug="summit", title="Summit"),
        projects=[
            factories.project(slug="canal", title="Canal"),
            factories.project(title="Hidden", status="draft"),
        ],
    )
    ministry = factories.organization(slug="mfa", name_en="Ministry")
    kazakhstan = factories.party(agreement=agreement, party_state=states["KAZ"], acting_through=ministry)
    factories.action(party=kazakhstan, kind="ratification", date="1995")
    factories.action(party=kazakhstan, kind="signature", date="1994-04-26")
    factories.party(agreement=agreement, party_organization=factories.organization(slug="un", name_en="UN"))
    factories.party(agreement=agreement, party_state=factories.state(status="draft"))
    factories.link(
        agreement=agreement, kind="extends", other=factories.agreement(slug="first", title="First")
    )
    factories.link(agreement=agreement, other=factories.agreement(status="draft"))
    factories.link(agreement=factories.agreement(slug="second", title="Second"), other=agreement)
    factories.link(agreement=factories.agreement(status="withdrawn"), other=agreement)
    return agreement


AGREEMENT = {
    "slug": "border-1994",
    "title": "Border Agreement",
    "kind": "agreement",
    "subjects": [named(f"{SITE}/api/v1/agreements/?subject=borders", "Borders", slug="borders")],
    "signed": {"edtf": "1994-04-26", "earliest": "1994-04-26", "latest": "1994-04-26"},
    "place": named(f"{SITE}/api/v1/places/almaty/", "Almaty", slug="almaty"),
    "in_force": {"edtf": "1995~", "earliest": "1995-01-01", "latest": "1995-12-31"},
    "ended": {"edtf": "[1998..]", "earliest": "1998-01-01", "latest": None},
    "period": {"edtf": "1995/..", "earliest": "1995-01-01", "latest": None},
    "amount": "1500000.50",
    "currency": "USD",
    "instruments": 20,
    "instruments_approximate": True,
    "parties": [
        {
            "party": named(f"{SITE}/api/v1/states/KAZ/", "Kaz", code="KAZ"),
            "acting_through": named(f"{SITE}/api/v1/organizations/mfa/", "Ministry", slug="mfa"),
            "actions": [
                {
                    "kind": "signature",
                    "date": {"edtf": "1994-04-26", "earliest": "1994-04-26", "latest": "1994-04-26"},
                },
                {
                    "kind": "ratification",
                    "date": {"edtf": "1995", "earliest": "1995-01-01", "latest": "1995-12-31"},
                },
            ],
            "standing": {
                "code": "bound",
                "words": "bound by consent",
                "reason": "Consent to be bound is established by ratification.",
            },
        },
        {
            "party": named(f"{SITE}/api/v1/organizations/un/", "UN", slug="un"),
            "acting_through": None,
            "actions": [],
            "standing": {
                "code": "named",
                "words": "named as a party",
                "reason": "The source names it as a party and tells of no action of its own.",
            },
        },
    ],
    "links": [
        {
            "kind": "extends",
            "agreement": titled(f"{SITE}/api/v1/agreements/first/", "First", slug="first"),
        }
    ],
    "links_in": [
        {
            "kind": "amends",
            "agreement": titled(f"{SITE}/api/v1/agreements/second/", "Second", slug="second"),
        }
    ],
    "concluded_during": titled(
        f"{SITE}/api/v1/visits/li-1994/", "Li Peng to Kaz, April 1994", slug="li-1994"
    ),
    "concluded_at": titled(f"{SITE}/api/v1/events/summit/", "Summit", slug="summit"),
    "projects": [titled(f"{SITE}/api/v1/projects/canal/", "Canal", slug="canal")],
    "figures": [],
    "basis": "stated",
    "note": "",
    "citations": [],
    "url": f"{SITE}/api/v1/agreements/border-1994/",
    "html_url": f"{SITE}/agreements/border-1994/",
}


def test_agreement(client, agreement):
    assert client.get("/api/v1/agreements/border-1994/").json() == AGREEMENT
    answer = client.get("/api/v1/agreements/?subject=borders").json()
    assert answer == {"count": 1, "count_is": "exact", "next": None, "previous": None, "results": [AGREEMENT]}


def test_agreement_of_which_little_is_known(client):
    factories.agreement(slug="x", instruments=None)
    answer = client.get("/api/v1/agreements/x/").json()
    for name in (
        "signed",
        "place",
        "in_force",
        "ended",
        "period",
        "amount",
        "instruments",
        "concluded_during",
        "concluded_at",
    ):
        assert answer[name] is None
    for name in ("subjects", "projects", "figures", "parties", "links", "links_in"):
        assert answer[name] == []


def test_agreement_concluded_during_an_unpublished_visit_does_not_name_it(client):
    factories.agreement(slug="x", concluded_during=factories.visit(status="draft"))
    assert client.get("/api/v1/agreements/x/").json()["concluded_during"] is None


def test_agreement_does_not_name_a_visit_of_somebody_unpublished(client):
    visit = factories.visit(slug="a-visit", visitor=factories.person(status="draft"))
    factories.agreement(slug="x", concluded_during=visit)
    assert client.get("/api/v1/agreements/x/").json()["concluded_during"] is None


def test_agreement_does_not_name_an_unpublished_event_or_project(client):
    event, project = (
        factories.event(slug="secret", status="draft"),
        factories.project(slug="secret", status="withdrawn"),
    )
    factories.agreement(slug="x", concluded_at=event, projects=[project])
    answer = client.get("/api/v1/agreements/x/").json()
    assert (answer["concluded_at"], answer["projects"]) == (None, [])
    assert "secret" not in client.get("/api/v1/agreements/").content.decode()


def test_agreements_as_of_a_day_are_those_signed_by_then(client, agreement, subtests):
    for as_of, holds in [("1994-04-25", None), ("1994-04-26", "certain"), ("1994", "certain")]:
        with subtests.test(as_of=as_of):
            answer = client.get(f"/api/v1/agreements/?subject=borders&as_of={as_of}").json()
            assert answer["results"] == ([AGREEMENT | {"holds": holds}] if holds else [])


def test_agreements_by_party(client, states):
    kazakhstan, china, turkey = states.values()
    union = factories.organization(slug="un")
    factories.agreement([kazakhstan, china], slug="two", signed="1995")
    factories.agreement([kazakhstan, china, turkey, union], slug="many", signed="1994")
    factories.agreement([turkey], slug="one", signed="1993")
    third = factories.agreement(slug="third", signed="1992")
    factories.party(agreement=third, party_state=turkey, acting_through=union)
    assert slugs(client, "state=KAZ") == ["two", "many"]
    assert slugs(client, "state=KAZ&counterpart=TUR") == ["many"]
    assert slugs(client, "state=KAZ&counterpart=CHN") == ["two", "many"]
    assert slugs(client, "organization=un") == ["many", "third"]


def test_agreements_by_kind_title_and_time(client):
    factories.agreement(slug="a", kind="loan", title="Über Öl", signed="1994")
    factories.agreement(slug="b", kind="lease", title="A Base", signed="")
    assert slugs(client, "kind=loan") == slugs(client, "q=uber") == ["a"]
    assert slugs(client, "year=1993") == slugs(client, "ordering=signed&limit=1") == ["b"]
    assert slugs(client, "ordering=title") == ["b", "a"]


@pytest.mark.parametrize("more", ["", "&organization=bank"])
@pytest.mark.parametrize("ordering", ["-signed", "title"])
def test_agreements_by_an_action_of_many_parties_are_counted_once_each(
    client, states, monkeypatch, ordering, more
):
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    bank = factories.organization(slug="bank")
    for slug, signed in (("a", "1994"), ("b", "1995")):
        found = factories.agreement(slug=slug, title=slug, signed=signed, parties=[*states.values(), bank])
        for party in found.parties.all():
            factories.action(party=party, kind="ratification")
    factories.action(party=factories.party(party_organization=bank), kind="signature")
    for _again in range(2):  # The second time it is known how many there are.
        answer = client.get(f"/api/v1/agreements/?action=ratification&ordering={ordering}{more}").json()
        assert [row["slug"] for row in answer["results"]] == (
            ["b", "a"] if ordering == "-signed" else ["a", "b"]
        )
        assert (answer["count"], answer["count_is"]) == (2, "exact")
