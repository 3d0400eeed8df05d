"""A page that was asked for before, answered by a call of a function: the layer in front of Django, and Django."""

import os
import statistics
import subprocess
from contextlib import ExitStack

from tests.benchmarks.speed.findings import Finding
from tests.benchmarks.speed.servers import HERE, OURS, PEERS, ROOT, precise_cpu_of, production
from tests.benchmarks.speed.warm import PAGES

PART = "Warm pages, without a server"
CALLS = 4000
CALLING = HERE / "speed" / "calling.py"
SITE = "kzforeign.wsgi:application"
# Within what writes the line of the log, and what answers on health.
LAYER = f"{SITE}.application.application"


class Called:
    """A process that calls an application for a page."""

    def __init__(self, name, python, application, page, environment, database):
        self.name, self.database, self.file = name, database, database.directory / f"answer-{name}"
        self.label = f"bench-{name}-{os.getpid()}"
        self.process = subprocess.Popen(
            [python / "python", CALLING, application, page, self.file],
            env=os.environ | environment | {"PGAPPNAME": self.label},
            cwd=HERE / "peers" if python == PEERS else ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.status = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait()
        self.file.unlink(missing_ok=True)

    def cpu(self):
        """Seconds, with those of its connection to PostgreSQL."""
        return precise_cpu_of([self.process.pid, *self.database.backends(self.label)])

    def microseconds(self, calls=CALLS):
        """Of CPU that a call takes."""
        before = self.cpu()
        self.process.stdin.write(f"{calls}\n")
        self.process.stdin.flush()
        self.process.stdout.readline()
        return (self.cpu() - before) / calls * 1e6


def run(setting):
    return [
        finding
        for database in setting.databases()
        for page in PAGES
        for finding in _page(setting, database, page)
    ]


def _page(setting, database, page):
    where, environment = f"{database.size}, {database.kind}", production(database)
    with ExitStack() as started:
        layer = started.enter_context(Called("layer", OURS, LAYER, page, environment, database))
        site = started.enter_context(Called("site", OURS, SITE, page, environment, database))
        answer = {"ANSWER": str(layer.file)}
        bare = started.enter_context(Called("bare", PEERS, "bare:application", "/", answer, database))
        called = layer, site, bare
        if len({(each.status, each.file.read_bytes()) for each in called}) != 1 or bare.status != "200 OK":
            raise RuntimeError(f"Not all answer the same at {page}.")
        for each in called:
            each.microseconds(calls=50)  # What is done for the first time.
        rounds = [[each.microseconds() for each in called] for _n in range(setting.rounds)]
    layer, site, bare = (statistics.median(found) for found in zip(*rounds, strict=True))
    yield Finding(PART, f"{page}: the layer", where, f"{layer:.0f} µs", layer / bare, "<= 0.3")
    yield Finding(PART, f"{page}: the line of the log besides", where, f"{site:.0f} µs", site / bare)
    yield Finding(PART, f"{page}: bare Django", where, f"{bare:.0f} µs")
