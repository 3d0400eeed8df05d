"""Atom feeds of what is new, and the map of the site."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from apps.relations import sitemaps
from apps.relations.feeds import ENTRIES
from apps.relations.models import TiedEntry
from tests.factories import event, source, state, visit

ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def feed(client, url):
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def entry_titles(root):
    return [entry.find(f"{ATOM}title").text for entry in root.iter(f"{ATOM}entry")]


def test_the_latest_change_stands_first(client, focus, china):
    first = event(title="First", participants=[china])
    event(title="Second")
    assert entry_titles(feed(client, "/feed/"))[:2] == ["Second", "First"]
    first.note = "Changed."
    first.save()
    root = feed(client, "/feed/")
    assert entry_titles(root)[:2] == ["First", "Second"]
    entry = next(root.iter(f"{ATOM}entry"))
    assert entry.find(f"{ATOM}link").get("href") == f"http://testserver{first.get_absolute_url()}"
    assert entry.find(f"{ATOM}updated").text[:19] == first.updated_at.isoformat()[:19]
    assert entry.find(f"{ATOM}published").text[:19] == first.created_at.isoformat()[:19]
    assert entry.find(f"{ATOM}summary").text == "event, date not recorded"


def test_a_feed_for_each_state(client, focus, china):
    event(title="With China", participants=[china])
    event(title="Without")
    titles = entry_titles(feed(client, "/states/CHN/feed/"))
    assert titles == ["With China", "China"]
    assert entry_titles(feed(client, "/states/chn/feed/")) == titles
    assert client.get("/states/XXX/feed/").status_code == 404
    assert 'href="/states/CHN/feed/"' in client.get("/states/CHN/").content.decode()
    assert 'type="application/atom+xml"' in client.get("/").content.decode()


def test_what_is_withdrawn_leaves_the_feed(client, focus):
    row = event(title="Gone")
    assert "Gone" in entry_titles(feed(client, "/feed/"))
    row.status = "withdrawn"
    row.save()
    assert "Gone" not in entry_titles(feed(client, "/feed/"))


def test_a_feed_has_an_end(client, focus):
    for _each in range(ENTRIES + 5):
        event()
    assert len(entry_titles(feed(client, "/feed/"))) == ENTRIES


def addresses(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return [loc.text for loc in ElementTree.fromstring(response.content).iter(f"{SITEMAP}loc")]


@pytest.mark.exhaustive
def test_the_map_of_the_site_has_every_public_page_and_no_other(client, focus, china):
    there, *hidden = [visit(status=status) for status in ("published", "draft", "withdrawn")]
    text = source()
    sections = addresses(client, "/sitemap.xml")
    found = [address for section in sections for address in addresses(client, section)]
    assert not {f"http://testserver{row.get_absolute_url()}" for row in hidden} & {*found}
    for row in (there, china, text):
        assert f"http://testserver{row.get_absolute_url()}" in found
    assert len(found) == len(set(found))
    for address in found:
        assert client.get(address).status_code == 200, address


def test_the_map_names_each_page_in_every_language(client, focus, china):
    section = ElementTree.fromstring(client.get("/sitemap-state.xml").content)
    pages = {
        url.find(f"{SITEMAP}loc").text: {
            link.get("hreflang"): link.get("href") for link in url.iter("{http://www.w3.org/1999/xhtml}link")
        }
        for url in section.iter(f"{SITEMAP}url")
    }
    same = {
        "en": "http://testserver/states/CHN/",
        "kk": "http://testserver/kk/states/CHN/",
        "ru": "http://testserver/ru/states/CHN/",
        "x-default": "http://testserver/states/CHN/",
    }
    assert {address: pages[address] for address in pages if "CHN" in address} == {
        same["en"]: same,
        same["kk"]: same,
        same["ru"]: same,
    }


def test_the_map_tells_of_a_page_once_for_each_language(client, focus):
    held = event()
    TiedEntry.objects.filter(kind="event").update(updated_at=datetime(2024, 2, 29, 23, 59, tzinfo=UTC))
    prefixes = {"en": "", "kk": "/kk", "ru": "/ru", "x-default": ""}
    of_page = {name: f"http://testserver{prefix}/events/{held.slug}/" for name, prefix in prefixes.items()}
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{name}" href="{address}"/>'
        for name, address in of_page.items()
    )
    answer = client.get("/sitemap-event.xml")
    _head, *pages = answer.content.decode().removesuffix("\n</urlset>\n").split("<url>")
    assert pages == [
        f"<loc>{of_page[code]}</loc><lastmod>2024-02-29</lastmod>{links}</url>" for code in ("en", "kk", "ru")
    ]
    assert answer.headers["Last-Modified"] == "Thu, 29 Feb 2024 23:59:00 GMT"


def test_a_file_of_nothing_has_no_time_of_change(client, focus):
    held = event()
    assert "Last-Modified" in client.get("/sitemap-event.xml").headers
    held.delete()
    assert "Last-Modified" not in client.get("/sitemap-event.xml").headers


def test_the_map_is_read_a_file_at_a_time(client, focus, monkeypatch):
    monkeypatch.setattr(sitemaps.PagesInEachLanguage, "limit", 2)
    for _each in range(3):
        event()
    files = [address for address in addresses(client, "/sitemap.xml") if "sitemap-event" in address]
    found = [addresses(client, address) for address in files]
    assert [len(page) for page in found] == [6, 3]
    assert len(set(sum(found, []))) == 9


def test_a_feed_is_in_the_language_of_its_address(client, focus, china):
    china.name_ru = "Китай"
    china.save()
    event(participants=[china])
    for prefix, code, name in (("", "en", "China"), ("/ru", "ru", "Китай")):
        response = client.get(f"{prefix}/states/CHN/feed/")
        root = ElementTree.fromstring(response.content)
        assert response.headers["Content-Language"] == code
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == code
        assert name in entry_titles(root)
        links = [entry.find(f"{ATOM}link").get("href") for entry in root.iter(f"{ATOM}entry")]
        assert all(link.startswith(f"http://testserver{prefix}/") for link in links)


def test_robots_are_told_of_the_map(client, db):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://testserver/sitemap.xml" in response.content.decode()


def test_a_state_unknown_to_the_public_has_no_feed(client, focus):
    hidden = state(status="draft")
    assert client.get(f"/states/{hidden.code}/feed/").status_code == 404


def test_what_xml_cannot_hold_is_replaced(client, focus):
    event(title="A\x0bB")
    assert "A\N{REPLACEMENT CHARACTER}B" in entry_titles(feed(client, "/feed/"))
