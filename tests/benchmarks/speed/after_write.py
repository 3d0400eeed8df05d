"""The first page after somebody wrote something, with a cache full of pages, against one without a cache."""

import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager

from tests.benchmarks.speed.client import Connection, Refused
from tests.benchmarks.speed.findings import Finding
from tests.benchmarks.speed.servers import ROOT, ours, production

PART = "The first page after a write"
PAGES = ["/api/v1/visits/?limit=50", "/states/RUS/"]
FILLED, TIMES = 1000, 15


def run(setting):
    return [finding for database in setting.databases() for finding in _pages(database)]


def _pages(database):
    with ours(database, cache=True) as warm, ours(database, cache=False) as cold, writing(database) as write:
        connections = {server: Connection(server.port) for server in (warm, cold)}
        for (slug,) in database.rows(
            f"SELECT slug FROM visits_visit WHERE status = 'published' ORDER BY id LIMIT {FILLED}"
        ):
            try:
                connections[warm].get(f"/api/v1/visits/{slug}/")
            except Refused as error:  # The visitor may be a draft.
                if " 404 " not in str(error):
                    raise
        for page in PAGES:
            spent = {warm: [], cold: []}
            for _ in range(TIMES):
                for connection in connections.values():
                    connection.get(page)
                write()
                for server, connection in connections.items():
                    spent[server].append(took(server, connection, page))
            first, made = (statistics.median(spent[server]) for server in (warm, cold))
            where, words = (
                f"{database.size}, {database.kind}",
                f"{first:.1f} ms CPU; without a cache {made:.1f}",
            )
            # What is within the tenth is the same.
            yield Finding(PART, page, where, words, first / made, "<= 1.1")


def took(server, connection, page):
    """CPU milliseconds of one request."""
    before = server.precise_cpu()
    connection.get(page)
    time.sleep(0.02)  # What it does once it has answered is part of the price.
    return (server.precise_cpu() - before) * 1000


@contextmanager
def writing(database):
    """A function that changes something, in a process of its own, and returns once it is committed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.speed.writer"],
        cwd=ROOT,
        env=os.environ | production(database),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def write():
        process.stdin.write("\n")
        process.stdin.flush()
        process.stdout.readline()

    try:
        yield write
    finally:
        process.stdin.close()
        process.wait()
