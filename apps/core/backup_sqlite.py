"""Copies of an SQLite database while it is in use, and putting them back."""

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from apps.core.backup_file import Contents, Refused, Table, refuse_differing
from apps.core.backup_tables import OF_MIGRATE, RAISE, REVISION
from apps.core.disk import to_disk

# Seconds to wait for whoever writes.
PATIENCE = 60
# Rows that are read at once: the digest is of these, so that another number would make another digest.
AT_ONCE = 500


class Damaged(Refused):
    """It is no SQLite database, or not any more."""


class Sqlite:
    kind, member, is_worth_packing = "SQLite", "database.sqlite3", True

    def __init__(self, path):
        self.path = Path(path)

    def made_with(self):
        return f"SQLite {sqlite3.sqlite_version}"

    # -- Out of it

    def copy_to(self, target, directory):
        """Writes a copy as it is at one moment, whoever writes meanwhile; returns its Contents."""
        copy = directory / "copy.sqlite3"
        with _told(self.path), _opened(self.path) as live, _opened(copy, "rwc") as beside:
            # All pages in one step: in several, each write of another process would begin it anew.
            live.backup(beside, pages=-1, progress=_impatient)
            beside.execute("PRAGMA journal_mode=DELETE")
            refuse_broken(beside, self.path)
            contents = contents_of(beside)
        with copy.open("rb") as made:
            shutil.copyfileobj(made, target, 2**20)
        copy.unlink()
        return contents

    def check(self, file, description):
        with _told(file), _opened(file) as link:
            refuse_broken(link, file)
            refuse_differing(description, tables(link))

    # -- Into it

    def scratch(self):
        return self.path

    def refuse_unready(self, description):
        pass

    def holds(self):
        """(whether there is more than `migrate` writes, the number of its revision or 0). What is damaged is more."""
        if not self.path.exists():
            return False, 0
        try:
            with _told(self.path), _opened(self.path) as link:
                # FTS5 writes rows of its own at the beginning, to the tables behind the search.
                names = [name for name, kind in _listed(link) if kind == "table" and not _is_own(name)]
                return any(_has_rows(link, name) for name in names), revision(link)
        except Damaged:
            return True, 0

    def put_back(self, file, description, number):
        """Makes the database what the file is, at the revision `number` if any; returns its tables as they are then.

        As one transaction of SQLite's own: whoever reads goes on reading the old until then, and the new from then on.
        A file that took the place of another would meet the other's `-wal`, and be spoilt by it.
        """
        with _told(self.path), _opened(file) as beside:
            if number and REVISION in description.tables:
                now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
                beside.execute(RAISE.format(table=REVISION, value="?"), [number, now])
                beside.commit()
        if not self._is_filled(file):
            self._put_in_place(file)
        try:
            with _told(self.path), _opened(self.path) as live:
                refuse_broken(live, self.path)
                return tables(live)
        except Refused:
            # It is done, and by this found to be wrong.
            return {}

    def _is_filled(self, file):
        """Whether the database took what the file has; not where there is none, or none that is one any more."""
        if not self.path.exists():
            return False
        try:
            with _told(self.path), _opened(file) as beside, _opened(self.path) as live:
                beside.backup(live, pages=-1, progress=_impatient)
        except Damaged:
            return False
        return True

    def _put_in_place(self, file):
        """Of no file, or of one that is no database any more, which is kept with what belongs to it."""
        if self.path.exists():
            shutil.copymode(self.path, file)
            with suppress(PermissionError):
                os.chown(file, self.path.stat().st_uid, self.path.stat().st_gid)
            mark = f"damaged-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
            for ending in ("-wal", "-shm", "-journal", ""):
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{ending}").rename(f"{self.path}.{mark}{ending}")
        to_disk(file)
        file.rename(self.path)


@contextmanager
def _opened(path, mode="rw"):
    with closing(
        sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode={mode}", uri=True, timeout=PATIENCE)
    ) as link:
        # What is no UTF-8 is copied, and not looked at.
        link.text_factory = bytes
        yield link


def _impatient(status, _left, _pages):
    """Called after each try, of which the connection lets every one wait for PATIENCE: Python would go on for ever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise Refused(
            f"Somebody has been writing to the database for {PATIENCE} seconds. Stop the site, and try again. "
            "Nothing was changed."
        )


@contextmanager
def _told(path):
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        is_damaged = code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        raise (Damaged if is_damaged else Refused)(f"SQLite cannot work with {path}: {error}.") from error


def refuse_broken(link, path):
    """Raises Refused where a table or an index is damaged, or a row refers to one that is not there."""
    (said,) = link.execute("PRAGMA integrity_check(1)").fetchone()
    if said != b"ok":
        raise Refused(f"The database {path} is damaged: {said.decode(errors='replace')}.")
    if broken := link.execute("PRAGMA foreign_key_check").fetchone():
        raise Refused(f"A row of {broken[0].decode()} in {path} refers to a row that is not there.")


def contents_of(link):
    applied = []
    if "django_migrations" in dict(_listed(link)):
        applied = link.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return Contents(tables(link), [name.decode() for (name,) in applied], revision(link))


def revision(link):
    if REVISION not in dict(_listed(link)):
        return 0
    query = f"SELECT number FROM {REVISION}"  # nosec B608  # A name of ours.
    return next(iter(link.execute(query).fetchall()), (0,))[0]


def tables(link):
    """{name: Table} of all that has rows of its own, those of SQLite's counters and of the search included."""
    return {name: _digest(link, name) for name, kind in _listed(link) if kind in ("table", "shadow")}


def _listed(link):
    """[(name, "table", "virtual", "shadow" or "view")]"""
    query = "SELECT name, type FROM pragma_table_list WHERE schema = 'main' ORDER BY name"
    names = [(name.decode(), kind.decode()) for name, kind in link.execute(query)]
    return [(name, kind) for name, kind in names if name != "sqlite_schema"]


def _is_own(name):
    return name in OF_MIGRATE or name.startswith("sqlite_")


def _has_rows(link, name):
    # The name of a table of the file.
    return link.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone() is not None  # nosec B608


def _digest(link, name):
    """In the order of the primary key; `ascii`, since what `repr` escapes is not the same in every Python."""
    keyed = link.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", [name]).fetchall()
    order = ", ".join(f'"{key.decode()}"' for (key,) in keyed) or "rowid"
    rows, digest = 0, sha256()
    # The names of a table of the file, and of its columns.
    cursor = link.execute(f'SELECT * FROM "{name}" ORDER BY {order}')  # nosec B608
    while some := cursor.fetchmany(AT_ONCE):
        rows += len(some)
        digest.update(ascii(some).encode())
    return Table(rows, digest.hexdigest())
