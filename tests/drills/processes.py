"""Workers that are killed, clients that are slow, a Redis that goes away."""

import os
import signal
import socket
from collections import Counter
from functools import partial
from time import sleep
from urllib.parse import urlencode

from tests.drills.postgres import LIGHT, PAGES
from tests.drills.site import load


def kills(site, rows, times=5):
    """`rows` tells the slugs of the places that there are."""
    saved, number = [], iter(range(10_000))
    # What is written has all pages made anew: with heavier ones, two cores would be measured, and not what is lost.
    reads = [partial(site.ask, page) for page in LIGHT]
    with load([partial(save, site, number, saved)], 1) as written, load(reads, 50) as told:
        for _time in range(times):
            sleep(4)
            os.kill(site.workers()[0], signal.SIGKILL)
        sleep(3)
    there = set(rows())
    lost = [slug for slug in saved if slug not in there]
    failed = Counter(answer.status or answer.content for answer in told if answer.status != 200)
    share = 100 * failed.total() / len(told)
    yield f"a worker killed with -9 {times} times: writes acknowledged", len(saved), len(saved) > 10
    yield "of these lost", lost or 0, not lost
    yield "writes not acknowledged", sum(answer.status != 302 for answer in written), True
    yield "reads", len(told), len(told) > 500
    yield "of these failed, %", f"{share:.2f} {dict(failed) or ''}".strip(), share < 1


def save(site, number, saved):
    """A place, by the form of the admin."""
    slug = f"drill-{next(number)}"
    body = urlencode({"name_en": slug, "slug": slug, "state": site.state})
    told = site.ask("/admin/states/place/add/", method="POST", body=body, as_curator=True)
    if told.status == 302:
        saved.append(slug)
    return told


def slow_sockets(site, number=200):
    sockets = []
    try:
        for index in range(number):
            client = socket.create_connection(("127.0.0.1", site.port), timeout=5)
            # Some say nothing at all.
            if index % 4:
                client.sendall(b"GET /visits/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            sockets.append(client)
        slowest, statuses = 0, set()
        for _time in range(10):
            for client in sockets[1::4]:
                client.sendall(b"x")
            live, page = site.ask("/health/live"), site.ask("/visits/")
            slowest = max(slowest, live.took)
            statuses |= {live.status, page.status}
            sleep(0.5)
        yield f"{number} slow sockets: slowest /health/live, s", round(slowest, 3), slowest < 1
        yield "statuses", sorted(statuses), statuses == {200}
    finally:
        for client in sockets:
            client.close()


def redis_goes(site, stop):
    reads = [partial(site.ask, page) for page in PAGES]
    with load(reads, 50) as told:
        sleep(2)
        stop()
        sleep(6)
    failed = Counter(answer.status for answer in told if answer.status != 200)
    yield "Redis goes away: requests", len(told), len(told) > 200
    yield "errors", dict(failed) or 0, not failed
