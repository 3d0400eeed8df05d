"""Dumps of a PostgreSQL database by its own tools while it is in use, and putting them back in one transaction.

Who the tools are to connect as, and with what password, they are told by their environment, which the list of processes
does not show.
"""

import io
import os
import re
import shutil
import subprocess
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile, gettempdir

import psycopg2

from apps.core import lease
from apps.core.backup_file import Contents, Doubtful, Refused, Table, refuse_differing
from apps.core.backup_tables import OF_MIGRATE, RAISE, REVISION

# What libpq calls a parameter of a connection, where that is not PG and its name.
NAMED = {"dbname": "PGDATABASE", "client_encoding": "PGCLIENTENCODING", "application_name": "PGAPPNAME"}
# Those that it takes from nowhere but the parameters.
UNNAMED = {"keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"}
# How rows are written out, whatever the server, the role or the connection is set to.
AS_TEXT = (
    "SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'; "
    "SET extra_float_digits = 1; SET statement_timeout = 0"
)
# Milliseconds to wait for whoever has a table locked.
PATIENCE = 60_000
# Bytes of rows that are sent at once.
AT_ONCE = 2**20
COPIED = re.compile(rb"COPY .* FROM stdin;\n").fullmatch
# By which psql is kept from obeying what stands among rows; nobody obeys here.
OF_PSQL = re.compile(rb"\\(un)?restrict [A-Za-z0-9]+\n").fullmatch
DEBIAN = "On Debian and Ubuntu: apt-get install postgresql-client."


class Postgresql:
    kind, member, is_worth_packing = "PostgreSQL", "database.dump", False

    def __init__(self, parameters):
        """Those of a connection, as psycopg2 takes them."""
        self.parameters = parameters

    def made_with(self):
        return f"pg_dump {self._version('pg_dump')[1]}"

    # -- Out of it

    def copy_to(self, target, directory):
        """Writes a dump as of one moment, whoever writes meanwhile; returns its Contents, as of the same moment."""
        with _told(), self._connected() as link, link.cursor() as cursor:
            self._refuse_older("pg_dump", link.server_version // 10_000, "the server")
            link.set_session("REPEATABLE READ", readonly=True)
            schema = _schema(cursor)
            snapshot = _one(cursor, "SELECT pg_export_snapshot()")
            quoted = schema.replace('"', '""')
            self._run(
                ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password"]
                + [f'--schema="{quoted}"', f"--snapshot={snapshot}", f"--lock-wait-timeout={PATIENCE}"],
                lambda output: shutil.copyfileobj(output, target, 2**20),
            )
            return contents_of(cursor, schema)

    def check(self, file, description):
        """Whether pg_restore reads it to its end."""
        with open(os.devnull, "wb") as nowhere:
            self._script(file, lambda output: shutil.copyfileobj(output, nowhere, 2**20))

    # -- Into it

    def scratch(self):
        return Path(gettempdir()) / "restored"

    def refuse_unready(self, description):
        """Raises Refused where pg_restore is missing, or older than what the backup was made with."""
        self._refuse_older("pg_restore", _major(description.made_with), "the backup")

    def holds(self):
        """(whether there is more than `migrate` writes, the number of its revision or 0)"""
        with _told(), self._connected() as link, link.cursor() as cursor:
            schema = _schema(cursor)
            names = [name for name in _names(cursor, schema) if name not in OF_MIGRATE]
            # The name of a table, quoted.
            query = "SELECT EXISTS (SELECT 1 FROM {})"
            has_rows = any(_one(cursor, query.format(_quoted(schema, name))) for name in names)
            return has_rows, revision(cursor, schema)

    def put_back(self, file, description, number):
        """Makes the schema what the dump is, at the revision `number` if any; returns its tables as they were read.

        In one transaction: whoever reads waits for it, or reads the old. Roles keep what they may do with tables.
        """
        with _told(), self._connected() as link:
            with link.cursor() as cursor:
                schema = _schema(cursor)
                grants = _grants(cursor, schema)
                cursor.execute(f"SET lock_timeout = {PATIENCE}")
                _empty(cursor, schema)
                self._script(file, lambda output: _execute(cursor, output), f"--schema={schema}")
                found = tables(cursor, schema)
                refuse_differing(description, found)
                for grant, name in grants:
                    if name in found or _one(cursor, "SELECT to_regclass(%s)", [_quoted(schema, name)]):
                        cursor.execute(grant)
                if number and REVISION in found:
                    raised = RAISE.format(table=_quoted(schema, REVISION), value="%s")
                    cursor.execute(raised, [number, datetime.now(UTC)])
            _commit(link)
            # Until nobody goes by the revision before.
            lease.wait()
            # What the planner knows of the tables is in no dump.
            link.autocommit = True
            with suppress(psycopg2.Error), link.cursor() as cursor:
                cursor.execute("ANALYZE")
        return found

    # -- The tools

    def _script(self, file, read, *options):
        command = ["pg_restore", "--file=-", "--no-owner", "--no-privileges", "--exit-on-error"]
        self._run([*command, *options, str(file)], read)

    def _run(self, command, read):
        """Lets `read` have what it puts out; raises Refused with what it said where it failed."""
        with TemporaryFile() as said:
            with subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                env=self._environment(),
            ) as tool:
                read(tool.stdout)
            said.seek(0)
            if tool.returncode:
                complaint = " ".join(said.read().decode(errors="replace").split())
                hint = " Run it as the owner of the tables." if "permission denied" in complaint else ""
                raise Refused(f"{command[0]} failed: {complaint or tool.returncode}{hint}")

    def _environment(self):
        given = {name: str(value) for name, value in self.parameters.items() if name not in UNNAMED}
        return os.environ | {NAMED.get(name, f"PG{name.upper()}"): value for name, value in given.items()}

    def _refuse_older(self, tool, major, than):
        version, text = self._version(tool)
        if version < major:
            raise Refused(
                f"{tool} is of PostgreSQL {text}, and {than} of {major}: it has to be as new. Install "
                f"postgresql-client-{major} or newer, and let it come first in PATH."
            )

    def _version(self, tool):
        """(major version, version) of what is found in PATH."""
        if not shutil.which(tool):
            raise Refused(f"{tool} was not found. It comes with PostgreSQL's client. {DEBIAN}")
        said = subprocess.run([tool, "--version"], capture_output=True, text=True, env=self._environment())
        if said.returncode or not (found := re.search(r"\d+(\.\d+)*", said.stdout)):
            raise Refused(f"{tool} --version failed: {said.stderr.strip() or said.stdout.strip()}")
        return _major(found[0]), found[0]

    @contextmanager
    def _connected(self):
        with closing(psycopg2.connect(**self.parameters)) as link:
            yield link


def _commit(link):
    try:
        link.commit()
    except psycopg2.OperationalError as error:
        raise Doubtful(
            f"PostgreSQL went away when all was restored and it was told to keep it: {str(error).strip()}. Look at the "
            "revision that pages name in their ETag, or restore again."
        ) from error


@contextmanager
def _told():
    try:
        yield
    except psycopg2.errors.LockNotAvailable as error:
        raise Refused(
            "Somebody has held a table for a minute. Stop the site, and try again. Nothing was changed."
        ) from error
    except psycopg2.Error as error:
        raise Refused(f"PostgreSQL says: {str(error).strip()}. Nothing was changed.") from error


def _major(text):
    return int(re.search(r"\d+", text)[0])


def _one(cursor, query, parameters=None):
    cursor.execute(query, parameters)
    return cursor.fetchone()[0]


def _column(cursor, query, parameters=None):
    cursor.execute(query, parameters)
    return [value for (value,) in cursor.fetchall()]


def _quoted(*names):
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def _schema(cursor):
    """That in which tables are made and found."""
    return _one(cursor, "SELECT current_schema()")


def _names(cursor, schema):
    query = (
        "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p') "
        'ORDER BY relname COLLATE "C"'
    )
    return _column(cursor, query, [_quoted(schema)])


# -- What it holds


def contents_of(cursor, schema):
    found, applied = tables(cursor, schema), []
    if "django_migrations" in found:
        name = _quoted(schema, "django_migrations")
        query = f"SELECT app || '.' || name FROM {name}"  # nosec B608  # The name of a table, quoted.
        applied = sorted(_column(cursor, query))
    return Contents(found, applied, revision(cursor, schema))


def revision(cursor, schema):
    if REVISION not in _names(cursor, schema):
        return 0
    query = f"SELECT number FROM {_quoted(schema, REVISION)}"  # nosec B608  # The name of a table, quoted.
    return next(iter(_column(cursor, query)), 0)


def tables(cursor, schema):
    """{name: Table} of the schema."""
    cursor.execute(AS_TEXT)
    return {name: _digest(cursor, _quoted(schema, name)) for name in _names(cursor, schema)}


def _digest(cursor, name):
    """In the order of the primary key, and of texts in that of their bytes, whatever the order of the database is."""
    query = (
        "SELECT quote_ident(attname) || CASE WHEN attcollation = 0 THEN '' ELSE ' COLLATE \"C\"' END FROM pg_index "
        "JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey) "
        "WHERE indrelid = %s::regclass AND indisprimary ORDER BY array_position(indkey::int2[], attnum)"
    )
    order = ", ".join(_column(cursor, query, [name])) or 't::text COLLATE "C"'
    rows = Rows()
    # The names of a table and of its columns, quoted.
    cursor.copy_expert(f"COPY (SELECT * FROM {name} t ORDER BY {order}) TO STDOUT", rows)  # nosec B608
    return Table(rows.number, rows.digest.hexdigest())


class Rows:
    """Takes what COPY gives out, a line for each row."""

    def __init__(self):
        self.number, self.digest = 0, sha256()

    def write(self, content):
        self.number += content.count(b"\n")
        self.digest.update(content)


# -- Putting back


def _grants(cursor, schema):
    """[(statement, name of the table or sequence)] of what roles besides the owner may do."""
    query = (
        "SELECT format('GRANT %%s ON %%s %%I.%%I TO %%I', privilege_type, "
        "CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, %s, relname, pg_get_userbyid(grantee)), relname "
        "FROM pg_class, aclexplode(relacl) "
        "WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p', 'S') AND grantee NOT IN (0, relowner)"
    )
    cursor.execute(query, [schema, _quoted(schema)])
    return cursor.fetchall()


def _empty(cursor, schema):
    """Not by CASCADE: what others have made of the tables is not taken away with them, and is named instead."""
    if names := _names(cursor, schema):
        cursor.execute(f"DROP TABLE {', '.join(_quoted(schema, name) for name in names)}")


def _execute(cursor, script):
    """The statements that pg_restore puts out, and the rows between them."""
    statements = []
    for line in script:
        if COPIED(line):
            _flush(cursor, statements)
            _copy(cursor, line.decode(), script)
        elif not OF_PSQL(line):
            statements.append(line)
    _flush(cursor, statements)


def _flush(cursor, statements):
    # Comments alone are no statement.
    if any(line.strip() and not line.startswith(b"--") for line in statements):
        cursor.execute(b"".join(statements).decode())
    statements.clear()


def _copy(cursor, statement, lines):
    """The rows up to the line that ends them."""
    some, size = [], 0
    for line in lines:
        if line == b"\\.\n":
            break
        some.append(line)
        size += len(line)
        if size >= AT_ONCE:
            cursor.copy_expert(statement, io.BytesIO(b"".join(some)))
            some, size = [], 0
    cursor.copy_expert(statement, io.BytesIO(b"".join(some)))
