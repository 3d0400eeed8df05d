"""The page about the database: what it says of dates is what the dates do, and its links lead somewhere."""

import re

import pytest
from django.apps import apps
from django.urls import reverse

from apps.core.dates import PartialDate
from apps.core.datewords import date_words, span_words
from apps.core.models import Entry
from apps.core.notation import POINTS, SPANS
from apps.relations.views_about import KINDS
from tests.factories import membership, passage, source, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    state("KAZ", name_en="Kazakhstan", begin="1991-12-16")
    read = source(slug="read", title="A Text", authors="Doe, Jane")
    passage(source=read, research="encoded")
    passage(source=read, research="nothing", reason="It sums up.")
    response = client.get("/about/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("row", POINTS, ids=lambda row: row.date.text or "nothing")
def test_each_notation_parses_and_is_shown_as_pages_show_it(page, row):
    assert PartialDate.parse(str(row.date)) == row.date
    assert row.words == date_words(row.date)
    written = f"<code>{row.date}</code>" if row.date else '<span class="soft">nothing</span>'
    cells = (
        f'{written}</th> <td data-label="Means">{row.means}</td> <td data-label="Shown as">{row.words}</td>'
    )
    assert cells in page


def test_no_form_of_a_date_is_left_out():
    forms = {row.date.form.value for row in POINTS} | {row.end.form.value for row in SPANS}
    assert forms == {
        "unknown",
        "day",
        "month",
        "season",
        "year",
        "decade",
        "within",
        "one_of",
        "lasting",
        "ongoing",
    }
    assert {mark for row in POINTS for mark in "?~%" if mark in row.date.text} == {*"?~%"}


@pytest.mark.parametrize("row", SPANS, ids=lambda row: row.words)
def test_each_span_is_shown_as_pages_show_it(page, row):
    assert row.words == span_words(row.start, row.end, row.attested)
    cells = f'>{row.words}</th> <td data-label="Certain" class="small">{row.certain or "no day"}</td>'
    assert f'{cells} <td data-label="Possible" class="small">{row.possible}</td>' in page


def test_days_on_which_a_span_holds():
    days = {row.words: (row.certain, row.possible) for row in SPANS}
    assert days["since 1992, last attested 2015"] == (
        "31 December 1992 to 1 January 2015",
        "1 January 1992 or later",
    )
    assert days["since 1995; end not recorded"] == ("", "1 January 1995 or later")
    assert days["attested 2013"] == ("", "any day")
    assert days["until June 2005; start not recorded"] == ("", "30 June 2005 or earlier")


@pytest.mark.parametrize("row", SPANS, ids=lambda row: row.words)
def test_examples_of_spans_can_be_entered(row):
    membership(start=str(row.start), end=str(row.end), attested=str(row.attested)).full_clean()


def test_every_kind_of_entry_is_explained(page):
    kinds = {model for model in apps.get_models() if issubclass(model, Entry)}
    assert {model for model, _means in KINDS} == kinds
    for _model, means in KINDS:
        assert str(means).replace("'", "&#x27;") in page


def test_it_names_the_focal_state_and_the_sources(page):
    assert "relations of Kazakhstan with other states" in page and "(16 December 1991)" in page
    assert "Doe, A Text</a>: 2 passages, 1 encoded, 1 with nothing to encode, 0 with more to encode" in page


def test_focal_state_is_a_setting(client, settings):
    settings.FOCUS_STATE = "MNG"
    state("MNG", name_en="Mongolia")
    page = client.get("/about/").content.decode()
    assert "Mongolia" in page and "Kazakhstan" not in page


def test_without_a_focal_state_there_is_a_page_too(client):
    page = client.get("/about/").content.decode()
    assert "the relations of one state" in " ".join(page.split())


def test_its_links_work(client, page):
    main = page.partition("<main")[2].partition("</main>")[0]
    for address in set(re.findall(r'href="(/[^"#]*)', main)):
        assert client.get(address).status_code == 200, address
    for anchor in set(re.findall(r'href="#([^"]+)"', main)):
        assert main.count(f'id="{anchor}"') == 1, anchor


def test_every_page_leads_to_it(client, page):
    link = f'href="{reverse("about")}"'
    assert link in client.get("/sources/").content.decode()
    assert link in client.get("/").content.decode().partition("<main")[2].partition("</main>")[0]
