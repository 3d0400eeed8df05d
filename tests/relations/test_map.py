"""The world map: that its numbers are those of the pages of the states, and that it shows what they are."""

import csv
import io
import re

import pytest

from apps.core.dates import PartialDate
from apps.relations.geometry import world
from apps.relations.map_numbers import MEASURES, Tallies
from apps.relations.map_picture import WorldMap, limits, moved_apart
from tests.factories import agreement, at_once, event, membership, office, organization, state, visit

Y2005 = PartialDate.parse("2005")


@pytest.fixture
@at_once
def ties(focus, china):
    """Of China: two visits, one of them possibly of 2005, an agreement, a membership. Of Bahrain: that agreement."""
    bahrain = state("BHR", name_en="Bahrain")
    visit(sent_by_state=focus, host=china, date="2001")
    visit(sent_by_state=china, host=focus, date="[2004..2007]")
    agreement(parties=[focus, china, bahrain], signed="2010")
    club = organization()
    membership(member_state=focus, organization=club, start="1992", end="2020")
    membership(member_state=china, organization=club, start="1999", end="2020")
    return bahrain


def shown(client, query=""):
    response = client.get(f"/map/{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def link(page, code):
    """What the map has for a state."""
    svg = page[page.index('<svg class="world"') : page.index("</svg>")]
    found = re.search(rf'<a href="[^"]*/states/{code}/[^"]*".*?</a>', svg)
    return found and found[0]


def table(page):
    """[[name, number of each column]]"""
    rows = re.findall(r"<tr> <th scope=\"row\">.*?</tr>", page[page.index("<tbody>") :])
    return [
        [re.sub("<[^>]*>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


# The numbers


def test_numbers_as_of_a_day(ties, focus, china):
    tally = Tallies(focus, Y2005).by_state[china.pk]
    assert (tally.counts["visits"], tally.certain["visits"]) == (2, 1)
    assert (tally.counts["memberships"], tally.counts["agreements"], tally.counts["all"]) == (1, 0, 3)
    assert Tallies(focus).by_state[china.pk].counts["all"] == 4


def test_what_is_not_public_counts_nothing_and_has_no_mark(client, focus, china):
    hidden = state("RUS", name_en="Canary", status="draft")
    visit(sent_by_state=focus, host=hidden)
    visit(sent_by_state=focus, host=china, status="draft")
    event(participants=[focus, hidden, china], status="withdrawn")
    membership(member_state=hidden, organization=membership(member_state=focus).organization)
    page = shown(client)
    assert "Canary" not in page and link(page, "RUS") is None
    assert table(page) == [["China", "0"]]
    assert world().shapes["RUS"].path in page


@pytest.mark.once
def test_costs_the_same_for_more(client, focus, china, ties, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(12) as captured:
            client.get("/map/?as_of=2005")
        return len(captured)

    @at_once
    def add(times):
        for _number in range(times):
            (
                visit(host=focus, date="2003"),
                membership(organization=membership(member_state=focus).organization),
            )
            office(body_state=china, from_state=focus)

    few = queries()
    add(9)
    assert queries() == few


# The map


def test_state_is_a_link_with_its_number_in_words(client, ties):
    page = shown(client)
    assert "<title>China: 4 ties</title>" in link(page, "CHN")
    assert 'class="shade-' in link(page, "CHN") and "shade-0" not in link(page, "CHN")
    assert "Kazakhstan, all ties: 5, with 2 of 2 states. The most: China, 4." in page
    assert "the state that this map is about" in link(page, "KAZ")
    assert world().shapes["FRA"].path in page and link(page, "FRA") is None


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("memberships", "1 shared membership"),
        ("visits", "2 visits"),
        ("agreements", "1 agreement"),
        ("events", "0 events"),
    ],
)
def test_measure_is_switched_by_the_address(client, ties, measure, words):
    assert f"<title>China: {words}</title>" in link(shown(client, f"?measure={measure}"), "CHN")


def test_as_of_a_day_tells_certain_from_possible_and_keeps_the_day(client, ties, focus):
    page = shown(client, "?as_of=2005&measure=visits")
    assert "as of 2005: 2, of which 1 certain and 1 possible" in page
    assert "<title>China: 2 visits (certain: 1, possible: 1)</title>" in page
    assert 'href="/states/CHN/?as_of=2005"' in link(page, "CHN") and "possible" not in link(page, "BHR")
    visit(sent_by_state=focus, host=ties, date="[2004..2007]")
    assert "dot shade-1 possible" in link(shown(client, "?as_of=2005&measure=visits"), "BHR")


def test_classes_are_those_of_all_time_whatever_the_day(ties, focus):
    for number in range(20):
        visit(sent_by_state=focus, host=ties, date=str(1992 + number))
    maps = [WorldMap(focus, "visits", day) for day in (None, PartialDate.parse("1992"))]
    assert [[shade.least for shade in one.shades] for one in maps] == [[1, 2, 5, 10, 20]] * 2
    assert [sum(shade.states for shade in one.shades) for one in maps] == [2, 1]
    assert maps[1].without_ties == 1


@pytest.mark.parametrize(
    ("most", "expected"),
    [(0, []), (1, [1]), (4, [1, 2]), (52, [1, 2, 5, 20, 50]), (500_000, [1, 20, 500, 20_000, 500_000])],
)
def test_limits_of_classes(most, expected):
    assert limits(most) == expected


def test_small_state_is_a_dot_until_it_is_large_enough(client, ties):
    assert 'class="dot ' in link(shown(client), "BHR")
    assert link(shown(client, "?region=143"), "BHR") is None
    visible = link(shown(client, "?region=145"), "BHR")
    assert visible and 'class="reach"' in visible


def test_dots_are_moved_apart():
    one, other, far = moved_apart(((0, 0), (0, 0), (100, 0)), 10)
    assert abs(one[0] - other[0]) == pytest.approx(10) and far == (100, 0)


def test_state_without_a_shape_is_listed_beneath(client, ties, focus):
    visit(sent_by_state=focus, host=state("SUN", name_en="Soviet Union", kind="former"), date="1991")
    page = shown(client)
    beneath = page[page.index('id="shapeless"') :]
    assert link(page, "SUN") is None
    assert '<a href="/states/SUN/">Soviet Union: 1 tie</a>' in beneath


def test_focal_state_without_a_shape(client, ties, settings):
    settings.FOCUS_STATE = "QZZ"
    state("QZZ", name_en="Nowhere")
    assert link(shown(client), "KAZ")


def test_no_script_no_style_and_numbers_that_svg_can_read(client, ties):
    page = shown(client, "?region=143").partition("<main")[2]
    assert "<script" not in page and "<style" not in page and "style=" not in page
    for prefix in ("", "/ru", "/kk"):
        answer = client.get(f"{prefix}/map/?region=142").content.decode()
        places = re.findall(r' (?:viewBox|x|y|font-size|patternTransform)="([^"]*)"', answer)
        assert len(places) > 5
        assert all("," not in place and "\N{NO-BREAK SPACE}" not in place for place in places)


# The table and the files


def test_table_has_the_same_numbers_in_the_order_asked_for(client, ties):
    page = shown(client)
    assert re.findall(r'aria-sort="(\w+)"', page) == ["descending"]
    assert table(page) == [["China", "4", "1", "2", "1"], ["Bahrain", "1", "0", "0", "1"]]
    for ordering in ("number", "name"):
        assert [row[0] for row in table(shown(client, f"?ordering={ordering}"))] == ["Bahrain", "China"]
    assert [row[0] for row in table(shown(client, "?ordering=-name"))] == ["China", "Bahrain"]
    assert ["China", "3 (2)", "1", "2 (1)"] in table(shown(client, "?as_of=2005"))


def referred(code, name):
    names = {"en": name, "kk": None, "ru": None}
    return {"code": code, "name": name, "names": names, "url": f"http://testserver/api/v1/states/{code}/"}


def test_numbers_as_json(client, ties):
    none = dict.fromkeys(MEASURES, 0)
    answer = client.get("/api/v1/map/?as_of=2005")
    assert answer.json() == {
        "state": referred("KAZ", "Kazakhstan"),
        "as_of": "2005",
        "results": [
            {
                "state": referred("CHN", "China"),
                "counts": none | {"all": 3, "memberships": 1, "visits": 2},
                "certain": none | {"all": 2, "memberships": 1, "visits": 1},
            },
            {"state": referred("BHR", "Bahrain"), "counts": none, "certain": none},
        ],
    }
    whole = client.get("/api/v1/map/").json()
    assert whole["as_of"] is None and {row["certain"] for row in whole["results"]} == {None}
    assert whole["results"][0]["counts"] == none | {"all": 4, "memberships": 1, "visits": 2, "agreements": 1}


def test_numbers_as_csv(client, ties):
    page = shown(client, "?as_of=2005&measure=visits")
    assert 'href="/api/v1/map/?as_of=2005&amp;format=csv"' in page
    answer = client.get("/api/v1/map/?as_of=2005&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    first, second = csv.DictReader(io.StringIO(answer.content.decode()))
    assert (first["code"], first["visits"], first["visits_certain"], first["all"]) == ("CHN", "2", "1", "3")
    assert (second["code"], second["all"], second["page_url"]) == (
        "BHR",
        "0",
        "http://testserver/states/BHR/",
    )


# What cannot be asked for


def test_what_is_wrong_with_the_address_is_named(client, ties, subtests):
    for query, named in [
        ("?measure=kisses", "measure"),
        ("?region=999", "region"),
        ("?as_of=2001-02-29", "as_of"),
        ("?ordering=pk", "ordering"),
        ("?bogus=1", "bogus"),
        ("?measure=visits&measure=events", "measure"),
    ]:
        with subtests.test(query=query):
            response = client.get(f"/map/{query}")
            page = response.content.decode()
            assert response.status_code == 400
            assert f"<code>{named}</code>" in page and 'class="world"' not in page and "cite-this" not in page


def test_page_is_cited_as_what_it_shows(client, ties):
    page = shown(client, "?as_of=2005&measure=visits&region=&ordering=-number")
    assert "World map of Kazakhstan: Visits, as of 2005" in page
    assert '<link rel="cite-as" href="http://testserver/map/?measure=visits&amp;as_of=2005">' in page
