"""Fills the database of DATABASE_URL, which need not be there yet, with made-up data, the same in every run.

    DATABASE_URL=sqlite:////tmp/S.sqlite3 python -m tests.benchmarks.synthetic S

XS, S, M or L (`sizes`). What is written is what an import of the same entries would leave: the index of ties, the
search, the revision. History is written for all but L, where it would double the time and the file, and is read by no
public page. With `--copy S.sqlite3` a PostgreSQL gets the rows of a file that was made before.
"""

import argparse
import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kzforeign.settings")
os.environ.setdefault("DEBUG", "1")


def make(size, *, history):
    from tests.benchmarks.synthetic import agreements, entries, world
    from tests.benchmarks.synthetic.writing import write

    made = world.make(size, history=history)
    parts = (
        *(entries.events, entries.projects, entries.memberships, entries.offices, entries.visits),
        *(agreements.agreements, entries.successions, entries.figures),
    )
    for part in parts:
        write(part.__name__, part(made), history=history)


def settle():
    """Statistics for PostgreSQL's planner, as a server gathers them by itself; those of SQLite no site has.

    And on SQLite all in the one file, which can then be read where it lies.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ANALYZE")


def main():
    parser = argparse.ArgumentParser(description="Fills the database of DATABASE_URL with made-up data.")
    parser.add_argument("size", choices=["XS", "S", "M", "L"])
    parser.add_argument("--no-history", action="store_true", help="Of L there is none anyway.")
    parser.add_argument("--copy", metavar="FILE", help="Of the same size on SQLite, to PostgreSQL.")
    asked = parser.parse_args()
    django.setup()
    from django.core.management import call_command

    from apps.states.models import State
    from tests.benchmarks.synthetic.copying import copy
    from tests.benchmarks.synthetic.sizes import SIZES

    call_command("migrate", verbosity=0)
    if State.objects.exists():
        parser.error("The database has data already. Name another.")
    begun = time.perf_counter()
    if asked.copy:
        copy(asked.copy)
    else:
        make(SIZES[asked.size], history=asked.size != "L" and not asked.no_history)
    settle()
    print(f"{asked.size}: {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
    main()
