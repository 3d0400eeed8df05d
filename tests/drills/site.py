"""A site to be tried: gunicorn as `kzforeign/deploy` has it, on a database of its own, and who asks it."""

import http.client
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from time import monotonic, sleep
from typing import NamedTuple

from tests.benchmarks.deployed import DEPLOY, free_ports, process
from tests.databases import ROOT, manage
from tests.replication import Server

TOKEN = "t" * 32
# Makes an editor and prints the key of a session of theirs.
SESSION = """
import django
django.setup()
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
user = User.objects.create_user("drill", is_staff=True)
user.groups.add(Group.objects.get(name="editor"))
client = Client()
client.force_login(user)
from apps.states.models import State
print(client.session.session_key, State.objects.first().pk)
"""


class Told(NamedTuple):
    """What a request was answered with; status 0 where it was not. `at` and `took` in seconds."""

    status: int
    headers: dict
    content: bytes
    at: float
    took: float

    @property
    def is_refusal(self):
        return self.status == 503 and bool(self.headers.get("Retry-After"))


class Site(NamedTuple):
    port: int
    gunicorn: object
    # Of an editor, and the key of a state.
    session: str
    state: str
    log: Path

    def ask(self, address, *, method="GET", body=None, headers=(), as_curator=False, timeout=30):
        sent = {"Host": "localhost", "X-Forwarded-Proto": "https"} | dict(headers)
        if as_curator:
            cookies = f"__Host-sessionid={self.session}; __Host-csrftoken={TOKEN}"
            sent |= {"Cookie": cookies, "X-CSRFToken": TOKEN}
            sent |= {"Referer": "https://localhost/", "Content-Type": "application/x-www-form-urlencoded"}
        begun = monotonic()
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            client.request(method, address, body, sent)
            answer = client.getresponse()
            told = answer.status, dict(answer.headers), answer.read()
        except (OSError, http.client.HTTPException) as error:
            told = 0, {}, repr(error).encode()
        finally:
            client.close()
        return Told(*told, begun, monotonic() - begun)

    def workers(self):
        pid = self.gunicorn.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def site(address, scratch, *, config=DEPLOY / "gunicorn.conf.py", **environment):
    """Yields a Site on an empty database, which is migrated and seeded first."""
    environment = os.environ | {
        "SECRET_KEY": "of a drill",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": address,
        "STATIC_ROOT": str(scratch / "static"),
        "RELEASES_ROOT": str(scratch / "releases"),
        "SITE_ADDRESS": "https://localhost",
        "API_RATE": "off",
        "DJANGO_SETTINGS_MODULE": "kzforeign.settings",
        "DEBUG": "0",
        **environment,
    }
    for command in ("migrate", "seed", "collectstatic --noinput --ignore *redoc*"):
        manage(address, *command.split(), **environment)
    made = subprocess.run(
        [sys.executable, "-c", SESSION], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "gunicorn", "-c", config, "kzforeign.wsgi"]
    command += ["--bind", f"127.0.0.1:{port}"]
    log = scratch / "gunicorn.log"
    with process(command, log, port, cwd=ROOT, env=environment) as gunicorn:
        yield Site(port, gunicorn, *made.stdout.split(), log)


@contextmanager
def postgres():
    """Yields an empty PostgreSQL server of its own."""
    scratch = Path(mkdtemp(prefix="kzforeign-drill-"))
    if os.getuid() == 0:
        shutil.chown(scratch, "postgres")
    server = Server(scratch, "primary")
    try:
        server.run(
            "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-N"
        )
        server.start()
        server.ask("CREATE DATABASE kzforeign", "postgres")
        yield server
    finally:
        server.stop(check=False)
        shutil.rmtree(scratch)


@contextmanager
def load(asks, rate):
    """Calls these in turn, `rate` times a second, each in a thread of its own, as long as it lasts.

    Yields a list that fills with what they return, which is whole afterwards.
    """
    told, threads, is_over = [], [], []

    def go():
        begun, number = monotonic(), 0
        while not is_over:
            ask = asks[number % len(asks)]
            threads.append(Thread(target=lambda ask=ask: told.append(ask())))
            threads[-1].start()
            number += 1
            sleep(max(begun + number / rate - monotonic(), 0))

    loader = Thread(target=go)
    loader.start()
    try:
        yield told
    finally:
        is_over.append(True)
        loader.join()
        for thread in threads:
            thread.join()
