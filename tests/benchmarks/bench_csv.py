"""Rows a second and growth of memory while a list of 500,000 visits goes out as CSV.

    DEBUG=1 DATABASE_URL=sqlite:////tmp/bench.sqlite3 python -m tests.benchmarks.bench_csv [ROWS]

On a database of its own, migrated and empty; what it makes stays there, and is used again. The visits are written
without history and index, which a list does not read.
"""

import os
import resource
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kzforeign.settings")
ROWS = 500_000
ADDRESS = "/api/v1/visits/?format=csv"


def make(rows):
    from django.db.models import QuerySet

    from apps.people.models import Person
    from apps.sources.models import Passage, Source
    from apps.states.models import State
    from apps.visits.models import Visit, VisitCitation

    states = [
        State(code=f"Q{a}{b}", name_en=f"State {a}{b}", status="published") for a in "ABCD" for b in "ABCDE"
    ]
    people = [Person(slug=f"p-{n}", name_en=f"Person {n}", status="published") for n in range(1000)]
    QuerySet(State).bulk_create(states)
    QuerySet(Person).bulk_create(people)
    source = Source.objects.create(slug="source", kind="article", title="Source")
    passage = Passage.objects.create(source=source, anchor="p-1", position=1, paragraph=1)
    for first in range(0, rows, 10_000):
        visits = [
            Visit(
                slug=f"v-{n}",
                status="published",
                visitor=people[n % 1000],
                capacity="head_of_state",
                sent_by_state=states[n % 20],
                host=states[(n + 7) % 20],
                date=f"{1950 + n % 70}-{1 + n % 12:02}",
            )
            for n in range(first, min(first + 10_000, rows))
        ]
        QuerySet(Visit).bulk_create(visits, batch_size=2000)
        QuerySet(VisitCitation).bulk_create(
            [VisitCitation(entry=visit, passage=passage) for visit in visits], batch_size=2000
        )


def peak():
    """Megabytes that the process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(rows):
    django.setup()
    from django.db import connection
    from django.test import Client

    from apps.visits.models import Visit

    connection.make_debug_cursor = connection.make_cursor
    if not Visit.objects.exists():
        if not os.fork():
            connection.close()
            make(rows)
            os._exit(0)
        os.wait()
        connection.close()
    client = Client(headers={"host": "localhost"})
    for _part in client.get("/api/v1/visits/?limit=1"):
        pass
    before, begun, cpu, size, lines = peak(), time.perf_counter(), time.process_time(), 0, 0
    for part in client.get(ADDRESS).streaming_content:
        size += len(part)
        lines += part.count(b"\n")
    spent, cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(
        f"{lines - 1} rows, {size / 2**20:.0f} MB in {spent:.1f} s ({cpu:.1f} s CPU), {lines / spent:.0f} rows/s; "
        f"memory {before:.0f} MB before, {peak():.0f} MB at most: +{peak() - before:.0f} MB"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
