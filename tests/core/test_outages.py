"""While the database is away, whoever asks is told so and when to come back; nothing is written by halves."""

import json
import sqlite3
from contextlib import contextmanager, nullcontext
from unittest import mock

import psycopg2
import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from psycopg2 import errors

from apps.core import connections as ours
from apps.core.api import bad_request
from apps.core.outages import is_in_doubt, outage_in
from apps.core.postgresql.base import Silence
from apps.visits.models import Visit
from tests import factories
from tests.adminpages import submit
from tests.hostile.asking import ask, is_problem


def of_server(code):
    """As psycopg2 makes it of a code of the server's, which it tells to nobody else."""

    class Said(errors.lookup(code)):
        pgcode = code

    return Said("said")


def of_file(code):
    error = sqlite3.OperationalError("said")
    error.sqlite_errorcode = code
    return error


AWAY = [
    *(of_server(code) for code in ("57P01", "57P03", "53300", "53100", "57014", "55P03", "25006", "08006")),
    *map(of_file, (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_SNAPSHOT, sqlite3.SQLITE_FULL)),
    *map(of_file, (sqlite3.SQLITE_READONLY_DIRECTORY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR_WRITE)),
    psycopg2.OperationalError("server closed the connection unexpectedly"),
    psycopg2.InterfaceError("connection already closed"),
]
OURS = [
    *map(of_server, ("42P01", "22003", "23505", "25P02", "42601")),
    of_file(sqlite3.SQLITE_ERROR),
    psycopg2.InterfaceError("cursor already closed"),
    OperationalError("who knows"),
    ProgrammingError("a cursor without a statement"),
]


@pytest.mark.parametrize(("errors", "is_away"), [(AWAY, True), (OURS, False)], ids=["away", "ours"])
def test_what_is_a_fault_of_ours_is_no_outage(errors, is_away):
    for error in errors:
        outer = OperationalError("in Django's words")
        outer.__cause__ = error
        assert (outage_in(outer) is error) == is_away, repr(error)


@contextmanager
def away(*words, error=AWAY[0]):
    """Every statement with one of the words fails as if the database went away; all of them without words."""

    def refuse(*_asked):
        raise OperationalError("in Django's words") from error

    def fail(execute, sql, params, many, context):
        if not words or any(word in sql for word in words):
            refuse()
        return execute(sql, params, many, context)

    # For the revision, the database is asked by another way.
    other_way = nullcontext() if words else mock.patch.object(ours, "_asked", refuse)
    with connection.execute_wrapper(fail), other_way:
        yield


@pytest.mark.parametrize("address", ["/visits/", "/states/CHN/", "/feed/", "/robots.txt", "/search/?q=china"])
def test_page_says_when_to_come_back(site, caplog, address):
    with away():
        told = ask(address, to=site)
    assert (told.status, told.headers["Retry-After"], told.headers["Cache-Control"]) == (503, "5", "no-store")
    assert b"cannot be reached at the moment" in told.content and b"Traceback" not in told.content
    assert "Content-Security-Policy" in told.headers
    (record,) = [record for record in caplog.records if record.levelname == "WARNING"]
    path = address.partition("?")[0]
    assert record.getMessage() == f"503 GET {path!r}: Said: said" and not record.exc_info


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_page_is_in_the_language_of_its_address(site, language):
    with away():
        told = ask(f"/{language}/visits/", to=site)
    assert told.status == 503 and told.headers["Content-Language"] == language


def test_api_answers_with_a_problem(site):
    with away("states_state"):
        told = ask("/api/v1/states/CHN/", to=site)
    assert is_problem(told) and told.headers["Retry-After"] == "5"
    assert json.loads(told.content) == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "The database cannot be reached at the moment. Please try again in a few seconds.",
        "request_id": "0" * 32,
    }


def test_fault_of_ours_stays_one(site):
    with away("states_state", error=OURS[0]):
        assert ask("/api/v1/states/CHN/", to=site).status == 500


def test_newcomer_is_told_as_well(site, settings):
    settings.DEBUG = True
    with away():
        told = ask("/visits/", to=site)
    assert told.status == 503 and told.headers["Retry-After"] == "5"


def test_curator_is_told_as_well(site, client):
    client.force_login(User.objects.create_superuser("root"))
    session = client.cookies["sessionid"].value
    with away():
        told = ask("/admin/visits/visit/", session=session, to=site)
    assert told.status == 503 and told.headers["Cache-Control"] == "private, no-store"
    # A list copes with wrong filters: this is none.
    with away("visits_visit"):
        assert ask("/admin/visits/visit/", session=session, to=site).status == 503


# -- Nothing is written by halves


@pytest.fixture
def root(db):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
@factories.at_once
def row(db):
    row = factories.visit(occasion="a summit")
    factories.cite(row)
    return row


def test_form_says_that_nothing_was_saved(root, row):
    before = Visit.objects.get(), Visit.history.count()
    with away("visits_historicalvisit"):
        told = submit(root, Visit, row.pk, occasion="a dinner", change_reason="the memoir")
    assert told.status_code == 503
    assert "Nothing that you sent was saved" in told.content.decode()
    after = Visit.objects.get(), Visit.history.count()
    assert after == before and after[0].occasion == "a summit"


@contextmanager
def only_read():
    """A database that takes nothing."""
    is_file = connection.vendor == "sqlite"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON" if is_file else "SET LOCAL transaction_read_only = on")
        yield
        if is_file:
            cursor.execute("PRAGMA query_only = OFF")
        else:
            transaction.set_rollback(True)


def test_database_that_is_only_read_is_read(root, row):
    with only_read():
        assert root.get(row.get_absolute_url()).status_code == 200
        told = submit(root, Visit, row.pk, occasion="a dinner", change_reason="the memoir")
    assert told.status_code == 503 and "Nothing that you sent was saved" in told.content.decode()
    assert Visit.objects.get().occasion == "a summit"


def test_session_that_cannot_be_kept_leaves_in_doubt_what_was_sent(root):
    """It is kept after all else, whatever became of that; and Django takes the session for one that was ended."""
    request = RequestFactory().post("/admin/")
    request.session = root.session
    request.session["x"] = 1
    with away("django_session"), transaction.atomic(), pytest.raises(SessionInterrupted) as interrupted:
        SessionMiddleware(lambda request: HttpResponse()).process_response(request, HttpResponse())
    told = bad_request(request, interrupted.value)
    assert told.status_code == 503 and "before it said whether" in told.content.decode()


def test_server_that_is_lost_while_it_commits_leaves_in_doubt_what_was_sent():
    def _commit():
        raise psycopg2.OperationalError("server closed the connection unexpectedly")

    with pytest.raises(psycopg2.OperationalError) as lost:
        _commit()
    assert is_in_doubt(lost.value) and not is_in_doubt(AWAY[0])


# -- A server that says nothing


def test_silent_server_keeps_one_thread_waiting(monkeypatch):
    silence, now = Silence(), [100.0]
    monkeypatch.setattr("apps.core.postgresql.base.monotonic", lambda: now[0])
    assert silence.may_try() and silence.may_try()
    silence.tell(True)
    assert not silence.may_try()
    now[0] += 1
    assert silence.may_try() and not silence.may_try()
    silence.tell(False)
    assert silence.may_try() and silence.may_try()
