import pytest

from tests import factories
from tests.names import named, titled

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


def slugs(client, query):
    answer = client.get(f"/api/v1/visits/?{query}").json()
    return [row["slug"] for row in answer["results"]]


@pytest.fixture
def states():
    return {code: factories.state(code, name_en=code.title()) for code in ("KAZ", "CHN", "TUR")}


@pytest.fixture
@factories.at_once
def visit(states):
    visit = factories.visit(
        slug="jiang-1996",
        visitor=factories.person(slug="jiang", name_en="Jiang Zemin", name_ru="Цзян Цзэминь"),
        sent_by_state=states["CHN"],
        host=states["KAZ"],
        places=[factories.place(slug="almaty", name_en="Almaty", state=states["KAZ"])],
        date="1996-07",
        kind="state",
        occasion="An invitation",
        event=factories.event(slug="summit", title="Summit"),
        met=[
            factories.person(slug="nazarbayev", name_en="Nursultan Nazarbayev"),
            factories.person(slug="hidden", status="draft"),
        ],
        discussed="Borders",
    )
    factories.agreement(slug="declaration", title="Joint Declaration", concluded_during=visit)
    factories.agreement(title="Hidden", concluded_during=visit, status="in_review")
    return visit


VISIT = {
    "slug": "jiang-1996",
    "visitor": named(f"{SITE}/api/v1/people/jiang/", "Jiang Zemin", "Цзян Цзэминь", slug="jiang"),
    "capacity": "head_of_state",
    "sent_by": named(f"{SITE}/api/v1/states/CHN/", "Chn", code="CHN"),
    "host": named(f"{SITE}/api/v1/states/KAZ/", "Kaz", code="KAZ"),
    "places": [named(f"{SITE}/api/v1/places/almaty/", "Almaty", slug="almaty")],
    "date": {"edtf": "1996-07", "earliest": "1996-07-01", "latest": "1996-07-31"},
    "kind": "state",
    "occasion": "An invitation",
    "event": titled(f"{SITE}/api/v1/events/summit/", "Summit", slug="summit"),
    "met": [named(f"{SITE}/api/v1/people/nazarbayev/", "Nursultan Nazarbayev", slug="nazarbayev")],
    "discussed": "Borders",
    "outcomes": [titled(f"{SITE}/api/v1/agreements/declaration/", "Joint Declaration", slug="declaration")],
    "basis": "stated",
    "note": "",
    "citations": [],
    "url": f"{SITE}/api/v1/visits/jiang-1996/",
    "html_url": f"{SITE}/visits/jiang-1996/",
}


def test_visit(client, visit):
    assert client.get("/api/v1/visits/jiang-1996/").json() == VISIT
    answer = client.get("/api/v1/visits/").json()
    assert answer == {"count": 1, "count_is": "exact", "next": None, "previous": None, "results": [VISIT]}


@pytest.mark.parametrize(
    ("as_of", "holds"), [("1996-06", None), ("1996-07-15", "possible"), ("1996-07", "certain")]
)
def test_visits_as_of_a_day_are_those_made_by_then(client, visit, as_of, holds):
    answer = client.get(f"/api/v1/visits/?as_of={as_of}").json()
    assert answer["results"] == ([VISIT | {"holds": holds}] if holds else [])


def test_visit_for_an_organization_without_a_date(client, states):
    sender = factories.organization(slug="un", name_en="United Nations")
    factories.visit(slug="x", sent_by_organization=sender, host=states["KAZ"])
    answer = client.get("/api/v1/visits/x/").json()
    assert answer["sent_by"] == named(f"{SITE}/api/v1/organizations/un/", "United Nations", slug="un")
    assert answer["date"] is None
    assert slugs(client, "organization=un") == ["x"]


@pytest.mark.parametrize("fields", [{}, {"event": {"slug": "secret", "status": "draft"}}])
def test_visit_without_a_public_event(client, fields):
    factories.visit(slug="x", **{name: factories.event(**given) for name, given in fields.items()})
    assert client.get("/api/v1/visits/x/").json()["event"] is None
    assert "secret" not in client.get("/api/v1/visits/").content.decode()


def test_visits_between_states(client, visit, states):
    factories.visit(slug="back", sent_by_state=states["KAZ"], host=states["CHN"], date="1995")
    factories.visit(slug="turkey", sent_by_state=states["TUR"], host=states["KAZ"], date="1994")
    factories.visit(slug="elsewhere", sent_by_state=states["TUR"], host=states["CHN"], date="1993")
    assert slugs(client, "state=KAZ") == ["jiang-1996", "back", "turkey"]
    assert slugs(client, "state=KAZ&direction=in") == ["jiang-1996", "turkey"]
    assert slugs(client, "state=KAZ&direction=out") == ["back"]
    assert slugs(client, "state=KAZ&counterpart=CHN") == ["jiang-1996", "back"]
    assert slugs(client, "state=KAZ&counterpart=CHN&direction=in") == ["jiang-1996"]
    assert slugs(client, "state=TUR&counterpart=CHN") == ["elsewhere"]


def test_visits_by_person_kind_and_name(client, visit):
    factories.visit(slug="other", kind="working", capacity="foreign_minister")
    assert slugs(client, "person=jiang") == slugs(client, "person=nazarbayev") == ["jiang-1996"]
    assert slugs(client, "kind=working") == slugs(client, "capacity=foreign_minister") == ["other"]
    assert slugs(client, "q=ЦЗЯН") == ["jiang-1996"]


def test_visits_in_order_of_time_with_the_undated_at_the_end(client):
    for slug, date in [("a", "1993"), ("b", ""), ("c", "1993-02"), ("d", "1995")]:
        factories.visit(slug=slug, date=date)
    assert slugs(client, "") == ["d", "c", "a", "b"]
    assert slugs(client, "ordering=date") == ["b", "a", "c", "d"]


def test_visits_of_a_time_are_those_that_may_lie_in_it(client):
    for slug, date in [("a", "1992"), ("b", "[1992..1997]"), ("c", "1995-05"), ("d", ""), ("e", "199X")]:
        factories.visit(slug=slug, date=date)
    assert set(slugs(client, "year=1995")) == {"b", "c", "d", "e"}
    assert set(slugs(client, "from=1995-05-31")) == {"b", "c", "d", "e"}
    assert set(slugs(client, "from=1995-06")) == {"b", "d", "e"}
    assert set(slugs(client, "to=1991")) == {"d", "e"}
    assert set(slugs(client, "from=1998&to=1999")) == {"d", "e"}
