"""Tries what the site does in trouble, on servers of its own, and writes down what it saw.

    python -m tests.drills [NAME ...]      one or more of DRILLS; all of them, and RESULTS.md, without a name

It needs PostgreSQL's own programs and redis-server (Debian: apt-get install postgresql redis-server).
"""

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

from tests.benchmarks.deployed import free_ports, redis
from tests.benchmarks.deployment import machine, tell_redis
from tests.databases import manage
from tests.drills import backup, files, postgres as of_postgres, processes
from tests.drills.site import postgres, site

RESULTS = Path(__file__).with_name("RESULTS.md")


@contextmanager
def scratch():
    with TemporaryDirectory(prefix="kzforeign-drill-") as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


def drill_postgres():
    with scratch() as directory, postgres() as server, site(server.address(), directory) as there:
        yield from of_postgres.restarts(there, server)
        yield from of_postgres.absence(there, server)
        yield from of_postgres.silence(there, server)
        log = there.log.read_text()
        yield "stack traces in the log", log.count("Traceback"), "Traceback" not in log


def drill_workers():
    with scratch() as directory, postgres() as server, site(server.address(), directory) as there:
        yield from processes.kills(
            there, lambda: server.ask("SELECT string_agg(slug, ' ') FROM states_place")[0].split()
        )
        yield from processes.slow_sockets(there)


def drill_redis():
    with scratch() as directory, postgres() as server:
        (port,) = free_ports(1)
        with (
            redis(directory, port),
            site(server.address(), directory, CACHE_URL=f"redis://127.0.0.1:{port}/0") as there,
        ):
            ends = SimpleNamespace(redis=port)
            yield from processes.redis_goes(there, lambda: tell_redis(ends, "SHUTDOWN NOSAVE"))


def drill_disk():
    with scratch() as directory:
        path = directory / "db.sqlite3"
        config = Path(__file__).with_name("full_disk.conf.py")
        with site(f"sqlite:///{path}", directory, config=config) as there:
            yield from files.full_disk(there, path)


def drill_writers():
    with scratch() as directory:
        path = directory / "db.sqlite3"
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{path}",
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "kzforeign.settings",
        }
        manage(environment["DATABASE_URL"], "migrate", DEBUG="1")
        manage(environment["DATABASE_URL"], "seed", DEBUG="1")
        yield from files.writers(path, environment)


def drill_backup():
    with scratch() as directory:
        address = f"sqlite:///{directory / 'db.sqlite3'}"
        with site(address, directory) as there:
            yield from backup.backups(there, address, f"sqlite:///{directory / 'empty.sqlite3'}", directory)
    with scratch() as directory, postgres() as server, site(server.address(), directory) as there:
        server.ask("CREATE DATABASE empty", "postgres")
        yield from backup.backups(there, server.address(), server.address("empty"), directory)


DRILLS = {
    "postgres": drill_postgres,
    "workers": drill_workers,
    "redis": drill_redis,
    "disk": drill_disk,
    "writers": drill_writers,
    "backup": drill_backup,
}


def main(names):
    told = [f"# Drills\n\n`make drill`, {machine()}\n\n| | seen | as it has to be |\n|---|---|---|"]
    print(told[0])
    failed, load = 0, os.getloadavg()[0]
    for name in names or DRILLS:
        for figure, value, is_so in DRILLS[name]():
            told.append(f"| {name}: {figure} | {value} | {'yes' if is_so else 'NO'} |")
            failed += not is_so
            print(told[-1], flush=True)
    told.append(f"\nThe machine's load was {load:.1f} when it began.")
    if not names:
        RESULTS.write_text("\n".join(told) + "\n")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
