import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    agreement,
    at_once,
    cite,
    event,
    figure,
    organization,
    participant,
    person,
    place,
    project,
    project_party,
    state,
    visit,
)
from tests.sampling import sample

pytestmark = pytest.mark.django_db


def text_of(client, address):
    """The page in one line."""
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def in_order(page, *words):
    places = [page.find(word) for word in words]
    return -1 not in places and places == sorted(places)


@pytest.fixture
@at_once
def summit():
    kazakhstan = state("KAZ", name_en="Kazakhstan")
    row = event(
        title="Summit in Astana",
        date="2005-07",
        place=place(name_en="Astana Palace", state=kazakhstan),
        summary="They met and agreed.",
        note="Dates differ.",
    )
    # In another order than that of the roles.
    participant(event=row, participant_state=state(name_en="Turkmenia"), role="absent", note="as it said")
    participant(event=row, participant_person=person(name_en="Hu Jintao"), role="speaker")
    participant(event=row, participant_organization=organization(name_en="Shanghai Six"), role="organizer")
    participant(event=row, participant_state=kazakhstan, role="host")
    for hidden in (state(name_en="SECRET", status="draft"), person(name_en="SECRET", status="withdrawn")):
        participant(event=row, **{f"participant_{hidden._meta.model_name}": hidden})
    return row


def test_event_page(client, summit):
    agreement(concluded_at=summit, title="A Declaration", signed="2005-07-05")
    agreement(concluded_at=summit, title="SECRET", status="draft")
    visit(event=summit, visitor=person(name_en="Wen"), host=state(name_en="Host State"), date="2005-07")
    figure(event=summit, title="Members", value=6, unit="members", approximate=True)
    figure(event=summit, title="SECRET", status="in_review")
    page = text_of(client, summit.get_absolute_url())
    for words in (
        "Summit in Astana",
        "July 2005",
        "Astana Palace",
        "They met and agreed.",
        "Dates differ.",
        "as it said",
        "A Declaration",
        "5 July 2005",
        "Wen to Host State",
        "about 6 members",
    ):
        assert words in page
    assert "SECRET" not in page


def test_event_page_shows_who_took_part_by_role(client, summit):
    page = text_of(client, summit.get_absolute_url())
    order = ["Host", "Kazakhstan", "Organizer", "Shanghai Six", "Speaker", "Hu Jintao", "Absent", "Turkmenia"]
    assert in_order(page[page.index('id="participants"') :], *order)


def test_event_page_leaves_out_what_there_is_not(client):
    row = event(title="Crisis", kind="crisis")
    page = text_of(client, row.get_absolute_url())
    assert "date not recorded" in page
    for heading in ('id="participants"', 'id="outcomes"', 'id="visits"', 'id="figures"', "<dt>Place</dt>"):
        assert heading not in page


def test_event_list_marks_who_was_absent(client, summit):
    page = text_of(client, "/events/")
    assert '<span class="mark">absent</span>' in page
    for words in ("Summit in Astana", "July 2005", "Astana Palace", "Kazakhstan", "Hu Jintao", "summit"):
        assert words in page
    assert "SECRET" not in page


def test_event_list_names_no_role_where_all_take_part(client):
    event([state(name_en="Kazakhstan"), state(name_en="China")])
    page = text_of(client, "/events/")
    who = page[page.index('data-label="Who"') :].partition("</td>")[0]
    assert in_order(who, "Kazakhstan", "China") and "participant" not in who


def test_event_list_is_narrowed(client, summit):
    event(title="A Vote", kind="vote", date="1994")
    page = text_of(client, "/events/?kind=summit&year=2005&state=KAZ")
    assert "1 event:" in page and "Summit in Astana" in page and "A Vote" not in page
    page = text_of(client, "/events/?as_of=2005-07-15&kind=summit")
    assert "Summit in Astana" in page and 'class="holds possible"' in page


@pytest.mark.parametrize("kind", ["events", "projects"])
@pytest.mark.parametrize(
    ("query", "wrong"),
    [("kind=royal", "kind"), ("year=93", "year"), ("counterpart=KAZ", "counterpart"), ("as_of=x", "as_of")],
)
def test_wrong_filter_is_said(client, kind, query, wrong):
    state("KAZ"), event(), project()
    response = client.get(f"/{kind}/?{query}")
    page = response.content.decode()
    assert response.status_code == 400
    assert f"<code>{wrong}</code>" in page and "ledger" not in page


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_unpublished_pages_are_not_there(client, status):
    for row in (event(title="SECRET", status=status), project(title="SECRET", status=status)):
        assert client.get(row.get_absolute_url()).status_code == 404
    assert "SECRET" not in text_of(client, "/events/") + text_of(client, "/projects/")


@pytest.fixture
@at_once
def pipeline():
    row = project(
        title="Pipeline to the East",
        proposed="1997",
        start="2004-09",
        stage="in_operation",
        stage_date="2013",
        place=place(name_en="Atyrau"),
        summary="It carries oil.",
    )
    project_party(project=row, party_organization=organization(name_en="Bank"), role="lender")
    project_party(project=row, party_state=state(name_en="Kazakhstan"), role="host", note="all of it")
    project_party(project=row, party_state=state(name_en="SECRET", status="draft"), role="owner")
    return row


def test_project_page(client, pipeline):
    agreement(projects=[pipeline], title="Oil Agreement", signed="1997-09")
    agreement(projects=[pipeline], title="SECRET", status="draft")
    figure(project=pipeline, title="Length", value=2228, unit="km", target=True)
    page = text_of(client, pipeline.get_absolute_url())
    for words in (
        "Pipeline to the East",
        "It carries oil.",
        "in operation",
        "as of 2013",
        "Atyrau",
        "1997",
        "September 2004",
        "Oil Agreement",
        "September 1997",
        "2,228 kilometres",
        ">aim<",
        "all of it",
    ):
        assert words in page
    assert "SECRET" not in page
    assert in_order(page[page.index('id="parties"') :], "Host", "Kazakhstan", "Lender", "Bank")


def test_project_list(client, pipeline):
    page = text_of(client, "/projects/?stage=in_operation")
    for words in (
        "1 project:",
        "since September 2004",
        "proposed 1997",
        "in operation",
        "as of 2013",
        "lender",
        "Kazakhstan",
    ):
        assert words in page
    assert "SECRET" not in page


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({}, "dates not recorded"),
        ({"proposed": "1997"}, "proposed 1997"),
        ({"start": "1992", "end": "1995"}, "1992 to 1995"),
    ],
)
def test_project_list_says_when(client, dates, words):
    project(**dates)
    page = text_of(client, "/projects/")
    when = page[page.index('data-label="When"') :].partition("</td>")[0]
    assert words in when
    assert ("dates not recorded" in when) is (not dates)
    assert "not stated" in page


def test_visit_and_agreement_pages_name_the_event_and_the_projects(client, summit, pipeline):
    for row in (visit(event=summit), agreement(concluded_at=summit, projects=[pipeline])):
        page = text_of(client, row.get_absolute_url())
        assert f'<a href="{summit.get_absolute_url()}">Summit in Astana</a>' in page
    assert f'<a href="{pipeline.get_absolute_url()}">Pipeline to the East</a>' in page


def test_visit_and_agreement_pages_name_nothing_unpublished(client):
    secret = event(title="SECRET", status="draft")
    plan = project(title="SECRET", status="withdrawn")
    for row in (visit(event=secret), agreement(concluded_at=secret, projects=[plan])):
        page = text_of(client, row.get_absolute_url())
        for words in ("SECRET", "<dt>Event</dt>", "<dt>Concluded at</dt>", "<dt>Project</dt>"):
            assert words not in page


@at_once
def fill(number):
    for _ in range(number):
        bearers = [state(), organization()]
        rows = event([*bearers, person()], place=place()), project(bearers, proposed="1997", place=place())
        for row in rows:
            cite(row)


@pytest.mark.once
@pytest.mark.parametrize("address", sample(["/events/", "/projects/"], ["/events/"]))
def test_list_costs_the_same_queries_for_two_rows_and_for_twenty(client, address):
    costs = {}
    for number in (2, 18):
        fill(number)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(address).content.decode()
        costs[page.count('<th scope="row">')] = len(captured)
    assert costs.keys() == {2, 20}
    assert costs[2] == costs[20]
