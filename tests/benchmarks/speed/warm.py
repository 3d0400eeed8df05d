"""A page that was asked for before, against a bare Django view that answers the same bytes, and against Datasette."""

from contextlib import ExitStack

from tests.benchmarks.speed.client import Connection
from tests.benchmarks.speed.findings import Finding, told
from tests.benchmarks.speed.measuring import Ask, measure
from tests.benchmarks.speed.servers import bare, datasette, ours

PART = "Warm pages"
PAGES = ["/api/v1/visits/?limit=50", "/states/KAZ/"]


def run(setting):
    findings = []
    for database in setting.databases():
        for page in PAGES:
            findings += _page(setting, database, page)
    return findings


def _page(setting, database, page):
    where = f"{database.size}, {database.kind}"
    with ExitStack() as started:
        mine = started.enter_context(ours(database, cache=True))
        answer = database.directory / "answer"
        answer.write_bytes(Connection(mine.port).get(page))
        least = started.enter_context(bare(database, answer))
        asks = [Ask("ours", mine, [page], parallel=True), Ask("bare Django", least, ["/"], parallel=True)]
        if database.kind == "sqlite" and page.startswith("/api"):
            explorer = started.enter_context(datasette(database))
            path = f"/{database.path.stem}/visits_visit.json?_size=50"
            asks.append(Ask("Datasette", explorer, [path], parallel=True))
        measured = measure(asks, setting.rounds)
    mine, least = measured["ours"], measured["bare Django"]
    yield Finding(PART, f"{page}: ours", where, told(mine))
    ratio = mine.milliseconds / least.milliseconds
    yield Finding(PART, f"{page}: bare Django, CPU", where, told(least), ratio, "<= 1.5")
    if "Datasette" in measured:
        other = measured["Datasette"]
        ratio = mine.per_second / other.per_second
        yield Finding(PART, f"{page}: Datasette, requests/s", where, told(other), ratio, ">= 20")
