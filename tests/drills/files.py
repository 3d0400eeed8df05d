"""SQLite: a disk that is full, and many that write at once."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from time import monotonic

from tests.databases import ROOT
from tests.drills.postgres import PAGES
from tests.drills.processes import save

SLUG = "drill-counter"


def rows_in(path):
    with closing(sqlite3.connect(path)) as link:
        return [slug for (slug,) in link.execute("SELECT slug FROM states_place")]


def full_disk(site, path):
    """The site may not make the file larger than it was when it began (`full_disk.conf.py`)."""
    saved, number, tried = [], iter(range(10_000)), []
    while len(tried) < 300 and sum(told.status != 302 for told in tried) < 10:
        tried.append(save(site, number, saved))
    refused = [told for told in tried if told.status != 302]
    read = [site.ask(page).status for page in PAGES] + [
        site.ask(page, as_curator=True).status for page in PAGES
    ]
    with closing(sqlite3.connect(path)) as link:
        (check,) = link.execute("PRAGMA integrity_check").fetchone()
        written = {slug for slug in rows_in(path) if slug.startswith("drill-")}
        (recorded,) = link.execute(
            "SELECT count(*) FROM states_historicalplace WHERE slug LIKE 'drill-%'"
        ).fetchone()
    is_told = all(t.is_refusal and b"Nothing that you sent was saved" in t.content for t in refused)
    yield "disk full: writes before that", len(saved), True
    yield "writes then: 503, and a sentence", len(refused), refused and is_told
    yield "reads: 200", len(read), set(read) == {200}
    yield (
        "rows are those acknowledged, each with its history",
        (len(written), recorded),
        (written == set(saved) and recorded == len(saved)),
    )
    yield "integrity check", check, check == "ok"
    yield "/health/ready", site.ask("/health/ready").status, True


WRITER = f"""
import sys
import django
django.setup()
from django.db import OperationalError, transaction
from apps.states.models import Place
locked = 0
for _time in range(int(sys.argv[1])):
    try:
        with transaction.atomic():
            place = Place.objects.get(slug="{SLUG}")
            place.note = str(int(place.note or 0) + 1)
            place.full_clean()
            place.save()
    except OperationalError as error:
        print(error, file=sys.stderr)
        locked += 1
print(locked)
"""
MAKE = f"""
import django
django.setup()
from apps.states.models import Place, State
Place.objects.create(slug="{SLUG}", name_en="Counter", state=State.objects.first())
"""


def writers(path, environment, processes=8, times=200):
    """Each reads a row and writes what follows from it, so that any two at once would lose one, as the admin does."""
    subprocess.run([sys.executable, "-c", MAKE], cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "-c", WRITER, str(times)]
    begun = monotonic()
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _number in range(processes)
    ]
    locked = sum(int(each.communicate()[0]) for each in running)
    took = monotonic() - begun
    with closing(sqlite3.connect(path)) as link:
        (count,) = link.execute("SELECT note FROM states_place WHERE slug = ?", [SLUG]).fetchone()
    yield f"SQLite, {processes} processes x {times} read-then-write, s", round(took, 1), True
    yield "database is locked", locked, not locked
    yield "of the changes, kept", f"{count} of {processes * times}", count == str(processes * times)
