"""States side by side: the numbers of their own pages, who belongs to what, and what is wrong with an address."""

import csv
import io
import re

import pytest

from apps.core.dates import PartialDate
from apps.relations.comparison import Comparison
from tests.factories import (
    agreement,
    at_once,
    cite,
    event,
    figure,
    membership,
    organization,
    state,
    subject,
    visit,
)
from tests.relations.compared import part
from tests.sampling import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def russia(db):
    return state("RUS", name_en="Russia", name_kk="Ресей", name_ru="Россия")


@at_once
def tie(focus, others, times):
    for number in range(times):
        where, energy = organization(), subject()
        for other in others:
            membership(member_state=other, organization=where, start="1992", end="2013")
            membership(member_state=other, start="1994")
            visit(sent_by_state=focus, host=other, date="1993-02")
            visit(sent_by_state=other, host=focus, date="[2011..2013]")
            agreement(parties=[focus, other], signed=f"{1990 + number}", subjects=[energy])
            agreement(parties=[focus, other], signed="2012")
            cite(figure(of_state=focus, with_state=other, date=f"{1990 + number}"))
        membership(member_state=focus, organization=where, start="1993", end="2013")
        event([focus, *others], date="2001")


def cells(comparison, part_id, row_id):
    return next(row for row in part(comparison, part_id).rows if row.id == row_id).cells


def test_organizations_of_all_some_and_one_as_of_a_day(focus, china, russia):
    tashkent = state("UZB", name_en="Uzbekistan")
    club, union, alone = (organization(name_en=name) for name in ("Club", "Union", "Alone"))
    for member, start in ((china, "2001"), (russia, "[2001..2012]"), (tashkent, "2001")):
        membership(member_state=member, organization=club, start=start, end="2015")
    membership(member_state=china, organization=union, start="2001", end="2010", standing="observer")
    membership(member_state=russia, organization=union, start="2001", end="..", attested="2014")
    membership(member_state=tashkent, organization=alone)
    membership(member_state=china, status="draft")
    everything = Comparison([china, russia, tashkent], focus)
    assert [
        [row.label for row in part(everything, id).rows] for id in ("all-organizations", "some-organizations")
    ] == [
        ["Club"],
        ["Union"],
    ]
    assert [len(cell.entries) for cell in cells(everything, "one-organization", "one")] == [0, 0, 1]
    then = Comparison([china, russia, tashkent], focus, PartialDate.parse("2012-07-01"))
    holds = [[row.holds for row in cell.entries] for cell in cells(then, "all-organizations", club.slug)]
    assert holds == [["certain"], ["possible"], ["certain"]]
    alone_then = cells(then, "one-organization", "one")
    assert [[row.organization.name_en for row in cell.entries] for cell in alone_then] == [
        [],
        ["Union"],
        ["Alone"],
    ]


def test_agreements_by_subject_with_the_years(focus, china, russia):
    energy, borders = subject(name_en="energy", slug="energy"), subject(name_en="borders", slug="borders")
    agreement(parties=[focus, china], signed="1994", subjects=[energy, borders])
    agreement(parties=[focus, china, russia], signed="[2001..2003]", subjects=[energy])
    agreement(parties=[focus, russia])
    agreement(parties=[china, russia], signed="1999", subjects=[borders])
    agreement(parties=[focus, china], signed="1999", subjects=[borders], status="draft")
    compared = Comparison([china, russia], focus)
    rows = [
        (row.label, *((cell.count, cell.first, cell.last) for cell in row.cells))
        for row in part(compared, "subjects").rows
    ]
    assert rows == [
        ("Energy", (2, 1994, 2003), (1, 2001, 2003)),
        ("Borders", (1, 1994, 1994), (0, None, None)),
        ("No subject recorded", (0, None, None), (1, None, None)),
    ]
    then = Comparison([china, russia], focus, PartialDate.parse("2002"))
    assert [(cell.count, cell.certain) for cell in cells(then, "subjects", "energy")] == [(2, 1), (1, 0)]


def test_latest_figure_of_each_measure_either_way_and_of_a_state_alone(focus, china, russia):
    figure(of_state=focus, with_state=china, measure="trade_volume", date="1999", title="Old")
    figure(of_state=focus, with_state=china, measure="trade_volume", date="2010", title="New")
    figure(of_state=china, with_state=focus, measure="trade_volume", date="2001", title="Theirs")
    figure(of_state=focus, with_state=china, measure="trade_volume", title="Undated")
    figure(of_state=russia, measure="population", date="2002", title="Own")
    figure(of_state=russia, with_state=china, measure="trade_volume", date="2012", title="Of others")
    figure(of_state=focus, measure="population", date="2003", title="Of the focal state")
    told = {
        row.id: [[entry.title for entry in cell.entries] for cell in row.cells]
        for row in part(Comparison([china, russia, focus], focus), "measures").rows
    }
    assert told == {
        "trade_volume": [["New", "Theirs"], [], []],
        "population": [[], ["Own"], ["Of the focal state"]],
    }
    then = Comparison([china, russia], focus, PartialDate.parse("2005"))
    assert [entry.title for entry in cells(then, "measures", "trade_volume")[0].entries] == ["Theirs", "Old"]


def test_each_two_of_them_lead_to_what_ties_them(client, focus, china, russia):
    event([china, russia, focus], date="2001")
    event([china, russia], date="2005")
    club = organization()
    for member in (china, russia):
        membership(member_state=member, organization=club)
    compared = Comparison([russia, china, focus], focus)
    assert [(pair.one, pair.other, pair.entries, pair.organizations) for pair in compared.pairs] == [
        (russia, china, 2, 1)
    ]
    page = client.get("/compare/?state=RUS&state=CHN&as_of=2003").content.decode()
    assert 'href="/relations/RUS/CHN/?as_of=2003"' in page and "1 entry in common" in page


def test_focal_state_has_no_ties_with_itself(client, focus, china):
    tie(focus, [china], 1)
    page = client.get("/compare/?state=KAZ&state=CHN").content.decode()
    rows = part(Comparison([focus, china], focus), "ties").rows
    assert all(row.cells[0].is_itself for row in rows)
    assert page.count("the state itself") == len(rows) + len(
        part(Comparison([focus, china], focus), "subjects").rows
    )


@pytest.mark.parametrize(
    ("query", "asks"), [("", "Choose two to four states"), ("?state=CHN", "choose one to three other states")]
)
def test_fewer_than_two_are_asked_for_another(client, focus, china, query, asks):
    response = client.get(f"/compare/{query}")
    page = response.content.decode()
    assert response.status_code == 200 and asks in page and "ledger" not in page
    assert page.count('id="state-') == 2 and '<option value="China">CHN</option>' in page


@pytest.mark.parametrize(
    ("query", "wrong", "kept"),
    [
        ("state=CHN&state=XXX", "code or the name “XXX”", "XXX"),
        ("state=CHN&state=DRA", "code or the name “DRA”", "DRA"),
        ("state=CHN&state=chn", "China was given twice", "chn"),
        ("state=CHN&state=RUS&state=KAZ&state=A&state=B", "5 states were given", "B"),
        ("state=CHN&state=RUS&bogus=1", "<code>bogus</code>: There is no such parameter", "China"),
        ("state=%3Cb%3E", "“&lt;b&gt;”", "&lt;b&gt;"),
    ],
)
def test_wrong_states_are_named_and_kept(client, focus, china, russia, query, wrong, kept):
    state("DRA", status="draft")
    response = client.get(f"/compare/?{query}")
    page = response.content.decode()
    assert response.status_code == 400
    assert wrong in page and f'value="{kept}"' in page and "ledger" not in page
    api = client.get(f"/api/v1/compare/?{query}")
    assert api.status_code == 400 and api.json()["errors"][0]["parameter"] in ("state", "bogus")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["china", "Россия"], "/compare/?state=CHN&state=RUS"),
        (["Ресей", " ", "chn"], "/compare/?state=RUS&state=CHN"),
        (["CHN", "RUS", ""], "/compare/?state=CHN&state=RUS"),
    ],
)
def test_form_with_names_leads_to_the_codes(client, focus, china, russia, given, found):
    response = client.get("/compare/", {"state": given, "as_of": "2012"})
    assert (response.status_code, response["Location"]) == (302, f"{found}&as_of=2012")


def test_columns_can_be_left_out(client, focus, china, russia):
    page = client.get("/compare/?state=CHN&state=RUS&as_of=2012").content.decode()
    assert re.search(r'href="/compare/\?state=RUS&amp;as_of=2012"\s+aria-label="Remove: China"', page)


def test_file_has_the_numbers_of_the_table(client, focus, china, russia):
    tie(focus, [china, russia], 2)
    organization(name_en="=1+1")
    answer = client.get("/api/v1/compare/?state=CHN&state=RUS&as_of=2012-07-01&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    shown = client.get("/api/v1/compare/?state=CHN&state=RUS&as_of=2012-07-01").json()
    cells = [
        (part["id"], row["id"], told["code"], str(cell["count"] if cell["count"] is not None else ""))
        for part in shown["parts"]
        for row in part["rows"]
        for told, cell in zip(shown["states"], row["cells"], strict=True)
    ]
    assert [(row["part"], row["row"], row["state"], row["count"]) for row in rows] == cells
    visits = next(row for row in rows if (row["row"], row["state"]) == ("visits", "RUS"))
    assert (visits["count"], visits["certain"], visits["first_year"], visits["last_year"]) == (
        "4",
        "2",
        "1993",
        "2013",
    )


@pytest.mark.once
@pytest.mark.parametrize("address", sample(["/compare/", "/api/v1/compare/"], ["/compare/"]))
def test_costs_the_same_for_more_ties(
    client, focus, china, russia, django_assert_max_num_queries, without_history, address
):
    others = [china, russia, state("UZB")]
    asked = f"{address}?state=CHN&state=RUS&state=UZB&state=KAZ&as_of=2012"

    def count():
        with django_assert_max_num_queries(30) as captured:
            assert client.get(asked).status_code == 200
        return len(captured)

    tie(focus, others, 1)
    few = count()
    tie(focus, others, 8)
    assert count() == few


def test_page_of_a_state_leads_to_its_comparison(client, focus, china, russia):
    assert (
        'href="/compare/?state=CHN&amp;as_of=2012"' in client.get("/states/CHN/?as_of=2012").content.decode()
    )
    assert 'href="/compare/?state=CHN&amp;state=RUS"' in client.get("/relations/CHN/RUS/").content.decode()


def test_without_the_focal_state_there_is_nothing_to_compare_with(client, china, russia):
    assert client.get("/compare/?state=CHN&state=RUS").status_code == 404
    assert client.get("/api/v1/compare/?state=CHN&state=RUS").status_code == 404
