"""Asks one process for every public address; prints, as JSON, the answers in the order of what they took.

With production's settings in the environment (`servers.production`), without a server: what is measured is this process
and the database. What took long is asked again, and the shorter time counts; of what is streamed, the time to its
beginning.
"""

import json
import logging
import sys
import time

import django

LONG = 0.2


def main(most):
    django.setup()
    logging.disable()
    from django.test import Client

    from tests.benchmarks.speed.addresses import addresses

    client, found, refused = Client(headers={"host": "127.0.0.1"}), [], []
    paths = addresses()
    step = max(1, len(paths) // most)
    for number, path in enumerate(paths[::step]):
        status, took, cpu = ask(client, path)
        if status == 200 and took > LONG:
            took, cpu = min((took, cpu), ask(client, path)[1:])
        (found if status == 200 else refused).append((took * 1000, cpu * 1000, status, path))
        if number % 200 == 199:
            worst = max(found, default=(0, 0, 0, ""))
            told = f"{number + 1} of {len(paths) // step} addresses; slowest so far {worst[0]:.0f} ms: {worst[3]}"
            print(told, file=sys.stderr)
    found.sort(reverse=True)
    print(json.dumps({"count": len(found), "slowest": found[:60], "refused": refused}))


def ask(client, path):
    """(status, seconds, of these of CPU)"""
    begun, used = time.perf_counter(), time.process_time()
    answer = client.get(path)
    if answer.streaming:
        next(iter(answer.streaming_content), b"")
    spent = time.perf_counter() - begun, time.process_time() - used
    answer.close()
    return answer.status_code, *spent


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10**9)
