"""Every list as CSV: the same rows as in JSON, all of them, safe to open in a spreadsheet."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import table_cells
from apps.core.tables import unsafe_cell
from kzforeign.api import ROUTES
from tests import factories
from tests.core.test_api import is_a_problem, rename
from tests.core.world import world
from tests.factories import cite, membership, organization, passage, source, state, visit

pytestmark = pytest.mark.django_db

LISTS = [*ROUTES, "timeline"]


def table(client, address, **parameters):
    answer = client.get(f"/api/v1/{address}", {"format": "csv", **parameters})
    assert answer.status_code == 200, answer.content
    text = answer.getvalue().decode()
    return [dict(row) for row in csv.DictReader(io.StringIO(text, newline=""))]


@pytest.mark.exhaustive
def test_each_list_has_the_rows_of_its_json_in_their_order(client):
    world(), world()
    for prefix in LISTS:
        rows = table(client, f"{prefix}/")
        listed = client.get(f"/api/v1/{prefix}/?limit=200").json()["results"]
        assert [row["api_url"] for row in rows] == [row["url"] for row in listed], prefix
        assert len(rows) > 1, prefix


def test_a_row_says_what_the_dataset_says_and_more(client):
    china, france = state("CHN", name_en="China"), state("FRA", name_en="France")
    visitor, one = factories.person(slug="li-peng", name_en="Li Peng"), factories.person(slug="one")
    row = visit(
        slug="li-fra",
        visitor=visitor,
        sent_by_state=china,
        host=france,
        date="1993-02",
        met=[one],
        note="A, “b”",
    )
    cite(row, passage(source=source(slug="akiner"), anchor="states-3"))
    cite(row, passage(), stance="contradicts", claim="Not so.")
    [found] = table(client, "visits/", as_of="1993-02-10")
    assert found == {
        "slug": "li-fra",
        "basis": "stated",
        "note": "A, “b”",
        "visitor": "li-peng",
        "capacity": "head_of_state",
        "sent_by_state": "CHN",
        "sent_by_organization": "",
        "host": "FRA",
        "date": "1993-02",
        "kind": "not_stated",
        "occasion": "",
        "event": "",
        "discussed": "",
        "places": "",
        "met": "one",
        "headline": "Li Peng to France",
        "headline_kk": "Li Peng — France",
        "headline_ru": "Li Peng — France",
        "date_earliest": "1993-02-01",
        "date_latest": "1993-02-28",
        "holds": "possible",
        "supported_by": "akiner/states-3",
        "updated_at": row.updated_at.isoformat(),
        "api_url": "http://testserver/api/v1/visits/li-fra/",
        "page_url": "http://testserver/visits/li-fra/",
    }


def test_who_has_a_part_is_named_and_what_is_not_known_is_blank(client):
    hidden, union = state("QQH", status="draft"), organization(slug="union")
    factories.agreement([state("CHN"), union, hidden], signed="1994")
    membership(member_state=hidden, organization=union)
    [treaty] = table(client, "agreements/")
    assert (treaty["parties"], treaty["ended_earliest"], treaty["ended_latest"]) == ("CHN;union", "", "")
    assert table(client, "memberships/") == []


def test_a_cell_is_no_formula_and_can_be_had_back(client):
    said = ['=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", "\ttab", "'=1", "'quoted", "plain"]
    for number, title in enumerate(said):
        factories.event(title=title, slug=f"e-{number}")
    titles = [row["title"] for row in table(client, "events/", ordering="title")]
    assert not [title for title in titles if title[0] in "=+-@\t\r\n"]
    assert sorted(map(unsafe_cell, titles)) == sorted(said)


def test_the_mark_of_the_encoding_is_there_when_it_is_asked_for(client):
    state("CHN", name_kk="Қытай")
    plain = client.get("/api/v1/states/?format=csv").getvalue()
    marked = client.get("/api/v1/states/?format=csv&bom=yes").getvalue()
    assert plain.startswith(b"code,") and "Қытай".encode() in plain
    assert marked == b"\xef\xbb\xbf" + plain


def test_it_is_streamed_as_a_file_named_after_the_revision(client):
    state("CHN")
    answer = client.get("/api/v1/states/?format=csv")
    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="states-r1.csv"'
    again = client.get("/api/v1/states/?format=csv", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("format=xml", {"format": ["json", "csv"]}),
        ("format=csv&limit=5", {"limit": None}),
        ("format=csv&bom=maybe", {"bom": ["yes", "no"]}),
        ("bom=yes", {"bom": None}),
        ("format=csv&kind=none&nothing=1", {"kind": ["sovereign", "former", "other"], "nothing": ...}),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_sent(client, query, wrong):
    problem = is_a_problem(client.get(f"/api/v1/states/?{query}"), 400)
    found = {error["parameter"]: error.get("allowed") for error in problem["errors"]}
    assert found.keys() == wrong.keys()
    assert all(found[name] == allowed for name, allowed in wrong.items() if allowed is not ...)


@pytest.mark.exhaustive
@pytest.mark.parametrize("prefix", LISTS)
def test_nothing_that_is_not_published_is_told(client, prefix):
    """Each published entry of a kind is among others of which none is published."""
    world(note="SECRET")
    model = ROUTES[prefix].model if prefix in ROUTES else None
    for other in (
        factories.State,
        factories.Organization,
        factories.Person,
        factories.Event,
        factories.Visit,
    ):
        if other is not model:
            rename(other)
    for row in table(client, f"{prefix}/"):
        del row["note" if "note" in row else "title"]
        assert "SECRET" not in json.dumps(row)


@pytest.mark.exhaustive
def test_each_list_takes_as_many_queries_for_many_rows_as_for_few(client):
    world()
    few = {prefix: queries(client, prefix) for prefix in LISTS}
    world(), world()
    for prefix in LISTS:
        count, rows = queries(client, prefix)
        assert count == few[prefix][0], prefix
        assert rows > few[prefix][1], prefix


def queries(client, prefix):
    """(how many it takes, how many rows there are)"""
    with CaptureQueriesContext(connection) as captured:
        rows = table(client, f"{prefix}/")
    return len(captured), len(rows)


def test_it_is_read_in_parts(client, monkeypatch):
    monkeypatch.setattr(table_cells, "CHUNK", 2)
    for code in ("CHN", "FRA", "RUS", "TUR", "USA"):
        state(code, name_en=code)
    answer = client.get("/api/v1/states/?format=csv")
    assert [part.count(b"\n") for part in answer.streaming_content] == [1, 2, 2, 1]
    assert [row["code"] for row in table(client, "states/")] == ["CHN", "FRA", "RUS", "TUR", "USA"]


def test_the_page_of_a_list_leads_to_it(client):
    state("KAZ")
    assert (
        'href="/api/v1/visits/?state=KAZ&amp;format=csv"' in client.get("/visits/?state=KAZ").content.decode()
    )
