"""Everything that `kzforeign/deploy` describes, started on free ports of this machine, and ended again.

The files there are taken as they are but for names, paths and ports (`nginx_of`), so that what they say has been run.
"""

import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.databases import ROOT, manage
from tests.replication import replicated

DEPLOY = ROOT / "kzforeign" / "deploy"
# Who runs nginx and Redis where this is run by root.
NOBODY = ["runuser", "-u", "nobody", "--"] if os.getuid() == 0 else []
ROLES = "CREATE ROLE kzforeign_owner LOGIN; CREATE ROLE kzforeign_app LOGIN"


class Deployed(NamedTuple):
    scratch: Path
    primary: object
    replica: object
    redis: int
    http: int
    https: int
    # Process identifiers of gunicorn and of its workers, by its first one.
    gunicorn: object
    environment: dict

    @property
    def url(self):
        return f"https://localhost:{self.https}"

    @property
    def certificate(self):
        return self.scratch / "fullchain.pem"


@contextmanager
def deployed(**changed):
    """Yields all of it, seeded, with the environment of `deploy/environment`, changed like this."""
    primary, replica = options_of("postgresql-primary.conf"), options_of("postgresql-replica.conf")
    with replicated(primary, replica) as (primary, replica), TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        scratch.chmod(0o755)
        ports = dict(zip(("redis", "site", "http", "https"), free_ports(4), strict=True))
        environment = environment_of(scratch, primary, replica, ports)
        prepare(primary, environment)
        certify(scratch)
        with (
            redis(scratch, ports["redis"]),
            gunicorn(scratch, ports["site"], environment | changed) as site,
            nginx(scratch, ports),
        ):
            yield Deployed(
                scratch, primary, replica, ports["redis"], ports["http"], ports["https"], site, environment
            )


def options_of(file):
    """The lines of a configuration of PostgreSQL, as ["name=value", ...]."""
    lines = [line.split("#")[0].strip() for line in (DEPLOY / file).read_text().splitlines()]
    return ["=".join(part.strip(" '") for part in line.split("=", 1)) for line in lines if line]


def free_ports(number):
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def environment_of(scratch, primary, replica, ports):
    lines = [line for line in (DEPLOY / "environment").read_text().splitlines() if not line.startswith("#")]
    here = {
        "ALLOWED_HOSTS": "localhost",
        "SITE_ADDRESS": f"https://localhost:{ports['https']}",
        "DATABASE_URL": primary.address().replace("postgres@", "kzforeign_app@"),
        "DATABASE_REPLICA_URL": replica.address().replace("postgres@", "kzforeign_app@"),
        "CACHE_URL": f"redis://127.0.0.1:{ports['redis']}/0",
        "STATIC_ROOT": str(scratch / "static"),
        "RELEASES_ROOT": str(scratch / "releases"),
        # All that is measured comes from one address.
        "API_RATE": "off",
    }
    return os.environ | dict(line.split("=", 1) for line in lines) | here


def prepare(primary, environment):
    """As the README says: the owner's tables, the application's data, files that are served as they are."""
    for statement in [*ROLES.split("; "), "CREATE DATABASE kzforeign OWNER kzforeign_owner"]:
        primary.ask(statement, "postgres")
    application = environment["DATABASE_URL"]
    owner = application.replace("kzforeign_app@", "kzforeign_owner@")
    alone = environment | {"DATABASE_REPLICA_URL": ""}
    manage(owner, "migrate", **alone | {"DATABASE_URL": owner})
    manage(owner, "protect_history", "kzforeign_app", **alone | {"DATABASE_URL": owner})
    manage(application, "seed", **environment)
    manage(application, "collectstatic", "--noinput", "--ignore", "*redoc*", **environment)


def certify(scratch):
    made = [
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
        *("-addext", "subjectAltName=DNS:localhost"),
        *("-keyout", scratch / "privkey.pem", "-out", scratch / "fullchain.pem"),
    ]
    subprocess.run(made, check=True, capture_output=True)
    # The key of a certificate for nothing, to be read by nobody.
    (scratch / "privkey.pem").chmod(0o644)


@contextmanager
def process(command, log, port, **options):
    """A server that runs until the end, once it listens on the port."""
    with log.open("ab") as said:
        started = subprocess.Popen(
            list(map(str, command)), stdin=subprocess.DEVNULL, stdout=said, stderr=said, **options
        )
    try:
        last = time.monotonic() + 60
        while not listens(port):
            if started.poll() is not None or time.monotonic() > last:
                raise RuntimeError(f"{shlex.join(map(str, command))} did not start.\n{log.read_text()}")
            time.sleep(0.1)
        yield started
    finally:
        started.terminate()
        started.wait(timeout=40)


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def redis(scratch, port):
    command = [*NOBODY, "redis-server", DEPLOY / "redis.conf", "--port", port]
    if not readable_by_nobody(DEPLOY):
        shutil.copy(DEPLOY / "redis.conf", scratch)
        command[-3] = scratch / "redis.conf"
    return process(command, scratch / "redis.log", port, cwd="/")


def readable_by_nobody(path):
    return not NOBODY or not subprocess.run([*NOBODY, "test", "-r", path], check=False).returncode


def gunicorn(scratch, port, environment):
    command = [sys.executable, "-m", "gunicorn", "-c", DEPLOY / "gunicorn.conf.py", "kzforeign.wsgi"]
    command += ["--bind", f"127.0.0.1:{port}"]
    return process(command, scratch / "gunicorn.log", port, cwd=ROOT, env=environment)


@contextmanager
def nginx(scratch, ports):
    file = scratch / "nginx.conf"
    file.write_text(nginx_of(scratch, ports))
    # It writes logs and what it holds for slow readers.
    kept = scratch / "nginx"
    kept.mkdir()
    kept.chmod(0o777)
    command = [*NOBODY, shutil.which("nginx") or "/usr/sbin/nginx", "-c", file, "-e", kept / "error.log"]
    with process([*command, "-g", "daemon off;"], scratch / "nginx.log", ports["https"]) as started:
        yield started


def nginx_of(scratch, ports):
    """The configuration with the names, paths and ports of this run; each of these is there to be replaced."""
    text = (DEPLOY / "nginx.conf").read_text()
    for theirs, ours in {
        "kzforeign.example": "localhost",
        "/etc/ssl/kzforeign/": f"{scratch}/",
        "/srv/kzforeign/staticfiles/": f"{scratch}/static/",
        "/var/log/nginx/": f"{scratch}/nginx/",
        "/run/nginx.pid": f"{scratch}/nginx/pid",
        "listen 80": f"listen 127.0.0.1:{ports['http']}",
        "listen 443": f"listen 127.0.0.1:{ports['https']}",
        "server 127.0.0.1:8000": f"server 127.0.0.1:{ports['site']}",
        "http {\n": f"http {{\n{temporary(scratch / 'nginx')}",
    }.items():
        if theirs not in text:
            raise ValueError(f"deploy/nginx.conf does not say {theirs!r} any more.")
        text = text.replace(theirs, ours)
    return text


def temporary(directory):
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "".join(f"    {name}_temp_path {directory}/{name};\n" for name in names)


def without_limits(deployment):
    """All requests come from one address: how many it may send is measured, and then no limit to what is."""
    file = deployment.scratch / "nginx.conf"
    text = file.read_text()
    file.write_text(
        text.replace("rate=50r/s", "rate=1000000r/s").replace("connections 20;", "connections 1000;")
    )
    pid = int((deployment.scratch / "nginx" / "pid").read_text())
    os.kill(pid, 1)
    time.sleep(1)
