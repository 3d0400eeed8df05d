"""The page of years: what counts in a year, what stands as a range, and that each number leads to just so many rows."""

from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.dates import PartialDate
from apps.relations.years import Years
from apps.relations.years_picture import MOST_BANDS, YearsPicture
from tests.factories import agreement, at_once, event, organization, state, visit

DATES = (
    "1993",
    "1993-02-14",
    "[1993-05..1993-07]",
    "[1992..1997]",
    "[1992-03..1997]",
    "[..1995]",
    "[1996..]",
    "",
)


def behind(client, address):
    """How many rows the list has at an address of the API, or of a page."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}").json()["count"]


@pytest.fixture
@at_once
def dated(focus, china):
    """Of each date a visit of every direction, an agreement and an event, and one visit without the focal state."""
    for date in DATES:
        visit(sent_by_state=focus, host=china, date=date)
        visit(sent_by_state=china, host=focus, date=date)
        agreement(parties=[focus, china], signed=date)
        event(participants=[china], date=date)
    visit(sent_by_state=focus, date="1994")
    visit(sent_by_organization=organization(), host=china, date="1994")
    visit(sent_by_state=focus, host=china, date="1993", status="draft")


def test_counts_in_a_year_what_certainly_lies_in_it_and_nothing_else(dated, focus):
    visits, agreements, events = Years(focus).kinds
    (before, year, after), last = visits.rows[:3], visits.rows[-1]
    assert (before.year, before.all.n, year.all.n, after.all.n) == (1992, 0, 6, 2)
    assert [(part.direction, part.n) for part in year.parts] == [("out", 3), ("in", 3), ("other", 0)]
    assert [(part.direction, part.n) for part in after.parts] == [("out", 1), ("in", 0), ("other", 1)]
    assert [(found.words, found.n) for found in agreements.ranges] == [
        ("1995 or earlier", 1),
        ("1992–1997", 2),
        ("1996 or later", 1),
    ]
    # In 1997 the ranges end, and one goes on; that without a date is said to lie in none.
    assert (last.year, last.may.n) == (1997, 6)
    assert [(kind.total, kind.placed, kind.ranged, kind.undated.n) for kind in (visits, events)] == [
        (18, 8, 8, 2),
        (8, 3, 4, 1),
    ]


@pytest.mark.exhaustive
@pytest.mark.parametrize("query", ["", "?state=CHN", "?state=KAZ", "?kind=visit&state=CHN&as_of=1994"])
def test_every_number_is_that_of_the_list_behind_it(client, dated, query):
    rows = client.get(f"/years.json{query}").json()["results"]
    linked = [row for row in rows if row["api_url"]]
    assert len(linked) >= 8
    assert [behind(client, row["api_url"]) for row in linked] == [row["entries"] for row in linked]
    page = client.get(f"/years/{query}").context["chart"]
    may = [row.may for kind in page.kinds for row in kind.rows]
    assert [behind(client, count.api_url) for count in may] == [count.n for count in may]


def test_page_says_what_is_in_no_year_and_links_its_marks(client, dated):
    page = " ".join(client.get("/years/?kind=visit").content.decode().split())
    assert "All: 18. Certainly within one year, in the bars: 8." in page
    assert "counted in no year: 8. Without any date, and not in the picture: 2." in page
    of_1993 = "/visits/?state=KAZ&amp;direction=out&amp;year=1993&amp;dating=within"
    # Once as a mark of the picture, once in the table.
    assert page.count(f'href="{of_1993}"') == 2
    assert "<title>1993, Visits abroad: 3</title>" in page
    assert page.count('href="/visits/?from=1992&amp;to=1997&amp;dating=spanning"') == 2


def test_csv_has_the_numbers_of_json(client, dated):
    rows = client.get("/years.json?kind=event").json()["results"]
    lines = client.get("/years.csv?kind=event").content.decode().splitlines()
    assert lines[0] == "kind,direction,from,to,entries,api_url,page_url"
    assert [line.split(",")[:5] for line in lines[1:]] == [
        [row["kind"], row["direction"], row["from"], row["to"], str(row["entries"])] for row in rows
    ]


def test_begins_with_the_focal_state_unless_asked_for_more(client, focus):
    focus.begin = PartialDate.parse("1991-12")
    focus.save()
    for date in ("1969", "1992", "2010"):
        event(date=date)
    (kind,) = Years(focus, ["event"]).kinds
    assert (kind.rows[0].year, kind.rows[-1].year, kind.before) == (1991, 2010, 1)
    (kind,) = client.get("/years/?kind=event&from=1960&to=2000").context["chart"].kinds
    assert (kind.rows[0].year, kind.rows[-1].year, kind.before, kind.after) == (1960, 2000, 0, 1)
    assert "After 2000, and not in the picture: 1." in client.get("/years/?to=2000").content.decode()


@pytest.mark.parametrize("dates", [[], [""], ["0001", "9999"], ["[..1990]"], ["[0001..9999-12]"]])
def test_odd_years_are_drawn_within_bounds(client, focus, dates):
    for date in dates:
        event(date=date)
    answer = client.get("/years/")
    assert answer.status_code == 200 and len(answer.context["chart"].years) <= 60
    assert client.get("/years/?from=0001").status_code == 200


def test_more_ranges_than_can_be_drawn_are_said(client, focus):
    for year in range(1990, 1991 + MOST_BANDS):
        event(date=f"[{year}..2005]")
    (panel,) = YearsPicture(Years(focus, ["event"])).panels
    assert (len(panel.bands), panel.bands_left_out) == (MOST_BANDS, 1)
    assert "lie in other years: 1" in client.get("/years/").content.decode()


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("kind=office", "kind"),
        ("kind=visit&kind=event", "kind"),
        ("state=XXX", "state"),
        ("as_of=2001-02-29", "as_of"),
        ("from=93", "from"),
        ("from=2005&to=2001", "to"),
        ("from=1900&to=2001", "to"),
        ("limit=1", "limit"),
    ],
)
def test_wrong_parameter_is_refused_and_named(client, focus, query, named):
    page = client.get(f"/years/?{query}")
    assert page.status_code == 400
    assert f"<code>{named}</code>" in page.content.decode() and "<svg" not in page.content.decode()
    assert page.context["reference"] is None
    problem = client.get(f"/years.csv?{query}")
    assert problem.status_code == 400
    assert [fault["parameter"] for fault in problem.json()["errors"]] == [named]


@pytest.mark.once
@pytest.mark.parametrize("query", ["", "?state=CHN"])
def test_costs_the_same_for_more_entries(client, focus, china, query):
    @at_once
    def add():
        for year in (1992, 1993, 1994):
            visit(sent_by_state=focus, host=china, date=str(year + state().pk % 20))
            agreement(parties=[focus, china], signed=f"[{year}..2001]")

    def cost():
        add()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/years/{query}").status_code == 200
        return len(captured)

    assert cost() == cost() <= 6
