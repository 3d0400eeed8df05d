"""200 searches, as people type them, in the largest database."""

import time
from urllib.parse import quote

from tests.benchmarks.speed.client import Connection
from tests.benchmarks.speed.findings import Finding
from tests.benchmarks.speed.servers import ours
from tests.benchmarks.synthetic.chance import chance

PART = "Searches"
QUERIES, TIMES, GOAL = 200, 3, 20


def run(setting):
    findings = []
    for kind in setting.kinds:
        database = setting.database(kind, setting.sizes[-1])
        with ours(database, cache=False) as server:
            for what, path in (("API", "/api/v1/search/?q={}"), ("page", "/search/?q={}")):
                findings.append(_searches(database, server, what, path))
    return findings


def _searches(database, server, what, path):
    """Of each search the best of some tries, which leaves out what a neighbour took."""
    connection, spent, cpu = Connection(server.port), {}, {}
    for text in queries(database):
        for _ in range(TIMES):
            used, begun = server.precise_cpu(), time.perf_counter()
            connection.get(path.format(quote(text)))
            spent[text] = min(spent.get(text, 60), time.perf_counter() - begun)
            cpu[text] = min(cpu.get(text, 60), server.precise_cpu() - used)
    slowest, late = max(spent, key=spent.get), at(0.95, spent)
    words = f"p50 {at(0.5, spent):.1f} ms, p95 {late:.1f}, slowest {at(1, spent):.1f} ({slowest})"
    words += f"; of CPU p50 {at(0.5, cpu):.1f}, p95 {at(0.95, cpu):.1f}"
    return Finding(PART, what, f"{database.size}, {database.kind}", words, late, f"<= {GOAL} ms")


def at(share, seconds):
    """A quantile, in milliseconds."""
    ordered = sorted(seconds.values())
    return ordered[max(round(share * len(ordered)), 1) - 1] * 1000


def queries(database):
    """Names whole and begun, words of titles alone and together, years, codes, and what is not there."""
    random, found = chance("queries"), []
    people, organizations, agreements, states = (
        [
            row[0]
            for row in database.rows(f"SELECT {column} FROM {table} WHERE status = 'published' ORDER BY id")
        ]
        for column, table in (
            ("name_en", "people_person"),
            ("name_en", "organizations_organization"),
            ("title", "agreements_agreement"),
            ("name_en", "states_state"),
        )
    )
    while len(found) < QUERIES:
        person, title = random.choice(people), random.choice(agreements).split()
        state, word = random.choice(states), random.choice(title)
        found += [
            *(person, person.split()[-1], person.split()[-1][:4], state, f"{state} {word}"),
            *(random.choice(organizations), " ".join(title[:4]), title[-1], f"{title[-1]} {title[0]}"),
            *(f"{person.split()[0]} {state}", str(random.randint(1991, 2026)), f"xq{word}"),
        ]
    return found[:QUERIES]
