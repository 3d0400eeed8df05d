"""Asking several servers for the same in turns, so that what a neighbour does meets all of them alike."""

import statistics
import time
from dataclasses import dataclass, field

from tests.benchmarks.speed.client import Connection, per_second

# Seconds of CPU that a server is to take in a round, since /proc counts hundredths, and how many requests that may be.
ENOUGH, FEWEST, MOST = 0.4, 5, 1500


@dataclass
class Ask:
    """`paths` are asked for in turn."""

    label: str
    server: object
    paths: list
    parallel: bool = False


@dataclass
class Measured:
    """CPU milliseconds a request, requests a second, and the latencies of all requests, by rounds."""

    cpu: list = field(default_factory=list)
    rate: list = field(default_factory=list)
    latencies: list = field(default_factory=list)
    size: int = 0

    @property
    def milliseconds(self):
        return statistics.median(self.cpu)

    @property
    def per_second(self):
        return statistics.median(self.rate) if self.rate else None

    def quantile(self, share):
        """Of the latencies, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] * 1000


def measure(asks, rounds):
    """{label: Measured}"""
    found = {ask.label: Measured() for ask in asks}
    connections = {id(ask.server): Connection(ask.server.port) for ask in asks}
    counts = {ask.label: _count(ask, connections[id(ask.server)], found[ask.label]) for ask in asks}
    for turn in range(rounds):
        for ask in asks if turn % 2 == 0 else reversed(asks):
            _round(ask, connections[id(ask.server)], counts[ask.label], found[ask.label])
    for connection in connections.values():
        connection.close()
    return found


def _count(ask, connection, measured):
    """How many requests make a round; asks for each path once before, so that the server is warm."""
    for path in ask.paths[:20]:
        measured.size = max(measured.size, len(connection.get(path)))
    before, begun, tries = ask.server.cpu(), time.perf_counter(), 0
    while time.perf_counter() - begun < 0.3 or tries < 3:
        connection.get(ask.paths[tries % len(ask.paths)])
        tries += 1
    each = max((ask.server.cpu() - before) / tries, 0.0001)
    return max(FEWEST, min(MOST, round(ENOUGH / each)))


def _round(ask, connection, count, measured):
    before = ask.server.cpu()
    for n in range(count):
        begun = time.perf_counter()
        connection.get(ask.paths[n % len(ask.paths)])
        measured.latencies.append(time.perf_counter() - begun)
    measured.cpu.append((ask.server.cpu() - before) / count * 1000)
    if ask.parallel:
        measured.rate.append(per_second(ask.server.port, ask.paths))
