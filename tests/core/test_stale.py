"""While the database is away, readers get the pages that held when it was last asked, and see that."""

import gzip
from types import SimpleNamespace

import psycopg2
import pytest
from django.contrib.auth.models import User

from apps.core import page_cache
from apps.core.page_cache import PageCache
from apps.core.page_stores import Memory
from apps.core.stale import STALE_FOR
from tests import factories
from tests.hostile.asking import DJANGO, ask, one_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(monkeypatch):
    """`ask()`, and `leave()`, after which the database is away, or `return_()`."""
    asked = page_cache.revision_row
    factories.state("KAZ")
    china = factories.state("CHN", name_en="China")
    cache = PageCache(DJANGO, Memory(2**24))

    def fail():
        raise psycopg2.OperationalError("could not connect to server: Connection refused")

    with one_connection():
        yield SimpleNamespace(
            china=china,
            cache=cache,
            ask=lambda address, **how: ask(address, to=cache, **how),
            leave=lambda: monkeypatch.setattr(page_cache, "revision_row", fail),
            come_back=lambda: monkeypatch.setattr(page_cache, "revision_row", asked),
        )


SENTENCE = b'<div class="stale" role="status"><p class="page-width">The database cannot be reached'


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd"])
def test_page_that_was_read_before_is_read_and_marked(site, encoding):
    heads = {"Accept-Encoding": encoding}
    fresh, plain = site.ask("/states/CHN/", heads=heads), site.ask("/states/CHN/")
    site.leave()
    stale = site.ask("/states/CHN/", heads=heads | {"If-None-Match": fresh.headers["ETag"]})
    assert stale.status == 200 and "Content-Encoding" not in stale.headers
    assert stale.content.count(SENTENCE) == 1 and SENTENCE not in plain.content
    before, _mark, rest = stale.content.partition(b'<div class="stale"')
    assert before + rest.partition(b"</div>\n    ")[2] == plain.content
    assert stale.headers["Cache-Status"].startswith("kzforeign; hit; ttl=-1; detail=")
    assert (stale.headers["Age"], stale.headers["Cache-Control"]) == ("0", "no-store")
    assert "ETag" not in stale.headers and "Content-Security-Policy" in stale.headers
    assert int(stale.headers["Content-Length"]) == len(stale.content)
    assert site.ask("/states/CHN/", method="HEAD", heads=heads).content == b""


def test_what_machines_read_is_as_it_was(site):
    address, heads = "/api/v1/states/CHN/", {"Accept-Encoding": "gzip"}
    fresh = site.ask(address, heads=heads)
    site.leave()
    stale = site.ask(address, heads=heads)
    if "Content-Encoding" in fresh.headers:
        fresh = fresh._replace(content=gzip.decompress(fresh.content))
    assert (stale.status, stale.content) == (200, fresh.content) and "Cache-Status" in stale.headers


def test_what_nobody_read_before_is_not_available(site):
    site.ask("/states/CHN/")
    site.leave()
    for address in ("/states/KAZ/", "/api/v1/states/CHN/", "/ru/states/CHN/"):
        told = site.ask(address)
        assert (told.status, told.headers["Retry-After"]) == (503, "5"), address


def test_what_was_changed_before_the_outage_is_not_shown_as_it_was_before(site):
    site.ask("/states/CHN/")
    site.china.name_en = "People's Republic of China"
    site.china.save()
    site.ask("/states/")
    site.leave()
    assert site.ask("/states/CHN/").status == 503 and site.ask("/states/").status == 200


def test_nothing_stale_is_shown_once_the_database_is_back(site):
    site.ask("/states/CHN/")
    site.leave()
    assert SENTENCE in site.ask("/states/CHN/").content
    site.china.name_en = "People's Republic of China"
    site.china.save()
    site.come_back()
    back = site.ask("/states/CHN/")
    assert SENTENCE not in back.content and b"People&#x27;s Republic" in back.content
    assert back.headers["Cache-Control"] == "public, no-cache" and "Age" not in back.headers


def test_a_day_is_the_longest(site, monkeypatch):
    site.ask("/states/CHN/")
    site.leave()
    now = page_cache.time()
    monkeypatch.setattr(page_cache, "time", lambda: now + STALE_FOR)
    assert site.ask("/states/CHN/").status == 503


def test_curators_are_shown_nothing_stale(site, client):
    client.force_login(User.objects.create_superuser("root"))
    site.ask("/states/CHN/")
    site.leave()
    told = site.ask("/states/CHN/", session=client.cookies["sessionid"].value)
    # Only the cache's own question fails here: this one is answered by Django, from the database.
    assert told.status == 200 and SENTENCE not in told.content
    assert told.headers["Cache-Control"] == "private, no-store"
