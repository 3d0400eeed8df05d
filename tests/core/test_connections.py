"""Connections that outlive a request: what they must not outlive."""

import shutil
import sqlite3
from contextlib import closing
from unittest.mock import patch

import pytest
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import RequestFactory

from apps.core import connections as ours
from apps.core.conditional import REVISION, revision_of
from apps.core.connections import renew, revision, revision_row
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_revision_is_that_of_the_database():
    assert revision_row() is None
    person()
    told = revision(*revision_row())
    assert (told.number, told.changed_at) == type(told).objects.values_list("number", "changed_at").get()


@pytest.fixture
def file(tmp_path, monkeypatch):
    """An SQLite database with a revision, to which a connection is open by now, and that connection."""
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE core_revision (id, number, changed_at)")
        made.execute("INSERT INTO core_revision VALUES (1, 5, '2026-05-01 12:00:00')")
        made.commit()
    settings = connections.settings["default"] | {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}
    connection = DatabaseWrapper(settings | {"OPTIONS": {}, "CONN_MAX_AGE": 60}, "default")
    monkeypatch.setattr(router, "db_for_read", lambda _model: "file")
    monkeypatch.setattr(ours, "connections", {"file": connection})
    assert revision_row()[0] == 5
    yield path, connection
    connection._close()


def test_a_database_that_takes_the_place_of_another_is_seen(file, monkeypatch):
    path, connection = file
    backup = path.with_name("backup")
    shutil.copy(path, backup)
    with closing(sqlite3.connect(backup)) as other:
        other.execute("UPDATE core_revision SET number = 3")
        other.commit()
    backup.replace(path)
    monkeypatch.setattr(ours, "LOOKED_AT", 0)
    connection.look_again_at = 0
    assert revision_row()[0] == 3


def test_a_request_does_not_begin_on_a_file_that_another_has_replaced(file, monkeypatch):
    path, connection = file
    monkeypatch.setattr(ours, "connections", {DEFAULT_DB_ALIAS: connection})
    ours.renew_default(None)
    assert connection.connection
    shutil.copy(path, path.with_name("backup")).replace(path)
    ours.renew_default(None)
    assert connection.connection is None


def test_a_database_that_is_gone_cannot_be_asked(file):
    path, connection = file
    path.unlink()
    connection.look_again_at = 0
    assert revision_row() is None


def test_a_connection_goes_when_its_time_has_come(file):
    _path, connection = file
    opened = connection.connection
    renew(connection)
    assert connection.connection is opened
    connection.close_at = 0
    renew(connection)
    assert connection.connection is None


def test_a_connection_that_broke_is_made_again(file):
    _path, connection = file
    connection.connection.close()
    assert revision_row()[0] == 5


@pytest.mark.parametrize("is_known", [True, False])
def test_a_connection_that_told_the_revision_is_not_asked_whether_it_is_there(monkeypatch, is_known):
    """Before Django or within it, in the same request."""
    person()
    request = RequestFactory().get("/")
    if is_known:
        request.META[REVISION] = revision(*revision_row())
    link = connections["default"]
    monkeypatch.setattr(link, "health_check_enabled", True)
    monkeypatch.setattr(link, "health_check_done", False)
    with patch.object(link, "is_usable") as asked:
        revision_of(request)
        person()
    assert not asked.called
