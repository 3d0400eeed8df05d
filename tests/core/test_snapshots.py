"""A snapshot stands still while others write, and keeps none of them waiting."""

import os
import subprocess
import sys
from threading import Thread

import pytest
from django.db import connection, transaction

from apps.core.models import Revision
from apps.core.snapshots import snapshot
from apps.people.models import Person
from tests.databases import migrated, new_database


def numbers():
    return Revision.objects.current().number, Person.objects.count()


def read_while_another_writes():
    """Also what the tests below run in a process of its own, since SQLite in memory has one connection for all."""

    def write():
        try:
            Person.objects.create(slug="written-meanwhile", name_en="One")
        finally:
            connection.close()

    with snapshot():
        before = numbers()
        writer = Thread(target=write)
        writer.start()
        writer.join(10)
        assert not writer.is_alive(), "whoever writes has to wait"
        with snapshot():
            assert numbers() == before
        assert numbers() == before
    revision, people = before
    assert numbers() == (revision + 1, people + 1)
    # What comes after may write as before.
    Person.objects.create(slug="written-afterwards", name_en="Two")
    assert numbers() == (revision + 2, people + 2)


@pytest.mark.exhaustive
@pytest.mark.django_db(transaction=True)
def test_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite tests have one database in memory")
    read_while_another_writes()


@pytest.mark.exhaustive
@pytest.mark.database
def test_sqlite(tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("asked where the tests run on SQLite")
    code = """
import django
django.setup()
from tests.core.test_snapshots import read_while_another_writes
read_while_another_writes()
"""
    environment = os.environ | {
        "DATABASE_URL": new_database("", tmp_path, migrated()),
        "DJANGO_SETTINGS_MODULE": "kzforeign.settings",
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_within_a_transaction_it_is_that_one(db):
    with transaction.atomic(), snapshot():
        Person.objects.create(slug="written", name_en="One")
        assert numbers()[1] == 1
    assert numbers()[1] == 1
