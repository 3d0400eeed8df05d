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
        environment = production(database) | {"CACHE": "off"}
        told = database.run("-m", "tests.benchmarks.speed.walk", setting.addresses, **environment)
        walked = json.loads(told)
        refused = f"; {len(walked['refused'])} not answered with 200" if walked["refused"] else ""
        for number, (took, cpu, _status, path) in enumerate(walked["slowest"][:SHOWN]):
            first = number == 0
            words = f"{took:.0f} ms, {cpu:.0f} of CPU"
            words += f" (slowest of {walked['count']}{refused})" if first else ""
            findings.append(
                Finding(
                    PART, f"`{path}`", where, words, took if first else None, f"<= {GOAL} ms" if first else ""
                )
            )
    return findings
