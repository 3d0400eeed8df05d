"""Asks one process for every public address; prints, as JSON, the answers in the order of what they took.

With production's settings in the environment (`servers.production`), without a server: what is measured is this process
and the database. What took long is asked again, and the shorter time counts; of what is streamed, the time to its
beginning. A query that takes longer than MOST is broken off, as one that would take hours would hide all others.
"""

import json
import logging
import os
import sys
import time

import django

LONG, MOST = 0.2, 20
# Of SQLite's virtual machine, between two looks at the clock.
STEPS = 1_000_000


def main(most):
    os.environ["PGOPTIONS"] = f"-c statement_timeout={MOST}s"
    django.setup()
    logging.disable()
    from django.test import Client

    from tests.benchmarks.speed.addresses import addresses

    client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    paths, found, refused = addresses(), [], []
    step = max(1, len(paths) // most)
    for number, path in enumerate(paths[::step]):
        status, took, cpu = ask(client, path)
        if status == 200 and took > LONG:
            took, cpu = min((took, cpu), ask(client, path)[1:])
        answered = status == 200 or took > MOST
        (found if answered else refused).append((took * 1000, cpu * 1000, status, path))
        if number % 200 == 199:
            worst = max(found, default=(0, 0, 0, ""))
            told = f"{number + 1} of {len(paths) // step} addresses; slowest so far {worst[0]:.0f} ms: {worst[3]}"
            print(told, file=sys.stderr)
    found.sort(reverse=True)
    print(json.dumps({"count": len(found), "slowest": found[:60], "refused": refused}))


def ask(client, path):
    """(status, seconds, of these of CPU)"""
    begun, used = time.perf_counter(), time.process_time()
    break_off(begun + MOST)
    answer = client.get(path)
    if answer.streaming:
        next(iter(answer.streaming_content), b"")
    spent = time.perf_counter() - begun, time.process_time() - used
    answer.close()
    return answer.status_code, *spent


def break_off(moment):
    """Lets no query run longer, on SQLite; PostgreSQL has an option for it."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        connection.connection.set_progress_handler(lambda: time.perf_counter() > moment, STEPS)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10**9)
