"""Compares this project with what a researcher would pick instead, on the same data and machine: `make bench`.

    SIZES=S,M,L DATABASES=sqlite,postgres ROUNDS=5 ROWS=lists,warm python -m tests.benchmarks.speed

SIZES are of `synthetic.sizes`, from small to large. DATABASES are sqlite and postgres, that of BENCH_POSTGRES, an
address without a database. ROWS are names of parts, in PARTS; without it, all. The databases lie in BENCH_DATA, made
where they are not there yet. ADDRESSES is how many of the public addresses are walked through.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.speed import (
    after_write,
    exports,
    findings,
    growth,
    lists,
    searching,
    slowest,
    warm,
    without_server,
)
from tests.benchmarks.speed.databases import Database
from tests.benchmarks.speed.servers import ROOT

PARTS = {
    "lists": lists,
    "warm": warm,
    "layer": without_server,
    "growth": growth,
    "search": searching,
    "slowest": slowest,
    "exports": exports,
    "write": after_write,
}


@dataclass
class Setting:
    """What was asked for."""

    sizes: list
    kinds: list
    rounds: int
    addresses: int
    directory: Path

    def database(self, kind, size):
        return Database(kind, size, self.directory)

    def databases(self):
        return [self.database(kind, size) for kind in self.kinds for size in self.sizes]


def asked(name, default):
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def main():
    setting = Setting(
        sizes=asked("SIZES", "S,M,L"),
        kinds=asked("DATABASES", "sqlite"),
        rounds=int(os.environ.get("ROUNDS", "5")),
        addresses=int(os.environ.get("ADDRESSES", "100000")),
        directory=Path(os.environ.get("BENCH_DATA", ROOT / ".bench")).resolve(),
    )
    parts = asked("ROWS", ",".join(PARTS))
    if unknown := {*parts} - {*PARTS}:
        sys.exit(f"There is no part {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
    for database in setting.databases():
        database.prepare()
    found = []
    for part in parts:
        print(f"{part} ...", file=sys.stderr)
        found += PARTS[part].run(setting)
    asked_for = f"{', '.join(setting.sizes)} on {', '.join(setting.kinds)}, {setting.rounds} rounds"
    findings.write(found, setting.databases(), asked_for)


if __name__ == "__main__":
    main()
