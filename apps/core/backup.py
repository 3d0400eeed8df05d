"""Backups: making them while the site runs, and going back to one, wholly or not at all."""

from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from django.db.migrations.loader import MigrationLoader

from apps.core.backup_file import Description, Refused, describe, differing, software, unpack, write
from apps.core.backup_postgresql import Postgresql
from apps.core.backup_sqlite import Sqlite
from apps.core.backup_tables import REVISION
from apps.core.disk import to_disk
from apps.core.releases import releases


def database(connection):
    """What a connection of Django's is to, as whoever backs it up sees it."""
    if connection.vendor == "sqlite":
        return Sqlite(connection.settings_dict["NAME"])
    return Postgresql(connection.get_connection_params())


def make(database, path):
    """Writes a backup of the database to `path`, where no file may be yet; returns its Description.

    The file gets this name when it is complete and was read again.
    """
    refuse_taken(path)
    with room_beside(path) as directory:
        unfinished = directory / "unfinished"
        description = write(unfinished, database, directory)
        database.check(unpack(unfinished, description, database.member, directory), description)
        to_disk(unfinished)
        # Once more, since it took its time.
        refuse_taken(path)
        unfinished.rename(path)
        # Not every system can say so of a directory.
        with suppress(OSError):
            to_disk(path.parent)
    return description


def refuse_taken(path):
    if path.exists():
        raise Refused(f"{path} is there already. Name another file, or move it away.")


class Restored(NamedTuple):
    """From what; the tables as they were read in the database; and its revision now, or 0."""

    description: Description
    tables: dict
    revision: int

    @property
    def differing(self):
        """The tables that are not as the backup says, apart from that of the revision, which is raised."""
        return [name for name in differing(self.description.tables, self.tables) if name != REVISION]


def restore(database, path, *, replace, agrees):
    """Makes the database what the backup is. Whatever is wrong is told, by Refused, before anything is changed.

    One that is not empty is replaced only with `replace`, and if `agrees(description)`.
    """
    description = describe(path)
    refuse_foreign(description, database)
    database.refuse_unready(description)
    is_filled, number = database.holds()
    if is_filled and not replace:
        raise Refused(
            "The database is not empty. --replace puts the backup in the place of all that it holds; make a backup of "
            "that first."
        )
    with room_beside(database.scratch()) as directory:
        file = unpack(path, description, database.member, directory)
        database.check(file, description)
        if is_filled and not agrees(description):
            raise Refused("Nothing was changed.")
        number = following(number, description)
        return Restored(description, database.put_back(file, description, number), number)


def following(number, description):
    """A revision that nobody has seen yet, so that pages, citations and releases of others stay what they are."""
    seen = max(number, description.revision)
    return seen and max([seen, *(release.number for release in releases()[:1])]) + 1


@contextmanager
def room_beside(path):
    """A directory that only this user can read and that is gone afterwards, on the disk where `path` is to be.

    Where that disk is full or cannot be written, it is told as Refused.
    """
    try:
        # What is done is done, whether the directory can be taken away then or not.
        with TemporaryDirectory(
            prefix=".kzforeign-", dir=path.parent, ignore_cleanup_errors=True
        ) as directory:
            yield Path(directory)
    except OSError as error:
        raise Refused(f"{path.parent} cannot be written: {error.strerror or error}.") from error


def refuse_foreign(description, database):
    """Raises Refused for a backup of another kind of database, or of tables that this code does not know."""
    if description.kind != database.kind:
        raise Refused(
            f"This is a backup of a {description.kind} database, and DATABASE_URL names one of {database.kind}. "
            f"Name a {description.kind} database there."
        )
    code = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in code.disk_migrations}
    replaced = {
        f"{app}.{name}" for migration in code.disk_migrations.values() for app, name in migration.replaces
    }
    if unknown := [name for name in description.migrations if name not in known | replaced]:
        raise Refused(
            f"This backup was made by {description.software} with migrations that this version ({software()}) does "
            f"not have: {', '.join(unknown[:5])}{' ...' if unknown[5:] else ''}. Install the version that made it."
        )
