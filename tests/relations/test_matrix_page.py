"""The table of states by organizations: what stands in its cells, in which order, and who is in several at once."""

import csv

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.dates import PartialDate
from apps.relations.matrix import MOST_COLUMNS, Matrix
from tests.factories import at_once, membership, organization, state


@pytest.fixture
@at_once
def clubs(focus, china):
    """Two organizations with three states, and one with the focal state alone."""
    russia = state("RUS", name_en="Russia", region="151")
    sco = organization(slug="sco", name_en="Shanghai club", abbreviation="SCO", kind="intergovernmental")
    osce = organization(slug="osce", name_en="Vienna club", abbreviation="OSCE", kind="forum")
    own = organization(slug="own", name_en="Own club", kind="forum")
    ongoing = {"end": "..", "attested": "2015"}
    membership(slug="kaz-sco", member_state=focus, organization=sco, start="2001", **ongoing)
    membership(slug="chn-sco", member_state=china, organization=sco, start="2001", **ongoing)
    membership(member_state=russia, organization=sco, start="[2001..2012]", end="2012", standing="observer")
    membership(slug="rus-sco", member_state=russia, organization=sco, start="2013", **ongoing)
    membership(slug="kaz-osce", member_state=focus, organization=osce, start="1992", **ongoing)
    membership(member_state=russia, organization=osce, start="[1992..]", standing="partner")
    membership(member_state=focus, organization=own, start="1995")
    membership(member_state=china, organization=osce, status="draft")
    membership(member_organization=own, organization=sco)
    return {"sco": sco, "osce": osce, "own": own}


def cells(client, query=""):
    """{state: {organization: statuses}}, without those that are empty."""
    lines = csv.DictReader(client.get(f"/matrix.csv{query}").content.decode().splitlines())
    return {
        line.pop("code"): {slug: cell for slug, cell in line.items() if cell and slug != "state"}
        for line in lines
    }


def test_without_a_day_each_status_that_was_ever_held(client, clubs):
    assert cells(client) == {
        "KAZ": {"sco": "member", "osce": "member", "own": "member"},
        "RUS": {"sco": "member; observer", "osce": "partner"},
        "CHN": {"sco": "member"},
    }
    assert "Who belongs or ever belonged" in client.get("/matrix/").content.decode()


def test_on_a_day_what_held_and_what_only_may_have(client, clubs):
    assert cells(client, "?as_of=2010") == {
        "KAZ": {"sco": "member", "osce": "member", "own": "member?"},
        "RUS": {"sco": "observer?", "osce": "partner?"},
        "CHN": {"sco": "member"},
    }
    page = client.get("/matrix/?as_of=2010").content.decode()
    certain = 'class="s member" href="/memberships/chn-sco/?as_of=2010" aria-label="member"'
    assert certain in page and 'class="s observer maybe"' in page
    assert 'aria-label="observer, only possibly"' in page


def test_cells_are_what_the_list_of_memberships_has(client, clubs, subtests):
    for day in ["1993", "2005-06-01", "2014"]:
        with subtests.test(day=day):
            rows = client.get(f"/api/v1/memberships/?as_of={day}&limit=200").json()["results"]
            listed = sorted(
                (row["member"]["code"], row["organization"]["slug"], row["status"], row["holds"])
                for row in rows
                if "code" in row["member"]
            )
            matrix = Matrix(PartialDate.parse(day))
            slugs = [row.slug for row in matrix.organizations]
            assert listed == sorted(
                (row.state.code, slug, status.standing, status.holds)
                for row in matrix.rows
                for slug, statuses in zip(slugs, row.cells, strict=True)
                for status in statuses
            )


def test_who_is_in_both(client, clubs):
    page = " ".join(client.get("/matrix/?in=sco&in=osce").content.decode().split())
    assert "In each of SCO and OSCE: <strong>Kazakhstan and Russia</strong>." in page
    assert "At whatever time, and not necessarily at the same one." in page
    page = " ".join(client.get("/matrix/?in=osce&in=sco&as_of=2014").content.decode().split())
    assert "In each of SCO and OSCE, certainly: <strong>Kazakhstan</strong>." in page
    assert "In each of SCO and OSCE, possibly: <strong>Russia</strong>." in page
    assert [*cells(client, "?in=osce&in=sco&as_of=2014")] == ["KAZ", "RUS"]
    assert "no state that is recorded" in client.get("/matrix/?in=sco&in=own&as_of=1991").content.decode()


def test_rows_and_columns_asked_for(client, clubs, subtests):
    for query, states, columns in [
        ("", ["KAZ", "RUS", "CHN"], ["sco", "osce", "own"]),
        ("?sort=name", ["CHN", "KAZ", "RUS"], ["sco", "osce", "own"]),
        ("?sort=sco&as_of=2010", ["KAZ", "CHN", "RUS"], ["sco", "osce", "own"]),
        ("?sort=osce", ["KAZ", "RUS", "CHN"], ["sco", "osce", "own"]),
        ("?organization=own&organization=osce", ["KAZ", "RUS"], ["osce", "own"]),
        ("?kind=forum", ["KAZ", "RUS"], ["osce", "own"]),
        ("?kind=forum&in=sco", ["KAZ", "RUS", "CHN"], ["sco", "osce", "own"]),
        ("?region=151", ["RUS"], ["osce", "sco"]),
        ("?state=chn&state=RUS&in=&sort=", ["RUS", "CHN"], ["sco", "osce"]),
    ]:
        with subtests.test(query=query):
            header, *rows = csv.reader(client.get(f"/matrix.csv{query}").content.decode().splitlines())
            assert ([row[0] for row in rows], sorted(header[2:])) == (states, sorted(columns))
            assert client.get(f"/matrix/{query}").status_code == 200


def test_of_many_organizations_those_with_the_most_members(client, focus, china):
    for _ in range(MOST_COLUMNS + 2):
        membership(member_state=focus, organization=organization())
    large, lonely = organization(slug="large"), organization(slug="lonely")
    membership(member_state=focus, organization=large), membership(member_state=china, organization=large)
    answer = client.get("/matrix/")
    assert len(answer.context["columns"]) == MOST_COLUMNS
    assert answer.context["columns"][0][0] == large
    assert "with the most members: 20. Not shown: 3;" in " ".join(answer.content.decode().split())
    named = client.get("/matrix/?organization=lonely").context["chart"]
    assert (named.organizations, named.rows, named.left_out) == ([lonely], [], 0)


def test_wrong_parameter_is_refused_and_named(client, clubs, subtests):
    for query, named in [
        ("in=nothing", "in"),
        ("in=" + "&in=".join("abcdef"), "in"),
        ("organization=own&organization=nothing", "organization"),
        ("state=XXX", "state"),
        ("sort=nothing", "sort"),
        ("sort=name&sort=number", "sort"),
        ("region=999", "region"),
        ("as_of=x", "as_of"),
        ("id__in=1", "id__in"),
    ]:
        with subtests.test(query=query):
            page = client.get(f"/matrix/?{query}")
            assert page.status_code == 400
            assert f"<code>{named}</code>" in page.content.decode() and page.context["reference"] is None
            faults = client.get(f"/matrix.json?{query}").json()["errors"]
            assert [fault["parameter"] for fault in faults] == [named]


def test_hidden_organization_is_as_one_that_never_was(client, clubs):
    organization(slug="hidden", name_en="SECRET", status="draft")
    for query in ("in=hidden", "organization=hidden", "sort=hidden"):
        answer = client.get(f"/matrix/?{query}")
        assert answer.status_code == 400 and "SECRET" not in answer.content.decode()


@pytest.mark.once
def test_costs_the_same_for_more_rows(client, focus):
    @at_once
    def add():
        where = organization()
        for _ in range(6):
            membership(member_state=state(), organization=where, start="1992")
        return where

    def cost():
        where = add()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/matrix/?as_of=1995&in={where.slug}").status_code == 200
        return len(captured)

    assert cost() == cost() <= 11
