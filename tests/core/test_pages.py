"""What holds for every list and every page of an entry."""

import re

import pytest
from django.urls import reverse

from tests.factories import (
    agreement,
    at_once,
    cite,
    event,
    figure,
    membership,
    office,
    organization,
    passage,
    person,
    project,
    source,
    state,
    succession,
    visit,
)
from tests.sampling import sample

LISTS = [
    "state",
    "organization",
    "person",
    "visit",
    "agreement",
    "membership",
    "office",
    "event",
    "project",
    "figure",
    "source",
]
ENTRIES = {
    "state": state,
    "organization": organization,
    "person": person,
    "visit": visit,
    "agreement": agreement,
    "membership": membership,
    "office": office,
    "succession": succession,
    "event": event,
    "project": project,
    "figure": figure,
}
HOSTILE = [
    "/states/%00/",
    "/states/CHN/?as_of=%00",
    "/visits/?q=%00",
    "/visits/?q=" + "x" * 200_000,
    "/visits/?year=" + "9" * 30,
    "/visits/?year=0000",
    "/visits/?year=10000",
    "/visits/?limit=-1",
    "/visits/?limit=1e30",
    "/visits/?cursor=!!!",
    "/visits/?cursor=" + "A" * 5000,
    "/visits/?state=CHN&state=RUS",
    "/visits/?state=%ED%A0%80",
    "/visits/?bogus=1",
    "/visits/?from=2005&to=2003",
    "/agreements/?subject=nothing",
    "/events/?person=nobody",
    "/projects/?stage=x",
    "/figures/?target=perhaps",
    "/figures/?counterpart=KAZ",
    "/people/" + "x" * 5000 + "/",
    "/organizations/?as_of=2001-02-29",
    "/%FF%FE/",
]


@pytest.fixture(autouse=True)
def focus(db):
    return state("KAZ", name_en="Kazakhstan")


@pytest.mark.parametrize("kind", sample(LISTS, ["visit", "membership"]))
def test_list_refuses_an_unknown_parameter(client, kind):
    response = client.get(reverse(f"{kind}-list"), {"bogus": "1"})
    page = response.content.decode()
    assert response.status_code == 400
    assert "<code>bogus</code>" in page and "ledger" not in page


@pytest.mark.parametrize("kind", sample(LISTS, ["visit", "membership"]))
def test_list_leads_to_its_json(client, kind):
    assert (
        f'href="/api/v1/{reverse(f"{kind}-list").strip("/")}/"'
        in client.get(reverse(f"{kind}-list")).content.decode()
    )


def test_list_keeps_what_was_typed_and_says_what_is_wrong(client):
    visit(date="1993")
    response = client.get("/visits/", {"year": "93", "kind": "bogus"})
    page = response.content.decode()
    assert response.status_code == 400
    assert 'value="93"' in page and "Give a year of four digits" in page and "not known here" in page
    assert "ledger" not in page


def test_empty_list_says_what_was_asked_and_offers_to_drop_it(client):
    state("CHN", name_en="China")
    page = client.get("/visits/", {"state": "CHN", "year": "1993"}).content.decode()
    assert "0 visits: state <strong>China</strong>, year <strong>1993</strong>" in page
    assert 'href="?year=1993"' in page and 'href="?state=CHN"' in page


def test_list_pages_to_the_end(client):
    for number in range(7):
        visit(slug=f"visit-of-{number}", date="1993")
    url, seen = "/visits/?limit=3", []
    while url:
        page = client.get(url).content.decode()
        seen += [number for number in range(7) if f"/visits/visit-of-{number}/" in page]
        url = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        url = url and f"/visits/{url}"
    assert sorted(seen) == list(range(7))


@pytest.mark.parametrize("kind", sample(ENTRIES, ["visit", "agreement"]))
def test_page_of_an_entry_names_its_sources_in_full(client, kind):
    entry = ENTRIES[kind](basis="inferred", note="Concluded from the rest.")
    here = passage(section="First Steps", paragraph=2)
    cite(entry, here, note="As told there.")
    cite(entry, here, stance="contradicts", claim="1994")
    response = client.get(entry.get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 200
    assert f'href="{here.get_absolute_url()}"' in page and "First Steps, ¶\N{NO-BREAK SPACE}2" in page
    assert "As told there." in page and "It says: “1994”." in page
    assert "This entry is <strong>inferred</strong>" in page and "Concluded from the rest." in page
    assert f'href="{entry.api_url}"' in page


@pytest.mark.exhaustive
@pytest.mark.parametrize("address", HOSTILE, ids=lambda address: address[:40])
def test_hostile_address_is_400_or_404(client, address):
    visit()
    assert client.get(address).status_code in {400, 404}


# What has one address whatever the language and the day, and what leads away from the day.
ELSEWHERE = ("/api/", "/admin/", "/ru/admin/", "/cite/", "/static/", "#", "?", "http")


@pytest.mark.parametrize("kind", sample(ENTRIES, ["visit", "agreement"]))
def test_links_of_an_entry_keep_its_language_and_the_day(client, kind):
    entry = ENTRIES[kind](status="published")
    cite(entry, passage())
    page = client.get(f"/ru{entry.get_absolute_url()}?as_of=2012-07").content.decode()
    links = re.findall(r'<a (?:[^>]* )?href="([^"]*)"', page.partition("<main")[2])
    kept = [link for link in links if not link.startswith(ELSEWHERE) and "/feed/" not in link]
    assert len(kept) > 3
    assert [link for link in kept if not re.match(r"/ru/[^#]*[?;]as_of=2012-07(#|$)", link)] == []


def test_what_is_recorded_in_english_is_marked_as_that_in_another_language(client):
    shown = agreement(title="A <pact>", note="Of <2> texts.")
    cite(shown, passage(section="A part", paragraph=1), stance="contradicts", field="title", claim="Another")
    address = shown.get_absolute_url()
    english, russian = (client.get(f"{prefix}{address}").content.decode() for prefix in ("", "/ru"))
    for text in ("A &lt;pact&gt;", "Of &lt;2&gt; texts.", "Another", "A part, ¶\N{NO-BREAK SPACE}1"):
        assert f'<span lang="en">{text}</span>' in russian
        assert text in english
    assert '<span lang="en">' not in english


@pytest.mark.parametrize("kind", sample(ENTRIES, ["visit", "membership"]))
def test_unknown_identifier_is_a_404_of_the_site(client, kind):
    response = client.get(reverse(f"{kind}-detail", args=["nothing"]))
    assert response.status_code == 404 and "There is no such page" in response.content.decode()


def test_source_shows_passage_by_passage_what_each_supports(client):
    read = source(slug="read")
    full = passage(source=read, anchor="a-1", position=1, research="encoded", section="A", paragraph=1)
    passage(source=read, anchor="a-2", position=2, research="nothing", reason="It sums up.", paragraph=2)
    shown = visit(date="1993")
    cite(shown, full)
    cite(shown, full, field="date")
    cite(agreement(title="A pact"), full, stance="contradicts", claim="other", field="title")
    cite(agreement(title="A draft", status="draft"), full)
    page = client.get("/sources/read/").content.decode()
    assert page.count(shown.get_absolute_url()) == 1
    assert "2 entries rest on 1 of its 2 passages" in page
    assert "A pact" in page and ">differs</span>" in page and "A draft" not in page
    assert "nothing to encode: It sums up." in page


@pytest.mark.once
def test_source_costs_the_same_for_more_entries(client, django_assert_max_num_queries):
    read = source()
    here = passage(source=read)

    @at_once
    def add(times):
        for make in (*ENTRIES.values(),) * times:
            cite(make(), here)

    def count():
        with django_assert_max_num_queries(50) as captured:
            client.get(read.get_absolute_url())
        return len(captured)

    add(1)
    few = count()
    add(5)
    assert count() == few
