import pytest

from tests import factories
from tests.names import in_english, named, titled

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


def slugs(client, address):
    return [row["slug"] for row in client.get(f"/api/v1/{address}").json()["results"]]


def organization_reference(slug, name):
    russian = "Шанхайская организация сотрудничества" if slug == "sco" else None
    return named(f"{SITE}/api/v1/organizations/{slug}/", name, russian, slug=slug)


def state_reference(code, name):
    return named(f"{SITE}/api/v1/states/{code}/", name, code=code)


def tail(kind, slug):
    return {
        "basis": "stated",
        "note": "",
        "citations": [],
        "url": f"{SITE}/api/v1/{kind}/{slug}/",
        "html_url": f"{SITE}/{kind}/{slug}/",
    }


@pytest.fixture
def china():
    return factories.state("CHN", name_en="China")


@pytest.fixture
@factories.at_once
def sco(china):
    return factories.organization(
        slug="sco",
        name_en="Shanghai Cooperation Organization",
        name_ru="Шанхайская организация сотрудничества",
        abbreviation="SCO",
        aliases="Shanghai Pact",
        founded="2001-06-15",
        seat=factories.place(slug="beijing", name_en="Beijing", state=china),
        parent=factories.organization(slug="whole", name_en="The Whole"),
    )


SCO = {
    "slug": "sco",
    "name": "Shanghai Cooperation Organization",
    "names": in_english("Shanghai Cooperation Organization", ru="Шанхайская организация сотрудничества"),
    "abbreviation": "SCO",
    "kind": "intergovernmental",
    "founded": {"edtf": "2001-06-15", "earliest": "2001-06-15", "latest": "2001-06-15"},
    "dissolved": None,
    "seat": named(f"{SITE}/api/v1/places/beijing/", "Beijing", slug="beijing"),
    "state": None,
    "parent": organization_reference("whole", "The Whole"),
} | tail("organizations", "sco")


def test_organization_list(client, sco):
    answer = client.get("/api/v1/organizations/?q=shanghai").json()
    assert answer == {"count": 1, "count_is": "exact", "next": None, "previous": None, "results": [SCO]}


def test_organization_detail(client, sco):
    five = factories.organization(slug="five", name_en="Shanghai Five")
    factories.succession(slug="five-to-sco", predecessor=five, successor=sco, kind="transformed", date="2001")
    factories.succession(predecessor=five, successor=sco, kind="merged", status="draft")
    factories.organization(slug="rats", name_en="RATS", parent=sco)
    assert client.get("/api/v1/organizations/sco/").json() == SCO | {
        "names": {
            "en": "Shanghai Cooperation Organization",
            "kk": None,
            "ru": "Шанхайская организация сотрудничества",
        },
        "aliases": ["Shanghai Pact"],
        "parts": [organization_reference("rats", "RATS")],
        "predecessors": [
            {
                "organization": organization_reference("five", "Shanghai Five"),
                "kind": "transformed",
                "date": {"edtf": "2001", "earliest": "2001-01-01", "latest": "2001-12-31"},
                "succession": titled(
                    f"{SITE}/api/v1/successions/five-to-sco/",
                    "Shanghai Five was transformed into Shanghai Cooperation Organization",
                    slug="five-to-sco",
                ),
            }
        ],
        "successors": [],
        "wikidata_id": "",
    }
    (successor,) = client.get("/api/v1/organizations/five/").json()["successors"]
    assert successor["organization"] == organization_reference("sco", SCO["name"])


def test_organizations_that_concern_a_state(client, china, sco):
    factories.membership(organization=sco, member_state=china, standing="observer")
    factories.organization(slug="cnpc", kind="company", state=china, name_en="CNPC")
    factories.membership(
        organization=factories.organization(slug="draft"), member_state=china, status="draft"
    )
    assert slugs(client, "organizations/?state=CHN") == ["cnpc", "sco"]
    assert slugs(client, "organizations/?state=CHN&kind=company") == ["cnpc"]
    assert slugs(client, "organizations/?ordering=-founded") == ["sco", "draft", "cnpc", "whole"]


def test_succession(client, sco):
    five = factories.organization(slug="five", name_en="Shanghai Five")
    factories.succession(
        slug="five-to-sco", predecessor=five, successor=sco, kind="transformed", date="2001?"
    )
    factories.succession(slug="other")
    whole = {
        "slug": "five-to-sco",
        "predecessor": organization_reference("five", "Shanghai Five"),
        "successor": organization_reference("sco", SCO["name"]),
        "kind": "transformed",
        "date": {"edtf": "2001?", "earliest": "2001-01-01", "latest": "2001-12-31"},
    } | tail("successions", "five-to-sco")
    assert client.get("/api/v1/successions/five-to-sco/").json() == whole
    for organization in ("five", "sco"):
        answer = client.get(f"/api/v1/successions/?organization={organization}&kind=transformed").json()
        assert answer == {"count": 1, "count_is": "exact", "next": None, "previous": None, "results": [whole]}


@pytest.fixture
def membership(china, sco):
    return factories.membership(
        slug="china-sco",
        organization=sco,
        member_state=china,
        founder=True,
        start="2001-06-15",
        end="..",
        attested="2011",
    )


MEMBERSHIP = {
    "slug": "china-sco",
    "member": state_reference("CHN", "China"),
    "organization": organization_reference("sco", SCO["name"]),
    "status": "member",
    "founder": True,
    "span": {
        "start": {"edtf": "2001-06-15", "earliest": "2001-06-15", "latest": "2001-06-15"},
        "end": {"edtf": ".."},
        "attested": {"edtf": "2011", "earliest": "2011-01-01", "latest": "2011-12-31"},
    },
} | tail("memberships", "china-sco")


def test_membership(client, membership):
    assert client.get("/api/v1/memberships/china-sco/").json() == MEMBERSHIP
    answer = client.get("/api/v1/memberships/").json()
    assert answer == {
        "count": 1,
        "count_is": "exact",
        "next": None,
        "previous": None,
        "results": [MEMBERSHIP],
    }


@pytest.mark.parametrize(
    ("as_of", "holds"),
    [
        ("2001-06-14", None),
        ("2001-06", "possible"),
        ("2005-07-01", "certain"),
        ("2010", "certain"),
        ("2012", "possible"),
    ],
)
def test_memberships_as_of_a_day_say_whether_they_held(client, membership, as_of, holds):
    answer = client.get(f"/api/v1/memberships/?organization=sco&as_of={as_of}").json()
    assert answer["results"] == ([MEMBERSHIP | {"holds": holds}] if holds else [])


def test_membership_of_an_organization_of_which_nothing_is_dated(client, sco):
    member = factories.organization(slug="five", name_en="Five")
    factories.membership(slug="x", organization=sco, member_organization=member, standing="dialogue_partner")
    answer = client.get("/api/v1/memberships/x/").json()
    assert answer["member"] == organization_reference("five", "Five")
    assert answer["status"] == "dialogue_partner"
    assert answer["span"] == {"start": None, "end": None, "attested": None}


def test_membership_in_what_is_not_published_is_not_public(client, china):
    hidden = factories.organization(status="draft")
    factories.membership(slug="x", organization=hidden, member_state=china)
    assert client.get("/api/v1/memberships/x/").status_code == 404


def test_memberships_by_state_status_and_time(client, membership, china, sco):
    factories.membership(slug="left", organization=sco, start="1992", end="1995")
    factories.membership(slug="observer", organization=sco, standing="observer", start="2004", end="2005")
    factories.membership(slug="elsewhere", member_state=china)
    assert slugs(client, "memberships/?organization=sco") == ["left", "china-sco", "observer"]
    assert slugs(client, "memberships/?organization=sco&ordering=-start") == ["observer", "china-sco", "left"]
    assert slugs(client, "memberships/?state=CHN&organization=sco") == ["china-sco"]
    assert slugs(client, "memberships/?status=observer") == ["observer"]
    assert slugs(client, "memberships/?organization=sco&year=1995") == ["left"]
    assert slugs(client, "memberships/?organization=sco&to=2003") == ["left", "china-sco"]
    assert slugs(client, "memberships/?organization=sco&from=2005-06") == ["china-sco", "observer"]
    assert slugs(client, "memberships/?ordering=organization&limit=3")[0] == "elsewhere"


@pytest.fixture
@factories.at_once
def office(china):
    return factories.office(
        slug="jiang-president",
        holder_person=factories.person(slug="jiang", name_en="Jiang Zemin"),
        body_state=china,
        title="President",
        start="[1992..1993]",
    )


OFFICE = {
    "slug": "jiang-president",
    "holder": named(f"{SITE}/api/v1/people/jiang/", "Jiang Zemin", slug="jiang"),
    "role": "head_of_state",
    "title": "President",
    "body": state_reference("CHN", "China"),
    "from_state": None,
    "span": {
        "start": {"edtf": "[1992..1993]", "earliest": "1992-01-01", "latest": "1993-12-31"},
        "end": None,
        "attested": None,
    },
} | tail("offices", "jiang-president")


def test_office(client, office):
    assert client.get("/api/v1/offices/jiang-president/").json() == OFFICE
    answer = client.get("/api/v1/offices/?as_of=1992").json()
    assert answer == {
        "count": 1,
        "count_is": "exact",
        "next": None,
        "previous": None,
        "results": [OFFICE | {"holds": "possible"}],
    }


def test_office_of_a_state_in_an_organization(client, china, sco):
    factories.office(slug="chair", holder_state=china, role="chair", body_organization=sco)
    answer = client.get("/api/v1/offices/chair/").json()
    assert answer["holder"] == state_reference("CHN", "China")
    assert answer["body"] == organization_reference("sco", SCO["name"])


def test_offices_by_state_organization_person_and_role(client, office, china, sco):
    factories.office(slug="chair", holder_state=china, role="chair", body_organization=sco, start="2000")
    factories.office(
        slug="sent", from_state=china, role="secretary_general", body_organization=sco, start="2001"
    )
    factories.office(slug="other", start="2002")
    assert slugs(client, "offices/?state=CHN") == ["jiang-president", "chair", "sent"]
    assert slugs(client, "offices/?organization=sco") == ["chair", "sent"]
    assert slugs(client, "offices/?person=jiang") == ["jiang-president"]
    assert slugs(client, "offices/?role=chair") == ["chair"]
