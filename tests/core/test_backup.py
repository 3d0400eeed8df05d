"""Backups and restoring them, on databases of their own: what comes back, and what is refused with nothing changed."""

import json
import os
import re
import resource
import shutil
import sqlite3
import zipfile
from contextlib import closing, contextmanager
from io import StringIO
from threading import Event, Thread
from types import SimpleNamespace

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db.utils import ConnectionHandler

from apps.core import backup, lease
from apps.core.backup_file import DESCRIPTION
from kzforeign import settings
from tests import databases

pytestmark = pytest.mark.database

URL = os.environ.get("DATABASE_URL", "")
on_postgresql = pytest.mark.skipif(not databases.is_postgres(URL), reason="asks PostgreSQL's tools")
on_sqlite = pytest.mark.skipif(databases.is_postgres(URL), reason="about the file of SQLite")


def database(address):
    return backup.database(ConnectionHandler({"default": settings.database(address)})["default"])


@contextmanager
def opened(address):
    if databases.is_postgres(address):
        link = psycopg2.connect(address)
    else:
        link = sqlite3.connect(databases.path_of(address), timeout=20)
    with closing(link), closing(link.cursor()) as cursor:
        yield link, cursor


def execute(address, *statements):
    with opened(address) as (link, cursor):
        for statement in statements:
            cursor.execute(statement)
        link.commit()


def number(address, query):
    with opened(address) as (_link, cursor):
        cursor.execute(query)
        return cursor.fetchone()[0]


def contents(address, directory):
    """Of its tables, without that of the revision."""
    with (directory / "contents").open("wb") as target:
        tables = database(address).copy_to(target, directory).tables
    return {name: table for name, table in tables.items() if name != "core_revision"}


USER = (
    "INSERT INTO auth_user (id, username, password, first_name, last_name, email, is_superuser, is_staff, is_active, "
    "date_joined) VALUES (7, 'Әсел', 'of which the hash stays', '', '', '', {no}, {no}, {no}, '2026-05-01 12:00:00')"
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """The address of a database with the project's data, its history and a user."""
    with databases.database(URL, tmp_path_factory.mktemp("filled"), databases.migrated()) as address:
        databases.manage(address, "seed", DEBUG="1")
        execute(address, USER.format(no="false" if databases.is_postgres(address) else 0))
        yield address


@pytest.fixture(scope="module")
def path(filled, tmp_path_factory):
    """A backup of it."""
    path = tmp_path_factory.mktemp("backup") / "backup.zip"
    backup.make(database(filled), path)
    return path


@pytest.fixture
def other(tmp_path):
    """The address of a database with no tables."""
    with databases.database(URL, tmp_path) as address:
        yield address


@pytest.fixture
def copy(filled, tmp_path):
    """The address of a database like `filled`."""
    with databases.database(URL, tmp_path, filled) as address:
        yield address


@pytest.fixture(scope="module")
def kept(filled, tmp_path_factory):
    """The address of a database like `filled`, which has to stay as it is."""
    with databases.database(URL, tmp_path_factory.mktemp("kept"), filled) as address:
        execute(address, "UPDATE auth_user SET username = 'somebody'")
        yield address


def restore(address, path, *, replace=False, agrees=lambda _description: True):
    return backup.restore(database(address), path, replace=replace, agrees=agrees)


def refusal(address, path, **options):
    with pytest.raises(backup.Refused) as refused:
        restore(address, path, **options)
    return str(refused.value)


# -- What comes back


def test_all_tables_come_back_with_history_and_users(filled, path, other, tmp_path):
    restored = restore(other, path)
    assert restored.differing == []
    before = contents(filled, tmp_path)
    assert contents(other, tmp_path) == before
    assert before["auth_user"].rows == 1
    assert before["visits_historicalvisit"].rows > before["visits_visit"].rows - 1 > 10
    assert number(other, "SELECT username FROM auth_user") == "Әсел"
    assert oct(path.stat().st_mode)[-3:] == "600"
    # Keys go on where they were.
    highest = number(other, "SELECT max(id) FROM states_place")
    if databases.is_postgres(other):
        assert number(other, "SELECT nextval('states_place_id_seq')") == highest + 1
    else:
        assert number(other, "SELECT seq FROM sqlite_sequence WHERE name = 'states_place'") == highest


def test_what_was_written_since_is_gone_and_the_revision_goes_on(filled, path, copy, tmp_path, monkeypatch):
    execute(copy, "UPDATE core_revision SET number = 41", "DELETE FROM auth_user")
    assert "not empty" in refusal(copy, path)
    assert refusal(copy, path, replace=True, agrees=lambda description: description.revision != 1)
    assert number(copy, "SELECT count(*) FROM auth_user") == 0
    asked, waited_at = [], []
    query = "SELECT number FROM core_revision"
    monkeypatch.setattr(lease, "wait", lambda: waited_at.append(number(copy, query)))
    restored = restore(copy, path, replace=True, agrees=lambda description: asked.append(1) or True)
    assert (restored.differing, restored.revision, asked) == ([], 42, [1])
    # Whoever is told of it reads it then.
    assert waited_at == ([42] if databases.is_postgres(copy) else [])
    assert contents(copy, tmp_path) == contents(filled, tmp_path)
    assert number(copy, query) == 42
    latest = "SELECT CAST(changed_at AS text) FROM core_revision"
    assert number(copy, latest) > number(filled, latest)


def test_a_migrated_database_is_empty(path, tmp_path):
    with databases.database(URL, tmp_path, databases.migrated()) as address:
        assert restore(address, path).differing == []


def test_no_release_gets_the_number_of_another(path, monkeypatch):
    monkeypatch.setattr(backup, "releases", lambda: [SimpleNamespace(number=99), SimpleNamespace(number=98)])
    description = backup.describe(path)
    assert [backup.following(number, description) for number in (0, 98, 99, 200)] == [100, 100, 100, 201]


def test_a_database_that_was_never_written_has_no_revision(tmp_path, other):
    path = tmp_path / "backup.zip"
    with databases.database(URL, tmp_path, databases.migrated()) as address:
        backup.make(database(address), path)
    assert restore(other, path).revision == 0
    assert number(other, "SELECT count(*) FROM core_revision") == 0


# -- While the site runs

PAIR = "CREATE TABLE one (id integer PRIMARY KEY)", "CREATE TABLE two (id integer PRIMARY KEY)"


@contextmanager
def written_to(address):
    """Somebody writes all the time, in two tables at once."""
    is_over, written = Event(), []

    def write():
        with opened(address) as (link, cursor):
            while not is_over.is_set():
                for table in ("one", "two"):
                    cursor.execute(f"INSERT INTO {table} VALUES ({len(written)})")
                link.commit()
                written.append(1)

    writer = Thread(target=write)
    writer.start()
    try:
        yield written
    finally:
        is_over.set()
        writer.join()


@pytest.mark.exhaustive
def test_backup_is_of_one_moment_while_others_write(copy, tmp_path):
    if not databases.is_postgres(copy):
        execute(copy, "PRAGMA journal_mode=WAL")
    execute(copy, *PAIR)
    with written_to(copy) as written:
        while len(written) < 5:
            pass
        before = len(written)
        description = backup.make(database(copy), tmp_path / "backup.zip")
        assert len(written) > before + 5
    rows = description.tables["one"].rows
    assert before <= rows == description.tables["two"].rows < len(written)
    assert restore(copy, tmp_path / "backup.zip", replace=True).differing == []


@on_sqlite
def test_open_connections_see_what_was_restored(path, copy):
    execute(copy, "PRAGMA journal_mode=WAL")
    with opened(copy) as (link, cursor):
        cursor.execute("UPDATE auth_user SET username = 'another'")
        link.commit()
        restore(copy, path, replace=True)
        assert cursor.execute("SELECT username FROM auth_user").fetchone() == ("Әсел",)
        cursor.execute("UPDATE auth_user SET username = 'and on'")
        link.commit()
    assert number(copy, "SELECT username FROM auth_user") == "and on"


@on_sqlite
def test_nobody_waits_for_ever_for_whoever_writes(path, copy, monkeypatch):
    monkeypatch.setattr("apps.core.backup_sqlite.PATIENCE", 0.2)
    with opened(copy) as (_link, cursor):
        cursor.execute("BEGIN IMMEDIATE")
        with pytest.raises(backup.Refused, match="has been writing"):
            restore(copy, path, replace=True)
    assert restore(copy, path, replace=True).differing == []


@on_sqlite
def test_a_file_that_is_no_database_any_more_is_kept_beside(path, other, tmp_path):
    file = databases.path_of(other)
    with open(file, "wb") as damaged:
        damaged.write(b"nothing of a database " * 500)
    assert "not empty" in refusal(other, path)
    assert restore(other, path, replace=True).differing == []
    (kept,) = tmp_path.glob("*.damaged-*")
    assert kept.read_bytes().startswith(b"nothing of a database")


@on_sqlite
def test_a_damaged_database_is_not_backed_up(copy, tmp_path):
    with open(databases.path_of(copy), "r+b") as file:
        file.seek(4096 * 300)
        file.write(b"\xff" * 4096 * 20)
    with pytest.raises(backup.Refused, match="damaged|malformed"):
        backup.make(database(copy), tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()


# -- What is no backup, or none for here


def rewritten(path, to, change):
    """The backup, with another description."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, json.dumps(change(json.loads(content))) if name == DESCRIPTION else content)


def flipped(path, to):
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0x10
    to.write_bytes(content)


def with_other_rows(told):
    rows, digest = told["tables"]["visits_historicalvisit"]
    return told | {"tables": told["tables"] | {"visits_historicalvisit": [rows - 1, digest]}}


WRONG = {
    "cut off": (
        lambda path, to: to.write_bytes(path.read_bytes()[:-200]),
        "no backup, or was damaged or cut off",
    ),
    "half": (lambda path, to: to.write_bytes(path.read_bytes()[: path.stat().st_size // 2]), "cut off"),
    "damaged": (flipped, "was damaged: what it holds is not what its backup.json says"),
    "empty": (lambda path, to: to.touch(), "no backup"),
    "something else": (lambda path, to: to.write_text("name,code\n"), "no backup"),
    "not there": (lambda path, to: None, "cannot be read: No such file or directory"),
    "of another ZIP file": (lambda path, to: zipfile.ZipFile(to, "w").close(), "no backup"),
    "of another kind": (
        lambda path, to: rewritten(path, to, lambda told: told | {"kind": "Oracle"}),
        "a backup of a Oracle database, and DATABASE_URL names one of",
    ),
    "newer": (
        lambda path, to: rewritten(
            path, to, lambda told: told | {"migrations": [*told["migrations"], "visits.0999_more"]}
        ),
        r"this version \(kzforeign .*\) does not have: visits.0999_more. Install the version that made it",
    ),
    "of a newer format": (
        lambda path, to: rewritten(path, to, lambda told: told | {"format": 2}),
        "newer version",
    ),
    "without its description": (
        lambda path, to: rewritten(path, to, lambda told: {"format": 1}),
        "cannot be read",
    ),
    "with other rows": (
        lambda path, to: rewritten(path, to, with_other_rows),
        "not what its backup.json says, in the tables visits_historicalvisit",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_file_is_refused_and_nothing_is_changed(what, path, kept, tmp_path):
    make, sentence = WRONG[what]
    to = tmp_path / "wrong.zip"
    make(path, to)
    assert re.search(sentence, refusal(kept, to, replace=True))
    assert number(kept, "SELECT username FROM auth_user") == "somebody"
    assert number(kept, "SELECT count(*) FROM visits_historicalvisit") > 10


def test_no_file_is_overwritten(filled, path):
    with pytest.raises(backup.Refused, match="is there already"):
        backup.make(database(filled), path)


@contextmanager
def no_room():
    """No file can be larger than 200 kB, as on a disk that is full by then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_full_disk_leaves_no_backup(filled, tmp_path):
    directory = tmp_path / "backups"
    directory.mkdir()
    with no_room(), pytest.raises(backup.Refused):
        backup.make(database(filled), directory / "backup.zip")
    assert [*directory.iterdir()] == []


def test_full_disk_leaves_the_database_as_it_was(path, kept, tmp_path):
    before = contents(kept, tmp_path)
    with no_room():
        refusal(kept, path, replace=True)
    assert contents(kept, tmp_path) == before


# -- PostgreSQL's tools


def tool(directory, name, script):
    file = directory / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@on_postgresql
def test_missing_and_old_tools_are_named(filled, path, other, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(backup.Refused, match="pg_dump was not found.*apt-get install postgresql-client"):
        backup.make(database(filled), tmp_path / "backup.zip")
    assert "pg_restore was not found" in refusal(other, path)
    for name in ("pg_dump", "pg_restore"):
        tool(tmp_path, name, f'echo "{name} (PostgreSQL) 9.6.24"')
    with pytest.raises(
        backup.Refused,
        match=r"pg_dump is of PostgreSQL 9.6.24, and the server of \d+: .* postgresql-client-\d",
    ):
        backup.make(database(filled), tmp_path / "backup.zip")
    assert "pg_restore is of PostgreSQL 9.6.24, and the backup of" in refusal(other, path)
    assert not (tmp_path / "backup.zip").exists()


@on_postgresql
def test_no_tool_has_the_password_among_its_arguments(filled, tmp_path, monkeypatch):
    pg_dump = shutil.which("pg_dump")
    tool(tmp_path, "pg_dump", f'echo "$@ / $PGPASSWORD" >> {tmp_path}/seen\nexec {pg_dump} "$@"')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    there = database(filled)
    there.parameters["password"] = "of-nobodys-business"
    backup.make(there, tmp_path / "backup.zip")
    arguments = [line.split(" / ") for line in (tmp_path / "seen").read_text().splitlines()]
    assert {password for _arguments, password in arguments} == {"of-nobodys-business"}
    assert not any("business" in given or "127.0.0.1" in given for given, _password in arguments)
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        assert b"business" not in archive.read(DESCRIPTION)


@on_postgresql
def test_what_a_tool_says_is_told(filled, tmp_path, monkeypatch):
    tool(tmp_path, "pg_dump", 'case $1 in --version) echo 99.1;; *) echo "no such luck" >&2; exit 3;; esac')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(backup.Refused, match="pg_dump failed: no such luck"):
        backup.make(database(filled), tmp_path / "backup.zip")


@on_postgresql
def test_roles_keep_what_they_may_do_and_others_what_they_made(path, copy):
    role = f"kzforeign_of_{databases.name_in(copy)}"
    execute(
        copy,
        f"CREATE ROLE {role}",
        f"GRANT SELECT, INSERT ON people_historicalperson TO {role}",
        f"GRANT USAGE ON SEQUENCE people_historicalperson_history_id_seq TO {role}",
    )
    execute(copy, "CREATE VIEW of_others AS SELECT slug FROM people_person")
    # Not taken away with the table.
    assert "view of_others depends on table people_person" in refusal(copy, path, replace=True)
    execute(copy, "DROP VIEW of_others")
    may = "SELECT has_table_privilege('{}', 'people_historicalperson', '{}')"
    try:
        restore(copy, path, replace=True)
        assert [number(copy, may.format(role, what)) for what in ("INSERT", "UPDATE")] == [True, False]
        assert number(
            copy,
            f"SELECT has_sequence_privilege('{role}', 'people_historicalperson_history_id_seq', 'USAGE')",
        )
    finally:
        execute(copy, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


# -- The commands


@pytest.fixture
def manage(monkeypatch):
    """Runs a command on the database with the address."""

    def run(address, *command):
        there, out = database(address), StringIO()
        with monkeypatch.context() as patched:
            patched.setattr(backup, "database", lambda _connection: there)
            call_command(*command, stdout=out)
        return out.getvalue()

    return run


def test_commands_say_what_they_did(filled, copy, manage, tmp_path, monkeypatch):
    said = manage(filled, "backup", tmp_path)
    (path,) = tmp_path.glob("kzforeign-*.backup.zip")
    kind = "PostgreSQL" if databases.is_postgres(URL) else "SQLite"
    assert re.fullmatch(
        rf"{re.escape(str(path))}: {kind}, r\d+, \d+ tables with \d+ rows, \d+ bytes\.\n", said
    )
    with pytest.raises(CommandError, match="^There is no backup. .* is there already"):
        manage(filled, "backup", path)
    with pytest.raises(CommandError, match="^Nothing was restored. The database is not empty. --replace"):
        manage(copy, "restore", path)
    monkeypatch.setattr("builtins.input", lambda _question: "y")
    with pytest.raises(CommandError, match="Nothing was changed"):
        manage(copy, "restore", path, "--replace")
    said = manage(copy, "restore", path, "--replace", "--no-input")
    assert re.search(r"^ +1 +1  auth_user: identical$", said, re.MULTILINE)
    assert re.search(r"^ +1 +1  core_revision: raised$", said, re.MULTILINE)
    assert re.search(r"^Backup of 20.*; the revision is r\d+ now\.$", said, re.MULTILINE)
