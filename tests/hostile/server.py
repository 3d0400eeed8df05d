"""The site as it runs for real: gunicorn, DEBUG off, its own data in a database that goes when it ends."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.databases import ROOT, database, manage

STARTED_WITHIN = 60  # seconds
# Without the scripts of the page of the API's documentation, which take two thirds of the time.
COMMANDS = ("migrate", "seed", "release", "collectstatic --noinput --ignore *redoc* --ignore *swagger*")


@contextmanager
def serving(database_url="", template=""):
    """Yields (its address without a slash behind, the file of its log).

    `database_url` names any database of a PostgreSQL server, beside which one is made; without it, it is SQLite.
    `template` is the address of a database that is migrated, of which it is to be a copy.
    """
    with TemporaryDirectory() as scratch, database(database_url, scratch, template) as address:
        environment = {
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL_REDIRECT": "0",
            "API_RATE": "off",
            "STATIC_ROOT": f"{scratch}/static",
            "RELEASES_ROOT": f"{scratch}/releases",
            "SITE_ADDRESS": "http://127.0.0.1",
        }
        for command in COMMANDS[bool(template) :]:
            manage(address, *command.split(), **environment)
        log = Path(scratch) / "log"
        with gunicorn(os.environ | environment | {"DATABASE_URL": address}, log) as url:
            yield url, log


@contextmanager
def gunicorn(environment, log, *more):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # The application answers long addresses too: gunicorn itself would, in HTML.
    options = "--worker-class gthread --threads 4 --no-control-socket --limit-request-line 0"
    command = [sys.executable, "-m", "gunicorn", "kzforeign.wsgi", "--bind", f"127.0.0.1:{port}"]
    with log.open("wb") as file:
        server = subprocess.Popen(
            [*command, *options.split(), *more], cwd=ROOT, env=environment, stdout=file, stderr=file
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(url, server, log)
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(url, server, log):
    last = time.monotonic() + STARTED_WITHIN
    while True:
        try:
            urllib.request.urlopen(f"{url}/robots.txt", timeout=10).close()
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > last:
                raise RuntimeError(f"The server did not start.\n{log.read_text()}") from None
            time.sleep(0.2)


def failures(log):
    """The lines of a log by which Django and gunicorn begin to tell of what nobody foresaw."""
    begun = ("Internal Server Error", "Error handling request")
    return [line for line in log.splitlines() if any(text in line for text in begun)]
