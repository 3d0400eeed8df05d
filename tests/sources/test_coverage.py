"""What the page of a source, and its answer in the API, say of what is encoded and what contradicts."""

import re

import pytest
from django.db import connection, transaction

from apps.core.changes import undone
from apps.people.models import Person, PersonCitation
from apps.sources.coverage import coverage_of
from apps.sources.models import Passage
from apps.visits.models import Visit, VisitCitation
from tests.factories import (
    agreement,
    at_once,
    cite,
    event,
    membership,
    passage,
    person,
    place,
    source,
    state,
    visit,
)
from tests.sampling import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def read():
    return source(slug="read", title="A Text", authors="Doe, Jane")


def part(source, number, section="Part", **fields):
    return passage(
        source=source, anchor=f"p-{number}", position=number, paragraph=number, section=section, **fields
    )


@pytest.fixture
@at_once
def full(read):
    """A source with three passages: two visits and an event on the first, one of them on the second too."""
    first, second = part(read, 1, research="encoded"), part(read, 2)
    part(read, 3, section="End", research="nothing", reason="It sums up.")
    shared = visit(slug="shared", date="1993-05", visitor=person(name_en="Ann"), host=state(name_en="Peru"))
    for entry in (shared, visit(basis="inferred", note="Concluded."), event(title="A summit")):
        cite(entry, first)
    cite(shared, first, field="host")
    cite(shared, second, field="date", stance="contradicts", claim="in June", note="In passing.")
    return read


def text_of(response):
    assert response.status_code == 200
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def test_passages_and_entries_are_counted(full):
    coverage = coverage_of(full)
    assert coverage.research == {"open": 1, "encoded": 1, "nothing": 1}
    assert len(coverage.entries) == 3
    assert [group.words for group in coverage.groups] == ["1 event", "2 visits"]
    assert coverage.basis == {"stated": 2, "inferred": 1}
    assert (coverage.in_conflict, coverage.citing) == (1, 2)
    assert [[group.words for group in row.groups] for row in coverage.passages] == [
        ["1 event", "2 visits"],
        ["1 visit"],
        [],
    ]


def test_ledger_has_a_line_for_each_passage_and_a_column_for_each_kind(full):
    sections = [(name, [numbers for _, numbers in rows]) for name, rows in coverage_of(full).ledger]
    assert sections == [("Part", [[(1, 1), (2, 1)], [(0, 0), (1, 1)]]), ("End", [[(0, 0), (0, 0)]])]


def test_page_tells_what_is_encoded(client, full):
    page = text_of(client.get("/sources/read/"))
    assert "3 entries rest on 2 of its 3 passages" in page
    assert "3: 1 encoded, 1 with nothing to encode, 1 with more to encode" in page
    assert "3: 1 event, 2 visits" in page
    assert "2 stated, 1 inferred" in page
    assert "1 entry of which a passage says otherwise" in page
    assert "encoded 1 event, 2 visits" in page
    assert "nothing to encode: It sums up." in page


def test_page_links_the_ledger_to_the_passages_and_marks_to_the_conflicts(client, full):
    page = client.get("/sources/read/").content.decode()
    for anchor in ("p-1", "p-2", "p-3", "coverage", "conflicts", "passages", "conflict-visit-shared"):
        assert page.count(f'id="{anchor}"') == 1 and f'href="#{anchor}"' in page
    marked = page.partition('id="p-2"')[2].partition("</section>")[0]
    assert '<a href="#conflict-visit-shared"><span class="mark contradicted">differs</span></a>' in marked
    assert "differs" not in page.partition('id="p-1"')[2].partition("</section>")[0]


def test_answer_has_the_numbers_of_the_page(client, full):
    answer = client.get("/api/v1/sources/read/").json()
    assert answer["coverage"] == {
        "passages": {"total": 3, "encoded": 1, "nothing": 1, "open": 1},
        "entries": {
            "total": 3,
            "stated": 2,
            "inferred": 1,
            "in_conflict": 1,
            "by_kind": {"event": 1, "visit": 2},
        },
    }
    assert [row["counts"] for row in answer["passages"]] == [{"event": 1, "visit": 2}, {"visit": 1}, {}]
    page = client.get("/sources/read/").context["coverage"]
    assert [row["counts"] for row in answer["passages"]] == [
        {group.kind: len(group.rows) for group in row.groups} for row in page.passages
    ]
    told = [(row["entry"]["slug"], row["field"]) for row in answer["conflicts"]]
    assert told == [(row.entry.slug, row.field) for row in page.conflicts] == [("shared", "date")]


def test_conflict_shows_both_tellings_with_their_passages(client, full):
    (conflict,) = client.get("/api/v1/sources/read/").json()["conflicts"]
    site, page = "http://testserver", "http://testserver/sources/read/"
    cited = {"slug": "read", "name": "Doe, A Text", "names": None, "url": f"{site}/api/v1/sources/read/"}
    assert conflict == {
        "kind": "visit",
        "entry": {
            "slug": "shared",
            "name": "Ann to Peru, May 1993",
            "names": None,
            "url": f"{site}/api/v1/visits/shared/",
        },
        "field": "date",
        "value": "May 1993",
        "supporting": [
            {
                "source": cited | {"passage_url": f"{page}#p-1"},
                "locator": "Part, ¶\xa01",
                "says": "May 1993",
                "note": "",
            }
        ],
        "contradicting": [
            {
                "source": cited | {"passage_url": f"{page}#p-2"},
                "locator": "Part, ¶\xa02",
                "says": "in June",
                "note": "In passing.",
            }
        ],
    }
    html = client.get("/sources/read/").content.decode()
    row = html.partition('id="conflict-visit-shared"')[2].partition("</tr>")[0]
    for shown in (
        ">date<",
        ">May 1993</td>",
        "<p>May 1993</p>",
        "<p>in June</p>",
        "/sources/read/#p-1",
        "/sources/read/#p-2",
    ):
        assert shown in row


def says(claims):
    return [(claim.citation.passage.number.replace("\xa0", " "), claim.says) for claim in claims]


def test_the_passage_cited_for_the_field_speaks_for_it(read):
    """That cited for the whole entry may not mention the date at all."""
    told = visit(date="1993-05")
    cite(told, part(read, 1))
    cite(told, part(read, 2), field="date")
    cite(told, part(read, 3), field="date", stance="contradicts", claim="June")
    (conflict,) = coverage_of(read).conflicts
    assert (conflict.label, conflict.value) == ("date", "May 1993")
    assert says(conflict.supporting) == [("¶ 2", "May 1993")]
    assert says(conflict.contradicting) == [("¶ 3", "June")]


def test_a_claim_that_is_less_precise_does_not_hide_who_gives_the_value(read):
    told = visit(date="1993-05")
    cite(told, part(read, 1), field="date", claim="1993")
    cite(told, part(read, 2))
    cite(told, part(read, 3), field="date", stance="contradicts", claim="June")
    cite(told, part(read, 4), field="date", stance="contradicts", claim="July")
    (conflict,) = coverage_of(read).conflicts
    assert says(conflict.supporting) == [("¶ 2", "May 1993"), ("¶ 1", "1993")]
    assert says(conflict.contradicting) == [("¶ 3", "June"), ("¶ 4", "July")]


def test_a_passage_does_not_speak_for_a_value_of_which_it_says_otherwise(read):
    """Each of the two is cited for the whole entry, and for the field with what it says; the value leaves both open."""
    told, early, late = event(date="[2008,2010]"), part(read, 1), part(read, 2)
    cite(told, early)
    cite(told, late)
    cite(told, early, field="date", claim="2008")
    cite(told, late, field="date", stance="contradicts", claim="2010")
    (conflict,) = coverage_of(read).conflicts
    assert conflict.value == "2008 or 2010"
    assert says(conflict.supporting) == [("¶ 1", "2008")]
    assert says(conflict.contradicting) == [("¶ 2", "2010")]


def test_value_that_no_passage_is_cited_for(client, read):
    told = visit(date="1993-05")
    cite(told, part(read, 1), field="host")
    cite(told, part(read, 2), field="date", stance="contradicts", claim="June")
    (conflict,) = coverage_of(read).conflicts
    assert (conflict.value, conflict.supporting) == ("May 1993", [])
    assert "date May 1993 no passage is cited for it" in text_of(client.get("/sources/read/"))


def test_conflict_about_the_whole_entry(client, read):
    told = agreement(title="A pact")
    cite(told, part(read, 1))
    cite(told, part(read, 2), field="title", stance="contradicts", claim="Another pact")
    cite(told, part(read, 3), stance="contradicts", claim="There was none")
    whole, title = coverage_of(read).conflicts
    assert (whole.field, whole.label, whole.value) == ("", "", "A pact")
    assert says(whole.contradicting) == [("¶ 3", "There was none")]
    assert title.label == "title"
    assert "the whole entry" in text_of(client.get("/sources/read/"))


def test_conflicts_stand_in_the_order_of_the_source(read):
    early, late = visit(), agreement()
    for entry, number in ((late, 2), (early, 1)):
        cite(entry, part(read, number))
        cite(entry, part(read, number + 2), stance="contradicts", claim="Otherwise")
    assert [conflict.entry for conflict in coverage_of(read).conflicts] == [early, late]


def test_other_source_that_contradicts_is_named(client, read):
    told = visit(date="1993")
    cite(told, part(read, 1))
    other = part(source(slug="other", title="Other", authors="Roe, Max"), 9)
    cite(told, other, field="date", stance="contradicts", claim="1994")
    for address in ("/sources/read/", "/sources/other/"):
        assert "1993" in text_of(client.get(address)) and "1994" in text_of(client.get(address))
    assert "Part, ¶\xa09 in Roe, Other".replace("\xa0", " ") in text_of(client.get("/sources/read/"))
    (conflict,) = coverage_of(other.source).conflicts
    assert says(conflict.supporting) == [("¶ 1", "1993")]


@pytest.mark.parametrize("status", sample(["draft", "in_review", "withdrawn"], ["draft"]))
def test_what_is_not_published_is_neither_counted_nor_shown(client, full, status):
    def page():
        """All but the number of the revision, which tells of every change."""
        return re.sub(r"\br[0-9]+\b", "", text_of(client.get("/sources/read/")))

    before, read = client.get("/api/v1/sources/read/").json(), page()
    first = full.passages.first()
    hidden = [
        agreement(title="Canary", status=status),
        visit(visitor=person(name_en="Canary", status=status)),
        membership(member_state=state(name_en="Canary", status=status)),
    ]
    for entry in hidden:
        cite(entry, first)
        cite(entry, first, stance="contradicts", claim="Canary")
    assert client.get("/api/v1/sources/read/").json() == before
    assert page() == read and "Canary" not in read


def test_conflict_does_not_name_what_is_not_published(client, read):
    told = visit(met=[person(name_en="Canary", status="draft"), person(name_en="Bob")])
    cite(told, part(read, 1))
    cite(told, part(read, 2), field="met", stance="contradicts", claim="Carol")
    for address in ("/sources/read/", "/api/v1/sources/read/"):
        page = client.get(address).content.decode()
        assert "Bob" in page and "Canary" not in page


def test_source_without_entries_or_conflicts_says_so(client, read):
    part(read, 1)
    page = text_of(client.get("/sources/read/"))
    assert "0 entries rest on 0 of its 1 passages" in page
    assert "No passage is recorded as saying otherwise" in page
    assert coverage_of(read).groups == []


@pytest.mark.once
@pytest.mark.parametrize("address", sample(["/sources/read/", "/api/v1/sources/read/"], ["/sources/read/"]))
def test_costs_the_same_for_2_entries_and_for_20(client, read, address, django_assert_max_num_queries):
    elsewhere = part(source(), 1)

    @at_once
    def add(numbers):
        for number in numbers:
            here, there = part(read, 2 * number + 1), part(read, 2 * number + 2)
            told = visit(places=[place()], met=[person()], date="1993")
            signed = agreement(parties=[state(), state()])
            for entry, fields in (
                (told, ["date", "host", "places", "met", ""]),
                (signed, ["parties", "place"]),
            ):
                cite(entry, here)
                for field in fields:
                    cite(entry, there, field=field, stance="contradicts", claim="Otherwise")
                    cite(entry, elsewhere, field=field, stance="contradicts", claim="Otherwise still")
            cite(event(participants=[state()]), here)

    def count():
        with django_assert_max_num_queries(60) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    add([0])
    few = count()
    add(range(1, 10))
    assert count() == few


def test_list_says_how_far_each_source_is_encoded(client, full):
    page = client.get("/sources/").content.decode()
    for label, number in (("Passages", 3), ("Encoded", 1), ("Nothing to encode", 1), ("More to encode", 1)):
        assert re.search(rf'data-label="{label}" class="number">{number}<', page)


@pytest.mark.exhaustive
def test_a_source_may_have_more_entries_than_sqlite_takes_conditions(client, read):
    here = passage(source=read)
    like = visit()
    fields = {
        name: getattr(like, name) for name in ("status", "visitor", "capacity", "sent_by_state", "host")
    }
    visits = Visit.objects.bulk_create(
        Visit(slug=f"one-of-many-{number}", **fields) for number in range(1001)
    )
    VisitCitation.objects.bulk_create(VisitCitation(entry=row, passage=here) for row in visits)
    answer = client.get(f"/api/v1/sources/{read.slug}/").json()
    assert answer["coverage"]["entries"]["by_kind"]["visit"] >= 1001


def cited_people(read, count):
    numbers = range(1, count + 1)
    people = Person.objects.bulk_create(
        Person(slug=f"p-{n}", name_en=f"Person {n}", status="published") for n in numbers
    )
    places = Passage.objects.bulk_create(
        Passage(source=read, anchor=f"p-{n}", position=n, paragraph=n) for n in numbers
    )
    PersonCitation.objects.bulk_create(
        PersonCitation(entry=row, passage=where) for row, where in zip(people, places, strict=True)
    )


@pytest.mark.skipif(connection.vendor != "postgresql", reason="plans by what it knows of its tables")
def test_what_the_database_knows_of_its_tables_may_be_old(read):
    """It knows the tables from when rows had been there and were gone again. At worst it took seconds for a hundred."""
    with undone():
        cited_people(read, 500)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cited_people(read, 100)
        cursor.execute("SET LOCAL statement_timeout = '2s'")
        assert len(coverage_of(read).entries) == 100
        cursor.execute("SET LOCAL statement_timeout = '60s'")
