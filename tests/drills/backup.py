"""Backups of a site that is being written to, and going back to one while it serves."""

import sqlite3
from contextlib import closing, contextmanager
from functools import partial
from threading import Event, Thread
from time import monotonic

import psycopg2
from psycopg2.extensions import parse_dsn

from apps.core.backup_file import describe, differing
from apps.core.backup_postgresql import Postgresql
from apps.core.backup_sqlite import Sqlite
from tests.databases import is_postgres, manage, path_of
from tests.drills.postgres import LIGHT
from tests.drills.processes import save
from tests.drills.site import load

COMMANDS = {"SECRET_KEY": "of a drill", "DEBUG": "0"}


def there(address):
    return Postgresql(parse_dsn(address)) if is_postgres(address) else Sqlite(path_of(address))


def backups(site, address, empty, directory):
    """`empty` is the address of a database with nothing in it, of the same kind."""
    path, saved, number = directory / "backup.zip", [], iter(range(10_000))
    with writing(site, number, saved) as told, load([partial(site.ask, page) for page in LIGHT], 10) as read:
        wait_for(saved, 10)
        before, begun = [*saved], monotonic()
        manage(address, "backup", str(path), **COMMANDS)
        took = monotonic() - begun
        wait_for(saved, len(saved) + 5)
    description = describe(path)
    yield f"{description.kind}: backup of a site that is written to, s", round(took, 2), True
    yield "writes that failed meanwhile", sum(answer.status != 302 for answer in told), is_all(told, 302)
    yield "reads that failed meanwhile", sum(answer.status != 200 for answer in read), is_all(read, 200)

    manage(empty, "restore", str(path), **COMMANDS)
    tables = tables_of(empty, directory)
    others = [name for name in differing(description.tables, tables) if name != "core_revision"]
    rows = sum(table.rows for table in tables.values())
    yield "restored: rows of all tables, identical to those of the backup", rows, not others
    yield "tables that differ", others or 0, not others
    kept = {place for place in saved if has(empty, place)}
    yield (
        "what was acknowledged before it began, kept",
        f"{len(kept & {*before})} of {len(before)}",
        kept >= {*before},
    )

    yield from going_back(site, address, path, saved, kept)


def going_back(site, address, path, saved, kept):
    gone = [slug for slug in saved if slug not in kept]
    shown = [site.ask("/api/v1/states/CHN/").headers["ETag"]]
    with load([partial(site.ask, page) for page in LIGHT], 20) as read:
        begun = monotonic()
        manage(address, "restore", str(path), "--replace", "--no-input", **COMMANDS)
        took = monotonic() - begun
    shown.append(site.ask("/api/v1/states/CHN/").headers["ETag"])
    yield "going back while the site is read, s", round(took, 2), True
    failed = [answer.status for answer in read if answer.status != 200 and not answer.is_refusal]
    yield "reads that failed meanwhile, but for 503", failed or 0, not failed
    yield "saved after the backup, and gone", len(gone), gone and not any(has(address, slug) for slug in gone)
    first, last = (int(tag.split('"r')[1].split("-")[0]) for tag in shown)
    yield "the revision goes on", f"r{first} to r{last}", last > first
    again, number = [], iter(range(50_000, 60_000))
    told = [save(site, number, again) for _time in range(5)]
    yield "writes by the same processes then", len(again), is_all(told, 302)
    found = sum(has(address, slug) for slug in again)
    yield "and kept", found, found == len(again)


def has(address, slug):
    link = psycopg2.connect(address) if is_postgres(address) else sqlite3.connect(path_of(address))
    with closing(link), closing(link.cursor()) as cursor:
        cursor.execute(f"SELECT count(*) FROM states_place WHERE slug = '{slug}'")
        return cursor.fetchone() == (1,)


def tables_of(address, directory):
    with (directory / "copy").open("wb") as target:
        return there(address).copy_to(target, directory).tables


def is_all(told, status):
    return {answer.status for answer in told} == {status}


def wait_for(saved, number, seconds=60):
    begun = monotonic()
    while len(saved) < number and monotonic() - begun < seconds:
        Event().wait(0.05)


@contextmanager
def writing(site, number, saved):
    """Somebody saves one place after the other."""
    is_over, told = Event(), []

    def write():
        while not is_over.is_set():
            told.append(save(site, number, saved))

    writer = Thread(target=write)
    writer.start()
    try:
        yield told
    finally:
        is_over.set()
        writer.join()
