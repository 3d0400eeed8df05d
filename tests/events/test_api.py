import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.names import named, titled
from tests.sampling import sample

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
API = f"{SITE}/api/v1"
HIDDEN = {"name_en": "SECRET", "status": "draft"}


def slugs(client, query, kind="events"):
    answer = client.get(f"/api/v1/{kind}/?{query}").json()
    return [row["slug"] for row in answer["results"]]


@pytest.fixture
def states():
    return {code: factories.state(code, name_en=code.title()) for code in ("KAZ", "CHN", "TUR")}


@pytest.fixture
@factories.at_once
def event(states):
    event = factories.event(
        slug="summit-2005",
        title="Summit",
        kind="summit",
        date="2005-07",
        place=factories.place(slug="almaty", name_en="Almaty", state=states["KAZ"]),
        summary="They met.",
    )
    union = factories.organization(slug="sco", name_en="SCO")
    hu = factories.person(slug="hu", name_en="Hu Jintao")
    factories.participant(event=event, participant_state=states["KAZ"], role="host", note="in Almaty")
    factories.participant(event=event, participant_organization=union, role="organizer")
    factories.participant(event=event, participant_person=hu, role="speaker")
    factories.participant(event=event, participant_state=states["CHN"], role="absent")
    factories.participant(event=event, participant_state=factories.state("QSS", **HIDDEN))
    factories.participant(event=event, participant_organization=factories.organization(**HIDDEN))
    factories.participant(event=event, participant_person=factories.person(**HIDDEN))
    factories.agreement(slug="declaration", title="Declaration", concluded_at=event)
    factories.agreement(title="SECRET", concluded_at=event, status="in_review")
    visitor = factories.person(slug="wen", name_en="Wen")
    factories.visit(slug="wen-2005", visitor=visitor, host=states["KAZ"], date="2005-07", event=event)
    factories.visit(visitor=factories.person(**HIDDEN), host=states["KAZ"], event=event)
    factories.figure(slug="members", title="Members", of_organization=union, event=event)
    factories.figure(title="SECRET", of_organization=union, event=event, status="draft")
    return event


EVENT = {
    "slug": "summit-2005",
    "title": "Summit",
    "kind": "summit",
    "date": {"edtf": "2005-07", "earliest": "2005-07-01", "latest": "2005-07-31"},
    "place": named(f"{API}/places/almaty/", "Almaty", slug="almaty"),
    "summary": "They met.",
    "participants": [
        {
            "participant": named(f"{API}/states/KAZ/", "Kaz", code="KAZ"),
            "role": "host",
            "note": "in Almaty",
        },
        {
            "participant": named(f"{API}/organizations/sco/", "SCO", slug="sco"),
            "role": "organizer",
            "note": "",
        },
        {
            "participant": named(f"{API}/people/hu/", "Hu Jintao", slug="hu"),
            "role": "speaker",
            "note": "",
        },
        {
            "participant": named(f"{API}/states/CHN/", "Chn", code="CHN"),
            "role": "absent",
            "note": "",
        },
    ],
    "agreements": [titled(f"{API}/agreements/declaration/", "Declaration", slug="declaration")],
    "visits": [titled(f"{API}/visits/wen-2005/", "Wen to Kaz, July 2005", slug="wen-2005")],
    "figures": [titled(f"{API}/figures/members/", "Members", slug="members")],
    "basis": "stated",
    "note": "",
    "citations": [],
    "url": f"{API}/events/summit-2005/",
    "html_url": f"{SITE}/events/summit-2005/",
}


def test_event(client, event):
    assert client.get("/api/v1/events/summit-2005/").json() == EVENT
    answer = client.get("/api/v1/events/").json()
    assert answer == {"count": 1, "count_is": "exact", "next": None, "previous": None, "results": [EVENT]}


def test_event_of_which_little_is_known(client):
    factories.event(slug="x")
    answer = client.get("/api/v1/events/x/").json()
    assert answer["date"] is answer["place"] is None
    for name in ("participants", "agreements", "visits", "figures"):
        assert answer[name] == []


def test_event_has_its_citations(client, event):
    factories.cite(event, factories.passage(source=factories.source(slug="read")), field="date", note="here")
    (citation,) = client.get("/api/v1/events/summit-2005/").json()["citations"]
    assert (citation["source"]["slug"], citation["field"], citation["note"]) == ("read", "date", "here")


def test_events_as_of_a_day_are_those_that_had_happened(client, event, subtests):
    for as_of, holds in [("2005-06", None), ("2005-07-15", "possible"), ("2005-07", "certain")]:
        with subtests.test(as_of=as_of):
            answer = client.get(f"/api/v1/events/?as_of={as_of}").json()
            assert answer["results"] == ([EVENT | {"holds": holds}] if holds else [])


def test_events_by_who_has_a_part(client, event, states):
    turkey = states["TUR"]
    factories.event([turkey, states["KAZ"]], slug="two", date="2004")
    factories.event([turkey], slug="one", date="2003")
    assert slugs(client, "state=KAZ") == ["summit-2005", "two"]
    assert slugs(client, "state=CHN") == ["summit-2005"]
    assert slugs(client, "state=KAZ&counterpart=TUR") == ["two"]
    assert slugs(client, "state=TUR&counterpart=CHN") == []
    assert slugs(client, "organization=sco") == slugs(client, "person=hu") == ["summit-2005"]


def test_an_event_in_which_a_state_has_two_roles_comes_once(client, event, states):
    factories.participant(event=event, participant_state=states["KAZ"], role="initiator")
    answer = client.get("/api/v1/events/?state=KAZ").json()
    assert answer["count"] == len(answer["results"]) == 1
    roles = [part["role"] for part in answer["results"][0]["participants"]]
    assert sorted(roles) == ["absent", "host", "initiator", "organizer", "speaker"]


def test_events_by_kind_title_basis_and_time(client):
    factories.event(slug="a", kind="vote", title="Über Öl", date="1994", basis="inferred", note="So.")
    factories.event(slug="b", kind="crisis", title="A Crisis", date="")
    assert slugs(client, "kind=vote") == slugs(client, "q=uber") == slugs(client, "basis=inferred") == ["a"]
    assert slugs(client, "year=1993") == slugs(client, "from=1995") == slugs(client, "to=1993") == ["b"]
    assert slugs(client, "year=1994") == slugs(client, "from=1994&to=1994-02") == ["a", "b"]
    assert slugs(client, "ordering=date") == ["b", "a"]
    assert slugs(client, "ordering=title") == ["b", "a"]
    assert slugs(client, "ordering=-title") == ["a", "b"]


@pytest.mark.parametrize("kind", sample(["events", "projects"], ["events"]))
@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("kind=royal", ["kind"]),
        ("state=QQQ", ["state"]),
        ("state=KAZ&counterpart=x", ["counterpart"]),
        ("counterpart=KAZ", ["counterpart"]),
        ("organization=nothing", ["organization"]),
        ("year=93", ["year"]),
        ("from=2001-02-29", ["from"]),
        ("to=x", ["to"]),
        ("as_of=x", ["as_of"]),
        ("basis=x", ["basis"]),
        ("ordering=x", ["ordering"]),
        ("colour=red&kind=royal", ["colour", "kind"]),
    ],
)
def test_wrong_values_are_named(client, states, kind, query, wrong):
    answer = client.get(f"/api/v1/{kind}/?{query}")
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == wrong


@pytest.mark.parametrize("query", ["person=nobody", "stage=proposed"])
def test_filters_of_one_list_only(client, query):
    assert client.get(f"/api/v1/events/?{query}").status_code == 400
    other = client.get("/api/v1/projects/?person=nobody").json()
    assert [error["parameter"] for error in other["errors"]] == ["person"]


def test_who_is_unpublished_is_asked_for_in_vain(client):
    hidden = factories.state(status="draft")
    factories.event([hidden])
    answer = client.get(f"/api/v1/events/?state={hidden.code}")
    assert answer.status_code == 400


@pytest.fixture
@factories.at_once
def project(states):
    project = factories.project(
        slug="pipeline",
        title="Pipeline",
        kind="pipeline",
        place=factories.place(slug="atyrau", name_en="Atyrau", state=states["KAZ"]),
        proposed="1997",
        start="2004-09",
        end="..",
        attested="2013",
        stage="in_operation",
        stage_date="2013",
        summary="It carries oil.",
    )
    company = factories.organization(slug="cnpc", name_en="CNPC")
    factories.project_party(project=project, party_state=states["KAZ"], role="host", note="all of it")
    factories.project_party(project=project, party_organization=company, role="builder")
    factories.project_party(project=project, party_state=factories.state("QSS", **HIDDEN))
    factories.project_party(project=project, party_organization=factories.organization(**HIDDEN))
    factories.agreement(slug="oil", title="Oil Agreement", projects=[project])
    factories.agreement(title="SECRET", projects=[project], status="draft")
    factories.figure(slug="length", title="Length", of_organization=company, project=project)
    factories.figure(title="SECRET", project=project, status="withdrawn")
    return project


PROJECT = {
    "slug": "pipeline",
    "title": "Pipeline",
    "kind": "pipeline",
    "place": named(f"{API}/places/atyrau/", "Atyrau", slug="atyrau"),
    "proposed": {"edtf": "1997", "earliest": "1997-01-01", "latest": "1997-12-31"},
    "span": {
        "start": {"edtf": "2004-09", "earliest": "2004-09-01", "latest": "2004-09-30"},
        "end": {"edtf": ".."},
        "attested": {"edtf": "2013", "earliest": "2013-01-01", "latest": "2013-12-31"},
    },
    "stage": "in_operation",
    "stage_date": {"edtf": "2013", "earliest": "2013-01-01", "latest": "2013-12-31"},
    "summary": "It carries oil.",
    "parties": [
        {
            "party": named(f"{API}/states/KAZ/", "Kaz", code="KAZ"),
            "role": "host",
            "note": "all of it",
        },
        {
            "party": named(f"{API}/organizations/cnpc/", "CNPC", slug="cnpc"),
            "role": "builder",
            "note": "",
        },
    ],
    "agreements": [titled(f"{API}/agreements/oil/", "Oil Agreement", slug="oil")],
    "figures": [titled(f"{API}/figures/length/", "Length", slug="length")],
    "basis": "stated",
    "note": "",
    "citations": [],
    "url": f"{API}/projects/pipeline/",
    "html_url": f"{SITE}/projects/pipeline/",
}


def test_project(client, project):
    assert client.get("/api/v1/projects/pipeline/").json() == PROJECT
    answer = client.get("/api/v1/projects/").json()
    assert answer == {"count": 1, "count_is": "exact", "next": None, "previous": None, "results": [PROJECT]}


def test_project_of_which_little_is_known(client):
    factories.project(slug="x")
    answer = client.get("/api/v1/projects/x/").json()
    assert answer["place"] is answer["proposed"] is answer["stage_date"] is None
    assert answer["span"] == {"start": None, "end": None, "attested": None}
    assert answer["stage"] == "not_stated"


@pytest.mark.parametrize(
    ("as_of", "holds"), [("2004-08", None), ("2004-09-15", "possible"), ("2010", "certain")]
)
def test_projects_as_of_a_day_are_those_that_ran(client, project, as_of, holds):
    answer = client.get(f"/api/v1/projects/?as_of={as_of}").json()
    assert answer["results"] == ([PROJECT | {"holds": holds}] if holds else [])


def test_projects_by_party_kind_stage_title_and_time(client, project, states):
    factories.project(
        [states["KAZ"], states["TUR"]],
        slug="fund",
        title="A Fund",
        kind="fund",
        stage="proposed",
        start="1990",
        end="1995",
        basis="inferred",
        note="So.",
    )
    found = {query: slugs(client, query, "projects") for query in ("state=KAZ", "ordering=-title")}
    assert {*found["state=KAZ"]} == {"pipeline", "fund"}
    assert found["ordering=-title"] == ["pipeline", "fund"]
    for query in ("state=KAZ&counterpart=TUR", "kind=fund", "stage=proposed", "q=A FUND", "basis=inferred"):
        assert slugs(client, query, "projects") == ["fund"], query
    for query in ("year=1992", "to=1999", "as_of=1993"):
        assert slugs(client, query, "projects") == ["fund"], query
    for query in ("organization=cnpc", "from=1996", "year=2005"):
        assert slugs(client, query, "projects") == ["pipeline"], query


@factories.at_once
def fill(kind, number):
    for _ in range(number):
        if kind == "events":
            bearers = [factories.state(), factories.organization(), factories.person()]
            row = factories.event(bearers, place=factories.place(), date="1994")
            factories.visit(event=row), factories.agreement(concluded_at=row), factories.figure(event=row)
        else:
            row = factories.project([factories.state(), factories.organization()], place=factories.place())
            factories.agreement(projects=[row]), factories.figure(project=row)
        factories.cite(row)


@pytest.mark.once
@pytest.mark.parametrize("kind", sample(["events", "projects"], ["projects"]))
def test_list_costs_the_same_queries_for_two_rows_and_for_twenty(client, kind):
    counts = {}
    for number in (2, 18):
        fill(kind, number)
        with CaptureQueriesContext(connection) as captured:
            found = client.get(f"/api/v1/{kind}/?as_of=1994").json()["results"]
        counts[len(found)] = len(captured)
    assert counts.keys() == {2, 20}
    assert counts[2] == counts[20] < 15
