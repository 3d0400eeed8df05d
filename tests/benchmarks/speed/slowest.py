"""The slowest public addresses of the largest database, whatever their parameters ask for."""

import json

from tests.benchmarks.speed.findings import Finding
from tests.benchmarks.speed.servers import production

PART = "The slowest addresses"
SHOWN, GOAL = 10, 1000


def run(setting):
    findings = []
    for kind in setting.kinds:
        database = setting.database(kind, setting.sizes[-1])
        where = f"{database.size}, {kind}"
        environment = production(database) | {"CACHE_URL": "off"}
        told = database.run("-m", "tests.benchmarks.speed.walk", setting.addresses, **environment)
        walked = json.loads(told)
        slowest = walked["slowest"][:SHOWN]
        for took, cpu, status, path in slowest:
            first = path == slowest[0][3]
            words = f"{took:.0f} ms, {cpu:.0f} of CPU" + ("" if status == 200 else ", then broken off")
            words += f"; slowest of {walked['count']}" if first else ""
            goal = f"<= {GOAL} ms" if first else ""
            findings.append(Finding(PART, f"`{path}`", where, words, took if first else None, goal))
        for _took, _cpu, status, path in walked["refused"]:
            findings.append(Finding(PART, f"`{path}`", where, f"answered {status}"))
    return findings
