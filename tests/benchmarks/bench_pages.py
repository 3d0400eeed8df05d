"""Queries, CPU milliseconds and bytes of some answers on the database of DATABASE_URL, seeded before.

    DEBUG=1 python -m tests.benchmarks.bench_pages [ADDRESS ...]

Each address is asked for 25 times after two that warm it; the median of the CPU time of the process is printed. It
includes Django's test client, and leaves out the network and the server.
"""

import os
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kzforeign.settings")
TIMES = 25
ADDRESSES = ["/states/CHN/", "/states/KAZ/", "/organizations/sco/", "/api/v1/visits/", "/api/v1/states/CHN/"]


def measured(client, address):
    """(status, queries, median CPU milliseconds, bytes)"""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    queries = len(captured)  # The log is emptied by the next request.
    client.get(address)
    spent = []
    for _ in range(TIMES):
        begin = time.process_time()
        client.get(address)
        spent.append(time.process_time() - begin)
    return response.status_code, queries, statistics.median(spent) * 1000, len(response.content)


def main(addresses):
    django.setup()
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    for address in addresses:
        status, queries, milliseconds, size = measured(client, address)
        print(f"{status} {queries:3} queries {milliseconds:7.1f} ms CPU {size:8} bytes {address}")


if __name__ == "__main__":
    main(sys.argv[1:] or ADDRESSES)
