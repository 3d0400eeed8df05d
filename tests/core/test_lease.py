"""What PostgreSQL told of the revision is gone by for a moment, for which whoever writes waits."""

import time
from contextlib import closing, suppress
from types import SimpleNamespace

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection, connections, router, transaction
from django.http import HttpResponse

from apps.core import connections as ours, lease, page_cache
from apps.core.conditional import REVISION, TAG
from apps.core.lease import LEASE, WAIT
from apps.core.models import Revision
from apps.core.page_cache import PageCache
from apps.core.page_stores import Memory
from tests.factories import person
from tests.hostile.asking import ask

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite the database is always asked"),
]
ALIAS = "leased"


@pytest.fixture
def link(monkeypatch):
    """A connection called `ALIAS`, from which all is read, and a revision that no other connection sees."""
    connections[ALIAS] = link = connection.copy(ALIAS)
    monkeypatch.setattr(router, "db_for_read", lambda _model: ALIAS)
    monkeypatch.setattr(page_cache, "reading", lambda: ALIAS)
    monkeypatch.setattr(page_cache, "DEFAULT_DB_ALIAS", ALIAS)
    with link.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE core_revision AS SELECT 1 AS id, 1 AS number, now() AS changed_at"
        )
    yield link
    link.close()
    del connections[ALIAS]


@pytest.fixture
def site(link, monkeypatch):
    """Pages that tell the revision that they are made of, behind a cache; the time of leases stands still at `now`.

    `asked` is how often the database was asked for the revision; `raise_it()` raises it, as somebody who does not wait.
    """
    site = SimpleNamespace(now=1000.0, asked=0, meanwhile=lambda: None)
    asked = ours._asked

    def ask_database(connection):
        site.asked += 1
        return asked(connection)

    def page(environ, start_response):
        site.meanwhile()
        environ[TAG] = f'W/"{environ[REVISION]}"'
        heads = {"ETag": environ[TAG], "Cache-Control": "public, no-cache", "Content-Type": "text/plain"}
        start_response("200 OK", list(heads.items()))
        return HttpResponse(str(environ[REVISION]))

    def raise_it():
        with link.cursor() as cursor:
            cursor.execute("UPDATE core_revision SET number = number + 1")

    monkeypatch.setattr(ours, "_asked", ask_database)
    monkeypatch.setattr(lease, "clock", lambda: site.now)
    site.raise_it, site.cache = raise_it, PageCache(page, Memory(2**20))
    site.ask = lambda address="/": ask(address, to=site.cache).content.decode()
    return site


def ask_another(query, params=()):
    """The rows that a session of its own is told."""
    with closing(psycopg2.connect(**connection.get_connection_params())) as other, other.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


# -- Whoever reads


def test_what_was_told_is_not_asked_for_again_until_its_time_is_over(site):
    assert site.ask() == "r1"
    asked = site.asked
    site.raise_it()
    site.now += LEASE * 0.99
    assert (site.ask(), site.asked) == ("r1", asked)
    site.now = 1000.0 + LEASE
    assert (site.ask(), site.asked) == ("r2", asked + 2)


def test_it_is_counted_from_before_the_database_is_asked(site, monkeypatch):
    execute = ours.execute

    def slow(*args):
        execute(*args)
        site.now += LEASE

    monkeypatch.setattr(ours, "execute", slow)
    assert site.ask() == "r1"
    site.raise_it()
    assert site.ask() == "r2"


def test_it_is_of_one_database_and_of_the_connections_that_were_there(site, link):
    site.ask()
    assert lease.held(ALIAS)[0] == 1 and lease.held("other") is None
    link.close()
    link.ensure_connection()
    assert lease.held(ALIAS) is None


def test_within_a_transaction_the_database_is_asked(site):
    with transaction.atomic(using=ALIAS):
        site.ask()
        site.raise_it()
        assert site.ask() == "r2"
        transaction.set_rollback(True, using=ALIAS)
    assert site.ask() == "r1"
    with transaction.atomic(using=ALIAS):
        site.raise_it()
        assert site.ask() == "r2"


def test_what_is_not_there_is_made_without_asking_again_and_kept_if_nothing_was_written(site):
    site.ask()
    asked = site.asked
    assert site.ask("/other/") == "r1"
    assert site.asked == asked + 1  # Whether it is still so.
    site.raise_it()
    used = site.cache.store.used
    assert (site.ask("/a third/"), site.cache.store.used) == ("r1", used)
    site.now += LEASE
    assert site.ask("/a third/") == "r2"


def test_what_is_not_there_is_made_on_a_connection_that_is_there(site, link):
    site.ask()
    asked, link.lease = site.asked, None  # As where that of another thread has told it.
    assert (site.ask("/other/"), site.asked) == ("r1", asked + 2)
    assert lease.held_by(link)[0] == 1
    link.close()
    assert lease.held_by(link) is None


def test_nobody_goes_by_what_a_session_told_that_was_ended_since(site, link):
    site.ask()
    assert lease.held_by(link)[0] == 1
    ask_another("SELECT pg_terminate_backend(%s)", [link.connection.info.backend_pid])
    for _time in range(500):
        if lease.held_by(link) is None:
            break
        time.sleep(0.01)
    # What is kept may still be served.
    assert lease.held_by(link) is None and lease.held(ALIAS)[0] == 1


def test_what_is_made_while_somebody_writes_is_not_kept(site):
    site.meanwhile = site.raise_it
    site.ask()
    assert site.cache.store.used == 0


def test_a_page_is_as_old_as_what_the_database_told(site, monkeypatch):
    now = page_cache.time()
    monkeypatch.setattr(page_cache, "time", lambda: now - 50)
    site.ask()
    monkeypatch.setattr(page_cache, "time", lambda: now)
    site.ask()
    site.now += LEASE

    def fail(connection):
        raise psycopg2.OperationalError("could not connect to server: Connection refused")

    monkeypatch.setattr(ours, "_asked", fail)
    stale = ask("/", to=site.cache)
    assert stale.content == b"r1" and int(stale.headers["Age"]) >= 50


# -- Whoever writes


def committed():
    """The number of the revision, as others see it; None where there is none."""
    return next(iter(ask_another("SELECT number FROM core_revision")), (None,))[0]


@pytest.mark.django_db(transaction=True)
def test_who_writes_waits_once_when_it_is_committed(monkeypatch):
    Revision.objects.bump()
    seen = []
    monkeypatch.setattr(lease.time, "sleep", lambda seconds: seen.append((seconds, committed())))
    with transaction.atomic():
        with suppress(ZeroDivisionError), transaction.atomic():
            Revision.objects.bump()
            raise ZeroDivisionError
        Revision.objects.bump()
        with transaction.atomic():
            person()
        Revision.objects.bump()
    assert seen == [(WAIT, 4)] and WAIT >= LEASE * 1.05
    person()
    Revision.objects.bump()
    assert seen[1:] == [(WAIT, 5), (WAIT, 6)]
    with transaction.atomic():
        person()
        transaction.set_rollback(True)
    assert len(seen) == 3
    call_command("flush", interactive=False, verbosity=0)
    assert seen[3:] == [(WAIT, None)]
