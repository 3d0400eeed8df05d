"""What one process commits every other has on its pages at once: here two of gunicorn, which share a Redis."""

import os
import subprocess
import sys
import urllib.request
from threading import Event, Thread

import pytest

from tests.core.test_page_stores import redis_server  # noqa: F401
from tests.databases import ROOT, database, migrated
from tests.hostile.server import gunicorn

pytestmark = [pytest.mark.exhaustive, pytest.mark.database]

# Writes what it is told, a line for each: what begins with "!" is not committed before the next, what begins with "#"
# is written as nothing in the site writes.
WRITER = """
import django; django.setup()
from django.db import connection, transaction
from apps.people.models import Person
print("ready", flush=True)
while name := input():
    if name.startswith("#"):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_person SET name_en = %s", [name])
        print("committed", flush=True)
        continue
    with transaction.atomic():
        Person.objects.filter(slug="ann").delete()
        Person.objects.create(slug="ann", name_en=name.lstrip("!"), status="published")
        if name.startswith("!"):
            print("written", flush=True)
            input()
    print("committed", flush=True)
"""


class Writer:
    def __init__(self, environment):
        command = [sys.executable, "-c", WRITER]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes)
        assert self.process.stdout.readline() == "ready\n"

    def tell(self, line, answer):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == f"{answer}\n"


@pytest.fixture(scope="module")
def served(redis_server, tmp_path_factory):  # noqa: F811
    """(the Writer, the address of the site)"""
    scratch = tmp_path_factory.mktemp("served")
    with database(os.environ.get("DATABASE_URL", ""), scratch, migrated()) as address:
        environment = os.environ | {
            "DATABASE_URL": address,
            "CACHE_URL": redis_server,
            "DJANGO_SETTINGS_MODULE": "kzforeign.settings",
        }
        writer = Writer(environment)
        try:
            with gunicorn(environment, scratch / "log", "--workers", "2") as site:
                yield writer, site
        finally:
            writer.process.kill()
            writer.process.communicate()


def read(address):
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read().decode()


def names(url):
    """The names that a page and the API give, asked for so often that each process is asked."""
    texts = [read(f"{url}{path}") for path in ("/people/ann/", "/api/v1/people/ann/") for _time in range(10)]
    return {name for name in ("First", "Second", "Third") for text in texts if name in text}


def test_what_is_committed_is_read_in_every_process(served):
    writer, site = served
    writer.tell("First", "committed")
    assert names(site) == {"First"}
    writer.tell("!Second", "written")
    assert names(site) == {"First"}
    writer.tell("", "committed")
    assert names(site) == {"Second"}
    writer.tell("Third", "committed")
    assert names(site) == {"Third"}
    # They would not be the same pages still if they were made anew each time.
    writer.tell("#Second", "committed")
    assert names(site) == {"Third"}


def test_who_is_told_of_a_change_reads_it_at_once_while_all_others_read(served):
    """So that each process goes by what the database told it a moment ago."""
    writer, site = served
    address = f"{site}/api/v1/people/ann/"
    writer.tell("At first", "committed")
    over = Event()

    def read_on():
        while not over.is_set():
            read(address)

    readers = [Thread(target=read_on) for _reader in range(3)]
    for reader in readers:
        reader.start()
    try:
        for number in range(15):
            writer.tell(f"Name {number}", "committed")
            assert f'"Name {number}"' in read(address), number
    finally:
        over.set()
        for reader in readers:
            reader.join()
