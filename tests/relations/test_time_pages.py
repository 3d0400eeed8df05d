"""The time picture on the pages of states, organizations and people."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.relations import time_marks
from apps.relations.time_picture import MOST_ROWS
from tests.factories import agreement, event, membership, office, organization, person, project, visit


def ties(focus, china, where, whom, times=1):
    for number in range(times):
        visit(visitor=whom, sent_by_state=focus, host=china, date=f"1993-{number % 12 + 1:02}")
        visit(visitor=whom, sent_by_state=china, host=focus, date="1995-03-01/1995-03-04")
        agreement(parties=[focus, china, where], signed=f"{1994 + number}")
        membership(member_state=focus, organization=organization(), start="1992?", end="..", attested="2010")
        office(holder_person=whom, body_organization=where, start="1999")
        project(parties=[focus, china])
    if times == 1:
        for member in (focus, china):
            membership(member_state=member, organization=where, start="2001", end="..", attested="2015")


@pytest.fixture
def where(db):
    return organization(slug="club", abbreviation="CLUB")


@pytest.fixture
def whom(db):
    return person(slug="somebody", name_en="Somebody")


def page_of(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def links(page):
    """[(address, title)] of the marks of a page, in the order in which the keyboard reaches them."""
    return re.findall(r'<g role="listitem"><a href="([^"]*)"[^>]*><title>([^<]*)</title>', page)


def test_marks_lead_to_the_entries_and_keep_the_day(client, focus, china, where, whom):
    ties(focus, china, where, whom)
    page = page_of(client, "/states/CHN/?as_of=1994-06")
    found = links(page)
    assert [title.split(":")[0] for _address, title in found] == [
        "Membership, since 2001, last attested 2015",
        "Membership, since 2001, last attested 2015",
        "Visit, January 1993",
        "Visit, 1–4 March 1995",
        "Agreement, 1994",
    ]
    assert all(address.endswith("/?as_of=1994-06") for address, _title in found)
    assert ">CLUB</text>" in page and "June 1994</text>" in page
    assert "5 entries in the order of time." in page and "1 more has no date" in page
    assert 'href="/api/v1/timeline/?state=CHN&amp;counterpart=KAZ&amp;format=csv"' in page
    # The picture stands before what it is a picture of.
    assert page.index('id="picture"') < page.index('id="visits_in"')


@pytest.mark.parametrize(
    "address, marks", [("/states/KAZ/", 5), ("/organizations/club/", 4), ("/people/somebody/", 3)]
)
def test_picture_of_one(client, focus, china, where, whom, address, marks):
    ties(focus, china, where, whom)
    assert len(links(page_of(client, address))) == marks
    assert 'id="picture"' not in page_of(client, "/states/CHN/?as_of=2001-02-29", status=400)


def test_picture_says_numbers_in_any_language_as_svg_wants_them(client, focus, china, where, whom):
    ties(focus, china, where, whom)
    drawing = page_of(client, "/ru/states/CHN/").partition("<svg width")[2].partition("</svg>")[0]
    places = re.findall(r' (?:x|x1|x2|y|y1|y2|width|height|dx)="([^"]*)"', drawing)
    assert places and all(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?%?", place) for place in places)


def test_nothing_dated_is_no_picture(client, focus, china):
    event(participants=[focus, china])
    assert 'id="picture"' not in page_of(client, "/states/CHN/")


def test_database_counts_what_is_too_much_to_the_same_numbers(client, focus, china, where, whom, monkeypatch):
    for text in ("1993", "1993-05", "[1992..1994]", "[..1992-07]", "[1994..]", "1995-02-03", ""):
        event(participants=[focus], date=text)
    for start, end, attested in (
        ("1992", "1994", ""),
        ("1993-05", "..", "1994"),
        ("", "", "1993"),
        ("", "", ""),
    ):
        membership(member_state=focus, organization=organization(), start=start, end=end, attested=attested)
    pictures = {}
    for most in (300, 0):
        monkeypatch.setattr(time_marks, "MOST_IN_ALL", most)
        # Both are drawn as bars: as too many to be read, and as too many rows.
        monkeypatch.setattr("apps.relations.time_picture.MOST_ROWS", dict.fromkeys(MOST_ROWS, 0))
        response = client.get("/states/KAZ/")
        pictured = response.context["pictured"]
        pictures[most] = [
            (lane.lane.label, lane.lane.total, [(bar.bucket, bar.certain, bar.may) for bar in lane.bars])
            for lane in pictured.drawn.lanes
        ]
        assert (pictured.total, pictured.undated) == (9, 2)
    assert pictures[300] == pictures[0] and [total for _label, total, _bars in pictures[0]] == [3, 6]
    page = " ".join(response.content.decode().split())
    assert 'href="/timeline/?state=KAZ&amp;kind=event&amp;from=1993-04&amp;to=1993-06"' in page
    assert "The numbers of the bars" in page and re.search("April.–.June 1993", page)


@pytest.mark.once
@pytest.mark.exhaustive
@pytest.mark.parametrize("address", ["/states/CHN/", "/organizations/club/", "/people/somebody/"])
def test_a_picture_costs_the_same_for_more(client, without_history, focus, china, where, whom, address):
    counts = []
    for times in (2, 8):  # Where there are more than a page shows, one more query counts them.
        ties(focus, china, where, whom, times)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).context["pictured"].drawn
        counts.append(len(captured))
    assert counts[0] == counts[1]
