"""What ties two states: one function, shown as a page and as JSON."""

import re
from html import unescape

import pytest
from django.db import connection
from django.db.models import Q

from apps.agreements.models import Agreement
from apps.core.changes import together
from apps.core.dates import PartialDate
from apps.events.models import Event, Project
from apps.figures.models import Figure
from apps.relations.models import Tie
from apps.relations.pairs import Pair
from apps.relations.state_ties import StateTies
from apps.relations.ties import GIVEN, on
from apps.states.models import State
from apps.visits.models import Visit
from tests.factories import (
    agreement,
    at_once,
    event,
    figure,
    membership,
    office,
    organization,
    participant,
    project,
    state,
    visit,
)
from tests.names import named

Y2012 = PartialDate.parse("2012")


@pytest.fixture
def russia(db):
    return state("RUS", name_en="Russia")


@pytest.fixture
@at_once
def bound(focus, china, russia):
    """Ties of every kind between China and Russia, and between China and the focal state."""
    club = organization(name_en="The club", slug="club")
    for member in (china, russia, focus):
        membership(member_state=member, organization=club, start="2001")
    membership(member_state=china, organization=organization(name_en="Apart"))
    for other in (focus, russia):
        visit(sent_by_state=china, host=other, date="2003")
        agreement(parties=[china, other], signed="2004", title=f"Treaty with {other}")
        event(participants=[china, other], date="2005", title=f"Summit with {other}")
        project(parties=[china, other], start="2006", title=f"Pipeline with {other}")
        figure(of_state=china, with_state=other, date="2007", title=f"Trade with {other}")
    office(body_state=china, attested="2008")
    event(participants=[china], date="1996", title="A test")
    return club


def sections(ties):
    return {section.id: [str(row) for row in section.listing.rows] for section in ties.sections}


def test_each_kind_of_tie_is_found(bound, focus, china):
    ties = StateTies(china, focus)
    found = sections(ties)
    assert found["agreements"] == ["Treaty with Kazakhstan"]
    assert found["events"] == ["Summit with Kazakhstan"]
    assert found["projects"] == ["Pipeline with Kazakhstan"]
    assert found["figures"] == ["Trade with Kazakhstan"]
    assert len(found["visits_out"]) == 1 and found["visits_in"] == []
    assert [shared.organization.name for shared in ties.shared_memberships] == ["The club"]
    assert [row.organization.name for row in ties.own_memberships] == ["Apart"]
    assert [tie.entry.title for tie in ties.apart.rows if tie.kind == "event"] == [
        "A test",
        "Summit with Russia",
    ]


def test_any_two_states_are_told_as_the_focal_one_and_another(bound, china, russia):
    found = sections(StateTies(china, russia))
    assert found["agreements"] == ["Treaty with Russia"]
    assert found["events"] == ["Summit with Russia"]
    assert found["figures"] == ["Trade with Russia"]


def test_the_one_who_stays_away_is_tied_too(focus, china):
    row = event(title="Exercise", participants=[china])
    participant(event=row, participant_state=focus, role="absent")
    assert sections(StateTies(china, focus))["events"] == ["Exercise"]


TABLES = [Visit, Agreement, Event, Project, Figure]


def counts_agree(one, other, day):
    """What the index counts is what the tables have, certain and possible alike."""
    ties = StateTies(one, other, day, detailed=True)
    for model in TABLES:
        entries = model.objects.published()
        entries = entries.concerning(one) if one == other else entries.linking(one, other)
        listed = list(on(entries, day))
        tied = on(Pair(one, other).rows(Q(kind=model._meta.model_name)), day).select_related("entry")
        assert sorted(row.pk for row in listed) == sorted(tie.entry.key for tie in tied), model
        if day:
            held = {tie.entry.key: tie.holds for tie in tied}
            assert held == {row.pk: row.holds for row in listed}
    shared = [row for shared in ties.shared_memberships for row in shared.of_state + shared.of_other]
    memberships = ties.own_memberships if ties.is_own else shared
    assert sum(row["n"] for row in ties._found if row["kind"] == "membership") == len(memberships)
    for listing in [ties.timeline, ties.apart, *(section.listing for section in ties.sections)]:
        assert listing.total == len(listing.rows) or len(listing.rows) == GIVEN < listing.total


@pytest.mark.exhaustive
@pytest.mark.parametrize("day", [None, Y2012, PartialDate.parse("2004-06")])
@pytest.mark.parametrize("codes", ["CHN KAZ", "CHN RUS", "RUS CHN", "KAZ KAZ", "KAZ CHN"])
def test_the_index_counts_what_the_tables_list(bound, codes, day):
    one, other = (State.objects.get(code=code) for code in codes.split())
    counts_agree(one, other, day)


def test_a_line_for_each_kind_says_how_much_and_when(bound, focus, china):
    lines = {line.kind: line for line in StateTies(china, focus, Y2012).summary}
    assert list(lines) == ["membership", "visit", "agreement", "event", "project", "figure", "office"]
    assert (lines["visit"].count, lines["visit"].first, lines["visit"].certain) == (1, 2003, 1)
    assert lines["visit"].parts == ["1 to Kazakhstan"]
    assert (lines["membership"].count, lines["membership"].certain) == (1, 0)
    assert StateTies(china, focus).years == (2003, 2005)


def test_what_is_still_going_on_has_no_last_year(focus, china):
    project(parties=[china, focus], start="1996", end="2001")
    project(parties=[china, focus], start="2005", end="..")
    [line] = StateTies(china, focus).summary
    assert (line.kind, line.count, line.first, line.last) == ("project", 2, 1996, None)


def test_what_a_state_has_alone_ties_it_to_nobody(client, focus, china, russia):
    office(body_state=china, attested="2008")
    membership(member_state=china, organization=organization())
    assert StateTies(china, russia).is_empty
    assert "Nothing" in page_of(client, "/relations/CHN/RUS/?as_of=2008")
    assert "record nothing that ties it to Russia" in page_of(client, "/relations/CHN/RUS/")
    assert not StateTies(china, china).is_empty


def test_partners_are_those_with_whom_something_is_in_common(client, bound, focus, china, russia):
    found = {row.state.code: (row.entries, row.organizations) for row in StateTies(china, russia).partners}
    assert found == {"KAZ": (5, 1), "RUS": (5, 1)}
    answer = client.get("/api/v1/relations/CHN/RUS/").json()
    assert answer["partners"][0] == {
        "state": named("http://testserver/api/v1/states/KAZ/", "Kazakhstan", code="KAZ"),
        "entries": 5,
        "organizations": 1,
    }


# -- The page and the JSON


def page_of(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def counts_of(page):
    """[(label, number)] of the lines at the head of a page."""
    found = re.findall(r'<dt><a href="#[-\w]+">([^<]+)</a></dt>\s*<dd>\s*<span class="figure">(\d+)<', page)
    return [(unescape(label), int(number)) for label, number in found]


def test_page_of_a_state_shows_all_kinds_and_a_time_line(client, bound):
    page = page_of(client, "/states/CHN/")
    for heading in ("Shared memberships", "Agreements", "Events", "Projects", "Figures", "Time line"):
        assert f">{heading}</h2>" in page
    assert "China without Kazakhstan" in page and "A test" in page


def test_page_and_json_say_the_same(client, bound):
    for url, api in [
        ("/states/CHN/", "/api/v1/relations/CHN/"),
        ("/states/KAZ/", "/api/v1/relations/KAZ/"),
        ("/relations/CHN/RUS/", "/api/v1/relations/CHN/RUS/"),
        ("/states/CHN/?as_of=2004", "/api/v1/relations/CHN/?as_of=2004"),
    ]:
        page, answer = page_of(client, url), client.get(api).json()
        assert answer["html_url"] == f"http://testserver{url}"
        assert f'href="{api}"' in page
        assert counts_of(page) == [(line["label"], line["count"]) for line in answer["summary"]]
        for section in answer["sections"]:
            assert (f'<h2 id="{section["id"]}">' in page) is bool(section["count"])
            for row in section["results"]:
                assert row["html_url"].removeprefix("http://testserver") in page
        for row in answer["timeline"]["results"]:
            assert row["when"] in page and row["html_url"].removeprefix("http://testserver") in page
        for shared in answer["shared_memberships"]:
            assert shared["organization"]["name"] in page


def test_json_has_the_entries_as_their_lists_have_them(client, bound):
    answer = client.get("/api/v1/relations/CHN/").json()
    for section in answer["sections"]:
        listed = client.get(section["list_url"]).json()
        assert listed["count"] == section["count"]
        assert listed["results"] == section["results"]


def test_as_of_restricts_page_and_json(client, bound):
    answer = client.get("/api/v1/relations/CHN/?as_of=2004-06").json()
    assert answer["as_of"]["edtf"] == "2004-06"
    counts = {section["id"]: section["count"] for section in answer["sections"]}
    assert (counts["visits_out"], counts["agreements"], counts["events"]) == (1, 1, 0)
    (treaty,) = next(part for part in answer["sections"] if part["id"] == "agreements")["results"]
    assert treaty["holds"] == "possible"
    _picture, _end, lists = page_of(client, "/states/CHN/?as_of=2004-06").partition("</figure>")
    assert "Summit with Kazakhstan" not in lists


def test_addresses_lead_to_one_page(client, bound):
    assert client.get("/relations/CHN/")["Location"] == "/states/CHN/"
    assert client.get("/relations/CHN/?as_of=2012")["Location"] == "/states/CHN/?as_of=2012"
    assert client.get("/relations/chn/rus/?as_of=2012")["Location"] == "/relations/CHN/RUS/?as_of=2012"
    assert client.get("/relations/CHN/CHN/")["Location"] == "/states/CHN/"
    for unknown in (
        "/relations/CHN/XXX/",
        "/relations/XXX/CHN/",
        "/relations/XXX/XXX/",
        "/relations/CHN/A%00/",
    ):
        assert client.get(unknown).status_code in (400, 404), unknown


def test_codes_are_taken_in_small_letters_too(client, bound):
    assert client.get("/api/v1/relations/chn/rus/").json() == client.get("/api/v1/relations/CHN/RUS/").json()


def test_a_wrong_address_is_answered_in_words(client, bound, subtests):
    for url, status, parameter in [
        ("/api/v1/relations/XXX/", 404, None),
        ("/api/v1/relations/CHN/XXX/", 404, None),
        ("/api/v1/relations/CHN/chn/", 404, None),
        ("/api/v1/relations/CHN/?as_of=x", 400, "as_of"),
        ("/api/v1/relations/CHN/?as_of=", 400, "as_of"),
        ("/api/v1/relations/CHN/?as_of=2012&as_of=2013", 400, "as_of"),
        ("/api/v1/relations/CHN/?state=RUS", 400, "state"),
        ("/api/v1/relations/CHN/RUS/?as_of=2001-02-29", 400, "as_of"),
    ]:
        with subtests.test(url=url):
            answer = client.get(url)
            assert answer.status_code == status
            assert answer["Content-Type"] == "application/problem+json"
            if parameter:
                assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


@pytest.mark.parametrize("address", ["relations/CHN/", "map/", "compare/?state=CHN&state=RUS"])
def test_a_database_without_the_focal_state_says_so(client, china, russia, address):
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "The database has no focal state."


def test_nothing_unpublished_is_told_of_a_pair(client, bound, russia):
    row = event(participants=[State.objects.get(code="CHN"), russia], title="Secret", status="draft")
    assert row.title not in page_of(client, "/relations/CHN/RUS/")
    assert row.title not in client.get("/api/v1/relations/CHN/RUS/").content.decode()
    russia.status = "draft"
    russia.save()
    assert client.get("/relations/CHN/RUS/").status_code == 410
    assert client.get("/api/v1/relations/CHN/RUS/").status_code == 410
    assert not Tie.objects.concerning(russia).exists()


@pytest.mark.once
@pytest.mark.exhaustive
def test_costs_the_same_for_ten_ties_and_for_a_thousand(
    client, without_history, focus, china, django_assert_max_num_queries
):
    urls = ["/states/CHN/", "/states/KAZ/", "/relations/CHN/KAZ/", "/api/v1/relations/CHN/"]

    def queries():
        found = []
        for url in urls:
            with django_assert_max_num_queries(100) as captured:
                assert client.get(url).status_code == 200
            found.append(len(captured))
        return found

    def tie(times):
        for _each in range(times):
            club = organization()
            membership(member_state=focus, organization=club)
            membership(member_state=china, organization=club)
            visit(sent_by_state=focus, host=china, date="1993")
            visit(sent_by_state=china, host=focus, date="1994")
            agreement(parties=[focus, china], signed="1995")
            event(participants=[focus, china], date="1996")
            event(participants=[china], date="1996")
            project(parties=[focus, china])
            figure(of_state=focus, with_state=china)
            office(body_state=china)

    # As after an import: what the database knows of its tables, by which it plans, is from when they were empty.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    tie(1)
    few = queries()
    with together():
        tie(120)
    assert Tie.objects.concerning(china).count() > 1000
    assert queries() == few
