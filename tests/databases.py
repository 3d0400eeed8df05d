"""Databases for the tests: one that is migrated, once in a run, and copies of it for whoever needs one.

To migrate takes some ten seconds, to copy a fraction of one. Each worker of pytest-xdist has a copy, and so have the
tests that start a server or commands in processes of their own. On SQLite it is kept for the next run besides, below
.pytest_cache, as long as the migrations are the same.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache" / "migrated"
# The directory that all workers of a run share, in the environment, which they inherit.
SHARED = "TESTS_SHARED"
# Not by a test without the mark `database`, which the gate does not run on PostgreSQL.
may_be_made = True


def begin_run(early):
    """With `early` the database is migrated while the workers look for their tests, which all would wait for it."""
    global _early
    os.environ[SHARED] = mkdtemp(prefix="kzforeign-tests-")
    _early = Thread(target=migrated) if early else None
    if _early:
        _early.start()


def end_run():
    if _early:
        _early.join()
    shared = Path(os.environ.pop(SHARED))
    if (made := shared / "address").exists():
        drop(made.read_text())
    shutil.rmtree(shared)


def migrated():
    """The address of the database that is migrated, by whoever asks first. It is copied only; read a copy."""
    refuse_unmarked()
    shared = Path(os.environ[SHARED])
    made = shared / "address"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            address = new_database(os.environ.get("DATABASE_URL", ""), shared, kept())
            manage(address, "migrate")
            close(address)
            keep(address)
            made.write_text(address)
    return made.read_text()


def kept():
    """The address of the one that an earlier run migrated, "" for none.

    It is migrated again, in a moment, for what follows from the models besides their tables, as permissions do.
    """
    is_there = not is_postgres(os.environ.get("DATABASE_URL", "")) and kept_file().exists()
    return f"sqlite:///{kept_file()}" if is_there else ""


def keep(address):
    """In place of those of other migrations. What another run is about to read is there whole or not at all."""
    if is_postgres(address) or kept_file().exists():
        return
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    shutil.copy(path_of(address), unfinished := KEPT / secrets.token_hex(6))
    unfinished.rename(kept_file())


def kept_file():
    """Named after all that is migrated, and after the versions of what does it."""
    files = [*ROOT.glob("apps/*/migrations/*.py"), *ROOT.glob("kzforeign/*.py"), ROOT / "requirements.txt"]
    name = hashlib.sha256()
    for file in sorted(files):
        name.update(f"{file}\n".encode() + file.read_bytes())
    return KEPT / f"{name.hexdigest()}.sqlite3"


def manage(address, *command, **environment):
    """Runs a command of the site on the database."""
    command = [sys.executable, "manage.py", *command, "--verbosity", "0"]
    environment = os.environ | {"DATABASE_URL": address} | environment
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdin=subprocess.DEVNULL)


@contextmanager
def database(url, directory, template=""):
    """Yields the address of a new database: one on the PostgreSQL server that `url` names, or a file in `directory`.

    It is empty, or as the one with the address `template` is.
    """
    address = new_database(url, directory, template)
    try:
        yield address
    finally:
        drop(address)


def refuse_unmarked():
    if not may_be_made:
        raise RuntimeError("A test that makes a database of its own needs the mark `database`.")


def new_database(url, directory, template=""):
    refuse_unmarked()
    if is_postgres(url):
        address = urlunsplit(urlsplit(url)._replace(path=f"/kzforeign_{secrets.token_hex(6)}"))
        copied = f" TEMPLATE {name_in(template)}" if template else ""
        on_server(url, f"CREATE DATABASE {name_in(address)}{copied}")
        return address
    file = Path(directory) / f"{secrets.token_hex(6)}.sqlite3"
    if template:
        shutil.copy(path_of(template), file)
    return f"sqlite:///{file}"


def close(address):
    """No more connections to it: PostgreSQL copies no database that somebody is connected to."""
    if is_postgres(address):
        on_server(address, f"ALTER DATABASE {name_in(address)} ALLOW_CONNECTIONS false")


def drop(address):
    """A file goes with its directory."""
    if is_postgres(address):
        on_server(address, f"DROP DATABASE {name_in(address)} WITH (FORCE)")


def is_postgres(address):
    return address.startswith("postgres")


def name_in(address):
    return urlsplit(address).path.removeprefix("/")


def path_of(address):
    return address.removeprefix("sqlite:///")


def on_server(url, statement):
    """Runs a statement that makes or drops a database, connected to the one that every server has."""
    connection = psycopg2.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
