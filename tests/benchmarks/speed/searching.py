"""200 searches, as people type them, in the largest database."""

import statistics
import time

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
    connection, spent, before = Connection(server.port), {}, server.cpu()
    texts = queries(database)
    for text in texts:
        for _ in range(TIMES):
            begun = time.perf_counter()
            connection.get(path.format(text.replace(" ", "+")))
            spent[text] = min(spent.get(text, 60), time.perf_counter() - begun)
    cpu = (server.cpu() - before) / len(texts) / TIMES * 1000
    took = sorted(1000 * seconds for seconds in spent.values())
    slowest = max(spent, key=spent.get)
    late = took[round(0.95 * len(took)) - 1]
    words = f"p50 {statistics.median(took):.1f} ms, p95 {late:.1f}, slowest {took[-1]:.1f} ({slowest}), CPU {cpu:.1f}"
    return Finding(PART, what, f"{database.size}, {database.kind}", words, late, f"<= {GOAL} ms")


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
    return [
        text.encode("ascii", "ignore").decode().replace("&", "").replace("#", "") for text in found[:QUERIES]
    ]
