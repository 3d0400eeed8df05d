"""What one process commits every other has on its pages at once: here two of gunicorn, which share a Redis."""

import os
import subprocess
import sys
import urllib.request

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


def names(url):
    """The names that a page and the API give, asked for so often that each process is asked."""
    found = set()
    for _time in range(10):
        for address in ("/people/ann/", "/api/v1/people/ann/"):
            with urllib.request.urlopen(f"{url}{address}", timeout=20) as answer:
                text = answer.read().decode()
            found |= {name for name in ("First", "Second", "Third") if name in text}
    return found


def test_what_is_committed_is_read_in_every_process(redis_server, tmp_path):  # noqa: F811
    url = os.environ.get("DATABASE_URL", "")
    with database(url, tmp_path, migrated()) as address:
        environment = os.environ | {
            "DATABASE_URL": address,
            "CACHE_URL": redis_server,
            "DJANGO_SETTINGS_MODULE": "kzforeign.settings",
        }
        writer = Writer(environment)
        try:
            writer.tell("First", "committed")
            with gunicorn(environment, tmp_path / "log", "--workers", "2") as site:
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
        finally:
            writer.process.kill()
            writer.process.communicate()
