"""What takes too long is broken off and answered for: statements of the site, not commands, nor what is streamed."""

import json
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.core.signals import request_finished, request_started
from django.db import OperationalError, connection

from apps.core import deadlines
from apps.core.snapshots import snapshot
from tests.hostile.asking import DJANGO, ask, is_problem, one_connection

TOO_LONG = "This took too long to answer, and was broken off. Please ask for less, or try again in a minute."
COUNT = """
WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000)
SELECT count(*) FROM numbers
"""
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has limits of its own")


@pytest.fixture
def slow(db, settings):
    """The site on a database that takes longer for whatever it is asked than is allowed."""
    if connection.vendor == "postgresql":
        with connection.execute_wrapper(sleep), one_connection():
            yield DJANGO
        return
    settings.READ_TIMEOUT = 1e-9
    connection.connection.set_progress_handler(deadlines.is_late, 1)
    with one_connection():
        yield DJANGO
    connection.connection.set_progress_handler(None, 0)


def sleep(execute, sql, params, many, context):
    return execute("SET LOCAL statement_timeout = 20; SELECT pg_sleep(10)", None, False, context)


@pytest.mark.parametrize("address", ["/visits/", "/search/?q=china", "/feed/"])
def test_page_that_takes_too_long(slow, address):
    told = ask(address, to=slow)
    assert (told.status, told.headers["Retry-After"], told.headers["Cache-Control"]) == (
        503,
        "60",
        "no-store",
    )
    assert TOO_LONG in told.content.decode() and "Content-Security-Policy" in told.headers


@pytest.mark.parametrize("address", ["/api/v1/visits/", "/api/v1/search/?q=china"])
def test_answer_of_the_api_that_takes_too_long(slow, address):
    told = ask(address, to=slow)
    assert is_problem(told) and (told.status, told.headers["Retry-After"]) == (503, "60")
    assert json.loads(told.content)["detail"] == TOO_LONG


def test_whoever_serves_says_so_to_postgresql(monkeypatch):
    there = {"ENGINE": "apps.core.postgresql", "OPTIONS": {"options": "-c search_path=x"}}
    monkeypatch.setattr(deadlines, "connections", SimpleNamespace(settings={"default": there}))
    deadlines.limit_statements()
    assert there["OPTIONS"]["options"] == "-c statement_timeout=60s -c lock_timeout=20s -c search_path=x"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="about what PostgreSQL is told")
@pytest.mark.django_db
def test_what_the_environment_tells_postgresql_holds():
    """As `tests.environment` does, so that no test waits for ever."""
    with connection.cursor() as cursor:
        for limit in ("lock_timeout", "statement_timeout"):
            cursor.execute(f"SHOW {limit}")
            assert cursor.fetchone() == ("1min",)


@only_sqlite
@pytest.mark.parametrize(("method", "is_broken_off"), [("GET", True), ("HEAD", True), ("POST", False)])
def test_time_of_who_reads_is_counted(db, settings, monkeypatch, method, is_broken_off):
    """And is over with the answer."""
    settings.READ_TIMEOUT = 1e-9
    monkeypatch.setattr(deadlines, "STEPS", 1_000)
    deadlines.watch(None, connection)
    with one_connection():
        request_started.send(None, environ={"REQUEST_METHOD": method})
        assert is_interrupted() == is_broken_off
        request_finished.send(None)
        assert not is_interrupted()


def test_time_is_of_its_thread_alone():
    deadlines.give(0)
    with ThreadPoolExecutor(max_workers=1) as other:
        late = deadlines.is_late(), other.submit(deadlines.is_late).result()
    deadlines.give(None)
    assert late == (True, False)


@only_sqlite
def test_no_limit_is_none(db, settings):
    settings.READ_TIMEOUT = 0
    deadlines.begin(None, {"REQUEST_METHOD": "GET"})
    assert not deadlines.is_late()


@pytest.mark.django_db(transaction=True)
def test_what_is_streamed_is_not_broken_off():
    deadlines.give(0)
    with snapshot(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            assert not deadlines.is_late()
        else:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("0",)
    deadlines.give(None)


def is_interrupted():
    try:
        with connection.cursor() as cursor:
            cursor.execute(COUNT)
    except OperationalError as error:
        return str(error) == "interrupted"
    return False
