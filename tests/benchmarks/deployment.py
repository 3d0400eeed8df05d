"""Starts what `kzforeign/deploy` describes, tries it, and measures it under load.

    python -m tests.benchmarks.deployment [SECONDS]

nginx, gunicorn, a PostgreSQL primary with a replica, and Redis, all on this machine, with the project's own data; wrk
asks (Debian: apt-get install postgresql nginx-light redis-server wrk openssl). Each measurement takes SECONDS, 10
unless you say otherwise. The site's own part is given as CPU time of gunicorn's processes, which depends less on what
else the machine does than requests per second.
"""

import http.client
import os
import platform
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from threading import Thread

from apps.core.lease import LEASE
from tests.benchmarks.deployed import deployed, without_limits

PAGES = ["/", "/visits/", "/states/CHN/", "/map/", "/api/v1/visits/", "/api/v1/states/CHN/"]
CHINA = "/api/v1/states/CHN/"
LOAD = ["wrk", "--threads", "2", "--latency", "--timeout", "30s", "--header", "Accept-Encoding: gzip"]
# At once, of pages that are there and of pages that are to be made.
WARM, COLD = 8, 2


def ask(site, address, *, method="GET", body=None, plain=False, **headers):
    """(status, headers, bytes) by way of nginx, whose certificate has to be right."""
    link = socket.create_connection(("127.0.0.1", site.http if plain else site.https), timeout=30)
    if not plain:
        link = ssl.create_default_context(cafile=site.certificate).wrap_socket(
            link, server_hostname="localhost"
        )
    client = http.client.HTTPConnection("localhost", site.https, timeout=30)
    client.sock = link
    try:
        client.request(method, address, body, headers)
        answer = client.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        client.close()


# -- Whether it does what it should


def check(site):
    yield "every page by HTTPS", all(ask(site, page)[0] == 200 for page in PAGES)
    status, headers, _body = ask(site, "/visits/?year=2009", plain=True)
    to = headers["Location"]
    yield "HTTP leads to HTTPS", (status, to) == (301, "https://localhost/visits/?year=2009")
    yield "another name is not answered", refused(site)
    _status, headers, page = ask(site, "/", **{"Accept-Encoding": "gzip"})
    yield "pages come compressed, once", headers.get_all("Content-Encoding") == ["gzip"]
    yield "with HSTS", "max-age" in headers["Strict-Transport-Security"]
    yield "and an ETag that is taken back", again(site, PAGES[-1]) == 304
    style = re.search(rb'href="(/static/[^"]+\.css)"', ask(site, "/")[2])[1].decode()
    status, headers, _body = ask(site, style, **{"Accept-Encoding": "gzip"})
    told = (status, headers["Content-Encoding"], "immutable" in headers["Cache-Control"])
    yield "static files by nginx, compressed, for ever", told == (200, "gzip", True)
    yield "the admin asks who it is", ask(site, "/admin/")[0] == 302
    yield "7 MB are refused", ask(site, "/admin/login/", method="POST", body=b"x" * 7_000_000)[0] == 413
    links = ask(site, "/api/v1/")[2].decode()
    yield "links are those of the reader's address", f"{site.url}/api/v1/visits/" in links
    yield "one address is held back", load(site, "/robots.txt", 3)["errors"] > 0


def refused(site):
    link = socket.create_connection(("127.0.0.1", site.https), timeout=30)
    try:
        ssl.create_default_context().wrap_socket(link, server_hostname="other.example")
    except (ssl.SSLError, ConnectionError) as error:
        return "certificate verify failed" not in str(error)
    return False


def again(site, address):
    tag = ask(site, address)[1]["ETag"]
    return ask(site, address, **{"If-None-Match": tag})[0]


def check_parts(site):
    seen = transactions(site.replica), transactions(site.primary)
    load(site, "/search/?q=china", 3)
    more = transactions(site.replica) - seen[0], transactions(site.primary) - seen[1]
    yield f"the replica is read (transactions: replica {more[0]}, primary {more[1]})", more[0] > 10 * more[1]
    kept = redis_keys(site)
    yield f"Redis holds pages ({kept})", kept > 0


def wait_until_read(site):
    """The replica, after it was left alone."""
    seen = 0
    while transactions(site.replica) - seen < 10:
        seen = transactions(site.replica)
        for _time in range(20):
            ask(site, CHINA)


def transactions(server):
    time.sleep(1.5)  # PostgreSQL counts what an idle connection did a second later.
    return server.ask("SELECT xact_commit FROM pg_stat_database WHERE datname = 'kzforeign'")[0]


def redis_keys(site):
    return int(tell_redis(site, "DBSIZE")[1:])


def tell_redis(site, command):
    with socket.create_connection(("127.0.0.1", site.redis), timeout=5) as link:
        link.sendall(f"{command}\r\n".encode())
        return link.recv(100)


def check_losses(site, seconds):
    """Of each part that the site can do without, that nobody notices when it ends and comes back."""
    yield "replica", load_while(site, seconds, site.replica.stop, site.replica.start)
    workers = children(site.gunicorn.pid)
    yield (
        "one of gunicorn's workers, asked to end",
        load_while(site, seconds, lambda: os.kill(workers[0], signal.SIGTERM)),
    )
    wait_until_read(site)
    site.primary.stop()
    try:
        yield "primary, as long as nobody writes", load_while(site, seconds)
    finally:
        site.primary.start()
    yield (
        "Redis, which does not come back",
        load_while(site, seconds, lambda: tell_redis(site, "SHUTDOWN NOSAVE")),
    )


def load_while(site, seconds, *events):
    """What wrk says of a load during which these happen one after the other."""
    said = []
    loader = Thread(target=lambda: said.append(load(site, "/api/v1/visits/", seconds)))
    loader.start()
    for event in events:
        time.sleep(seconds / (len(events) + 2))
        event()
    loader.join()
    return said[0]


# -- How soon a change is seen


def stale(site, times=100):
    """(of so many changes, how many the next request did not see; median milliseconds of the change)"""
    missed, took = 0, []
    for number in range(times):
        name = f"China {number}"
        # So that no process goes by what it was told for the request before.
        time.sleep(LEASE)
        begun = time.perf_counter()
        site.primary.ask(
            f"UPDATE states_state SET name_en = '{name}' WHERE code = 'CHN'; "
            "UPDATE core_revision SET number = number + 1, changed_at = now()"
        )
        took.append(time.perf_counter() - begun)
        missed += f'"name":"{name}"'.encode() not in ask(site, CHINA)[2]
    return missed, sorted(took)[times // 2] * 1000


def wait_for_replica(site, on):
    for line in (
        f"synchronous_standby_names = '{'FIRST 1 (kzforeign_replica)' if on else ''}'",
        f"synchronous_commit = {'remote_apply' if on else 'on'}",
    ):
        site.primary.ask(f"ALTER SYSTEM SET {line}")
    site.primary.ask("SELECT pg_reload_conf()")
    time.sleep(2)


def writers_wait(site):
    """Whether a change waits for a replica that is gone, and goes on once it is back."""
    change = "UPDATE core_revision SET number = number + 1, changed_at = now()"
    site.replica.stop()
    writer = Thread(target=site.primary.ask, args=[change])
    writer.start()
    time.sleep(3)
    (waiting,) = site.primary.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
    site.replica.start()
    writer.join(30)
    return waiting == 1 and not writer.is_alive()


# -- How much it bears


def load(site, address, seconds, connections=WARM):
    """{"rps", "p50", "p99" in milliseconds, "cpu" of gunicorn per request in milliseconds, "errors"}"""
    before = cpu(site.gunicorn.pid)
    command = [*LOAD, "--duration", f"{seconds}s", "--connections", str(connections), site.url + address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    number = int(re.search(r"(\d+) requests in", said)[1])
    faults = re.findall(r"(?:Non-2xx or 3xx responses|connect|read|write|timeout):? (\d+)", said)
    return {
        "rps": float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
        "p50": milliseconds(re.search(r"\n +50%\s+(\S+)", said)[1]),
        "p99": milliseconds(re.search(r"\n +99%\s+(\S+)", said)[1]),
        "cpu": (cpu(site.gunicorn.pid) - before) * 1000 / max(number, 1),
        "errors": sum(map(int, faults)),
    }


def milliseconds(text):
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit]


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu(pid):
    """Seconds that a process and its children have used."""
    total = 0
    for each in (pid, *children(pid)):
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        # Of itself, and of children that have ended.
        total += sum(map(int, fields[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def table(site, seconds, connections):
    print("| page | requests/s | p50 ms | p99 ms | CPU ms of gunicorn | errors |\n|---|---|---|---|---|---|")
    for page in PAGES:
        load(site, page, 2, connections)
        row = load(site, page, seconds, connections)
        print(f"| `{page}` | {row['rps']:.0f} | {row['p50']:.1f} | {row['p99']:.0f} ", end="")
        print(f"| {row['cpu']:.2f} | {row['errors']} |", flush=True)


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = model[1] if model else platform.machine()
    return f"{date.today()}, {os.cpu_count()} cores {name}, {memory:.0f} GiB"


def tell(results):
    for what, is_so in results:
        print(f"{'ok  ' if is_so else 'FAIL'} {what}", flush=True)


def main(seconds):
    print(machine())
    with deployed() as site:
        tell(check(site))
        without_limits(site)
        tell(check_parts(site))
        print(f"\nWarm, by {WARM} connections: nothing is written meanwhile")
        table(site, seconds, WARM)
        print("\nWhat ends under load, and the errors that readers saw")
        for what, row in check_losses(site, seconds):
            print(f"{what}: {row['errors']} of {row['rps'] * seconds:.0f}", flush=True)
        for on in (False, True):
            wait_for_replica(site, on)
            missed, took = stale(site)
            how = "remote_apply" if on else "asynchronous"
            print(f"{how}: {missed} of 100 changes not seen by the next request; {took:.1f} ms a change")
        tell([("with remote_apply writers wait while the replica is gone", writers_wait(site))])
        wait_for_replica(site, False)
        print("\nThe log of the site\n" + (site.scratch / "gunicorn.log").read_text())
    with deployed(CACHE_URL="off") as site:
        without_limits(site)
        print(f"\nCold, by {COLD} connections: CACHE_URL=off")
        table(site, seconds, COLD)


if __name__ == "__main__":
    for program in ("wrk", "openssl", "redis-server"):
        if not shutil.which(program):
            sys.exit(f"{program} is needed (Debian: apt-get install nginx-light redis-server wrk openssl).")
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
