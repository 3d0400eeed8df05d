"""All visits as CSV, against the database's own program that writes the same columns."""

import socket
import subprocess
import time
from statistics import median

from tests.benchmarks.speed.databases import psql
from tests.benchmarks.speed.findings import Finding
from tests.benchmarks.speed.servers import HERE, ours

PART = "CSV of all visits"
PATH = "/api/v1/visits/?format=csv"


def run(setting):
    findings = []
    for kind in setting.kinds:
        database = setting.database(kind, setting.sizes[-1])
        where = f"{database.size}, {kind}"
        with ours(database, cache=False) as server:
            rows, took, cpu, grown = _turns(setting, database, server)
        program = "sqlite3 -csv" if kind == "sqlite" else "psql COPY"
        words = f"{rows / took['ours']:.0f} rows/s ({rows} rows, {cpu:.1f} s CPU)"
        findings += [
            Finding(PART, "ours", where, words),
            Finding(
                PART,
                f"against {program}",
                where,
                f"{rows / took['theirs']:.0f} rows/s",
                took["theirs"] / took["ours"],
                ">= 0.4",
            ),
            Finding(PART, "memory at most, over before", where, f"{grown:+.0f} MB", grown, "<= 50 MB"),
        ]
    return findings


def _turns(setting, database, server):
    """(rows, {whose: seconds}, CPU seconds of ours, megabytes that it grew by)"""
    lines(server, "/api/v1/visits/?limit=1")
    spent, cpu = {"ours": [], "theirs": []}, []
    memory = Memory(server)
    before = memory.most
    for _ in range(min(setting.rounds, 3)):
        used, begun = server.cpu(), time.perf_counter()
        count = lines(server, PATH, memory.look)
        spent["ours"].append(time.perf_counter() - begun)
        cpu.append(server.cpu() - used)
        begun = time.perf_counter()
        subprocess.run(theirs(database), check=True, stdout=subprocess.DEVNULL)
        spent["theirs"].append(time.perf_counter() - begun)
    return (
        count - 1,
        {whose: median(took) for whose, took in spent.items()},
        median(cpu),
        memory.most - before,
    )


class Memory:
    """The most that a server was seen to have, in megabytes."""

    # Seconds between two looks.
    PAUSE = 0.05

    def __init__(self, server):
        self.server, self.most, self.looked_at = server, server.memory(), 0

    def look(self):
        if time.monotonic() - self.looked_at > self.PAUSE:
            self.most, self.looked_at = max(self.most, self.server.memory()), time.monotonic()


def lines(server, path, look=lambda: None):
    """How many lines of an answer there are, which is not kept; by HTTP/1.0, in which it comes as it is."""
    request, count = f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{server.port}\r\n\r\n", 0
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(request.encode())
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(1 << 18)
        count = head.partition(b"\r\n\r\n")[2].count(b"\n")
        while part := connection.recv(1 << 18):
            count += part.count(b"\n")
            look()
    return count


def theirs(database):
    if database.kind == "sqlite":
        return ["sqlite3", "-csv", "-header", "-readonly", str(database.path), query("sqlite")]
    return [*psql(database), "-c", f"COPY ({query('postgres')}) TO STDOUT WITH CSV HEADER"]


def query(kind):
    """The columns of our CSV in SQL."""
    join = "group_concat" if kind == "sqlite" else "string_agg"
    return (HERE / "speed" / "exports.sql").read_text().format(join=join)
