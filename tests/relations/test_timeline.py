"""The time line: entries of all kinds in the order of time, as a page and in the API."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from apps.relations.filters import TimelineFilter
from apps.relations.models import Tie, TiedEntry
from tests.factories import (
    agreement,
    at_once,
    cite,
    event,
    figure,
    membership,
    office,
    organization,
    person,
    project,
    state,
    visit,
)
from tests.sampling import sample

API = "/api/v1/timeline/"


def titles(client, **query):
    response = client.get(API, query)
    assert response.status_code == 200, response.content
    return [row["title"] for row in response.json()["results"]]


@pytest.fixture
@at_once
def entries(focus, china):
    """One of each kind, between the focal state and China, and one beside them."""
    club = organization(name_en="The club")
    return {
        "membership": membership(member_state=focus, organization=club, start="1991"),
        "shared": membership(member_state=china, organization=club, start="1992"),
        "visit": visit(sent_by_state=focus, host=china, date="1993-02", visitor=person(name_en="A guest")),
        "agreement": agreement(parties=[focus, china], title="A treaty", signed="1994"),
        "event": event(participants=[focus, china], title="A summit", date="1995-05-05"),
        "project": project(parties=[focus, china], title="A pipeline", start="1996"),
        "figure": figure(of_state=focus, with_state=china, title="Trade", date="1997"),
        "office": office(body_state=china, holder_person=person(name_en="A president"), attested="1998"),
        "beside": event(participants=[state()], title="Elsewhere", date="[1990..1999]"),
        "undated": event(participants=[focus], title="Some time"),
    }


def test_every_entry_once_in_the_order_of_time(client, entries):
    found = client.get(API).json()
    assert found["count"] == 10
    dates = [row["when"] for row in found["results"]]
    assert dates[0] == "some time in 1990–1999"
    assert dates[-1] == "date not recorded"
    assert [row["kind"] for row in found["results"]][1:-1] == [
        "membership", "membership", "visit", "agreement", "event", "project", "figure", "office",
    ]  # fmt: skip


def test_length_is_that_of_all_entries_or_of_those_of_a_state(client, entries, focus):
    ties = Tie.objects.in_time()
    assert client.get(API).json()["count"] == ties.one_each().count() == 10
    assert client.get(API, {"state": focus.code}).json()["count"] == ties.concerning(focus).count() == 7
    entries["visit"].delete()
    assert client.get(API).json()["count"] == 9
    assert client.get(API, {"state": focus.code}).json()["count"] == 6


def test_what_was_not_changed_since_is_no_list_of_a_kind_either(client, entries):
    assert titles(client, updated_since="2100-01-01", kind="visit") == []


def test_page_reads_its_rows_by_their_keys(client, entries, focus):
    with CaptureQueriesContext(connection) as asked:
        client.get("/timeline/", {"state": focus.code})
    (read,) = (sql["sql"] for sql in asked if "search_text" in sql["sql"] and "relations_tie" in sql["sql"])
    assert "state_id" not in read.partition(" WHERE ")[2]


def test_latest_first_is_the_same_backwards(client, entries):
    assert titles(client, ordering="-date") == titles(client)[::-1]


def test_a_row_says_what_and_when_and_whom(client, entries):
    (row,) = client.get(API, {"kind": "visit"}).json()["results"]
    assert row["title"] == "A guest to China"
    assert row["identifier"] == entries["visit"].slug
    assert row["date"] == {"edtf": "1993-02", "earliest": "1993-02-01", "latest": "1993-02-28"}
    assert row["span"] is None
    whom = {end["entry"]["name"]: end["roles"] for end in row["concerns"]}
    assert whom == {"A guest": ["visitor"], "Kazakhstan": ["sender"], "China": ["host"]}
    assert client.get(row["url"]).json()["slug"] == row["identifier"]
    (lasting,) = client.get(API, {"kind": "project"}).json()["results"]
    assert lasting["date"] is None and lasting["span"]["start"]["edtf"] == "1996"


def test_narrowed_to_a_state(client, entries):
    assert "Elsewhere" not in titles(client, state="KAZ")
    assert "Some time" in titles(client, state="KAZ")
    assert "Some time" not in titles(client, state="CHN")


def test_narrowed_to_what_ties_two_states(client, entries):
    found = titles(client, state="CHN", counterpart="KAZ")
    assert len(found) == len(set(found)) == 7
    assert sorted(found) == sorted(titles(client, state="KAZ", counterpart="CHN"))
    assert "Kazakhstan, member of The club" in found and "China, member of The club" in found
    assert not {"Elsewhere", "Some time"} & set(found)


def test_narrowed_to_organization_person_and_several_at_once(client, entries):
    club, guest = entries["membership"].organization, entries["visit"].visitor
    assert len(titles(client, organization=club.slug)) == 2
    assert titles(client, organization=club.slug, state="CHN") == ["China, member of The club"]
    assert titles(client, person=guest.slug) == ["A guest to China"]
    assert titles(client, person=guest.slug, state="CHN") == ["A guest to China"]
    assert titles(client, person=guest.slug, organization=club.slug) == []


def test_narrowed_to_years_and_names(client, entries):
    # What lasts is still going on as far as anybody knows, and what is undated is never left out.
    assert "A guest to China" in titles(client, year="1993")
    assert "A treaty" not in titles(client, year="1993")
    assert {"Elsewhere", "Some time"} <= set(titles(client, year="1993"))
    assert "A guest to China" not in titles(client, **{"from": "1994"})
    assert "Trade" not in titles(client, to="1996-12")
    assert titles(client, q="TREATY") == ["A treaty"]
    assert titles(client, q="guest") == ["A guest to China"]
    # What a pattern of SQL would take for any letters.
    assert not titles(client, q="gu%st") and not titles(client, q="gu_st")


def test_as_of_says_what_is_certain(client, entries):
    found = {row["title"]: row["holds"] for row in client.get(API, {"as_of": "1994-06"}).json()["results"]}
    assert found["A guest to China"] == "certain"
    assert found["A treaty"] == "possible"
    assert found["Elsewhere"] == "possible"
    assert "A summit" not in found


def test_as_of_agrees_with_the_lists_of_each_kind(client, entries, subtests):
    for day in ["1992-06-15", "1994-02", "1996", "1998"]:
        with subtests.test(day=day):
            for kind, path in [
                ("membership", "memberships"), ("visit", "visits"), ("agreement", "agreements"), ("event", "events"),
                ("project", "projects"), ("figure", "figures"), ("office", "offices"),
            ]:  # fmt: skip
                listed = client.get(f"/api/v1/{path}/", {"as_of": day}).json()["results"]
                timed = client.get(API, {"as_of": day, "kind": kind}).json()["results"]
                assert {row["slug"]: row["holds"] for row in listed} == {
                    row["identifier"]: row["holds"] for row in timed
                }, kind


def test_a_wrong_address_names_what_is_wrong(client, entries, subtests):
    for query, parameter in [
        ({"kind": "state"}, "kind"),
        ({"state": "XXX"}, "state"),
        ({"counterpart": "KAZ"}, "counterpart"),
        ({"year": "93"}, "year"),
        ({"as_of": "[1992..1997]"}, "as_of"),
        ({"colour": "red"}, "colour"),
        ({"limit": "201"}, "limit"),
        ({"cursor": "x"}, "cursor"),
    ]:
        with subtests.test(query=query):
            answer = client.get(API, query)
            assert answer.status_code == 400
            assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]
            page = client.get("/timeline/", query)
            assert page.status_code == 400 and "Nothing is shown" in page.content.decode()


def test_pages_by_key_show_each_entry_once(client, entries):
    seen, url = [], f"{API}?limit=3"
    while url:
        answer = client.get(url).json()
        seen += [row["title"] for row in answer["results"]]
        url = answer["next"]
    assert seen == titles(client)


WAYS = [
    {},
    {"state": "CHN"},
    {"state": "KAZ", "counterpart": "CHN"},
    {"state": "KAZ", "counterpart": "KAZ"},
    {"state": "CHN", "counterpart": "KAZ"},
    {"state": "CHN", "counterpart": "CHN"},
    {"kind": "event"},
    {"as_of": "1994-06"},
    {"as_of": "1994-06", "certainty": "possible", "kind": "event"},
    {"from": "1994", "to": "1996"},
    {"q": "chi"},
    {"basis": "stated"},
    {"basis": "inferred"},
    {"updated_since": "2020-01-01"},
]


@pytest.mark.parametrize("order", ["updated", "-updated"])
@pytest.mark.parametrize("query", sample(WAYS, [WAYS[2], WAYS[8]]), ids=str)
def test_pages_by_change_are_those_of_all_its_ties_sorted(client, entries, query, order):
    # Several were changed at the same moment, and the page ends among them.
    for n, entry in enumerate(TiedEntry.objects.order_by("-pk")):
        TiedEntry.objects.filter(pk=entry.pk).update(updated_at=datetime(2026, 1, 1 + n // 5, tzinfo=UTC))
    ties = TimelineFilter(QueryDict(urlencode(query | {"ordering": order})), Tie.objects.for_detail()).qs
    told = [(tie.entry.title, getattr(tie, "holds", None)) for tie in ties]
    seen, url = [], f"{API}?{urlencode(query | {'ordering': order, 'limit': 2})}"
    while url:
        answer = client.get(url).json()
        seen += [(row["title"], row.get("holds")) for row in answer["results"]]
        url = answer["next"]
    assert seen == told
    assert answer["count"] == len(told)


def test_pages_by_change_are_not_read_in_the_order_of_primary_keys(client, entries):
    """By which PostgreSQL would go through most ties, to find those of two states that were changed at one moment."""
    TiedEntry.objects.update(updated_at=datetime(2026, 1, 1, tzinfo=UTC))
    query = {"state": "KAZ", "counterpart": "CHN", "ordering": "-updated", "limit": 2}
    following = client.get(API, query).json()["next"]
    with CaptureQueriesContext(connection) as captured:
        assert len(client.get(following).json()["results"]) == 2
    places = [sql for found in captured if "ORDER BY" in (sql := found["sql"]) and "updated_at" in sql]
    orders = [sql.rpartition("ORDER BY")[2] for sql in places if "search_text" not in sql]
    assert orders and all('"relations_tie"."id" + 0)' in order for order in orders)


def test_what_ties_two_states_neither_of_which_is_the_focal_one(client, entries, china):
    other, club = state(code="RUS", name_en="Russia"), entries["membership"].organization
    event(participants=[china, other], title="Another summit", date="1999")
    membership(member_state=other, organization=club, start="1993")
    membership(member_state=other, organization=organization(), start="1994")
    found = titles(client, state="CHN", counterpart="RUS")
    assert found == ["China, member of The club", "Russia, member of The club", "Another summit"]
    assert titles(client, state="RUS", counterpart="CHN") == found
    for one, two in (("CHN", "RUS"), ("RUS", "CHN"), ("RUS", "KAZ"), ("KAZ", "RUS"), ("RUS", "RUS")):
        whole = client.get(API, {"state": one, "counterpart": two}).json()
        page = client.get(API, {"state": one, "counterpart": two, "limit": 1}).json()
        assert page["count"] == whole["count"] == len(whole["results"]) >= 2


@pytest.mark.parametrize("order", ["date", "-date", "updated", "-updated"])
def test_certain_are_those_of_both_that_are_told_to_be(client, entries, order):
    for day in ("1980", "1993-02", "1994-06", "1998", "1999", "2020"):
        both = client.get(API, {"as_of": day, "ordering": order}).json()["results"]
        certain = client.get(API, {"as_of": day, "certainty": "certain", "ordering": order}).json()
        assert certain["results"] == [row for row in both if row["holds"] == "certain"]
        assert certain["count"] == len(certain["results"])
    assert certain["count"] == 5


def test_list_of_those_that_cite_a_source(client, entries, subtests):
    passage = cite(entries["visit"]).passage
    cite(entries["event"], passage)
    cite(entries["figure"])
    for order in ["date", "-date", "updated", "-updated"]:
        with subtests.test(order=order):
            asked = {"source": passage.source.slug, "ordering": order}
            found = titles(client, **asked)
            assert sorted(found) == ["A guest to China", "A summit"]
            assert sorted(titles(client, state="KAZ", **asked)) == sorted(found)
            assert titles(client, passage=passage.anchor, **asked) == found
            assert titles(client, kind="event", **asked) == ["A summit"]


def test_page_words_dates_as_its_entries_do(client, entries):
    page = " ".join(client.get("/timeline/").content.decode().split())
    assert '<h2 id="y1994">1994</h2>' in page
    assert "1 January" not in page.replace("is not one of 1 January", "")
    assert "some time in 1990–1999" in page and "Date not recorded" in page
    assert entries["event"].get_absolute_url() in page


def test_page_says_what_it_shows_and_leads_to_the_same_data(client, entries):
    page = client.get("/timeline/", {"state": "CHN", "counterpart": "KAZ", "kind": "event"}).content.decode()
    assert "state <strong>China</strong>" in page
    assert "/api/v1/timeline/?state=CHN&amp;counterpart=KAZ&amp;kind=event" in page


@pytest.mark.once
def test_costs_the_same_for_more_entries(client, entries, focus, china, django_assert_max_num_queries):
    for url in (API, "/timeline/", f"{API}?state=CHN&counterpart=KAZ"):
        with django_assert_max_num_queries(20) as few:
            client.get(url)
        at_once(lambda: [visit(sent_by_state=focus, host=china, date="1999") for _each in range(10)])()
        with django_assert_max_num_queries(20) as many:
            client.get(url)
        assert len(few) == len(many)


def test_unpublished_entries_are_on_no_time_line(client, entries):
    row = entries["event"]
    row.status = "draft"
    row.save()
    assert "A summit" not in titles(client)
    assert not Tie.objects.filter(kind="event", entry__key=row.pk).exists()
