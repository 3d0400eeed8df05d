"""Connections that outlive the request for which they were opened: to open one on SQLite costs 2 ms."""

import os
from contextlib import closing
from datetime import UTC, datetime
from functools import lru_cache
from time import monotonic

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections, router

from apps.core import lease
from apps.core.models import Revision
from apps.core.outages import outage_in
from apps.core.prepared import execute

# The moment as text, which no converter takes time for.
QUERY = "SELECT number, CAST(changed_at AS text) FROM core_revision WHERE id = 1"
# Seconds after which a connection is looked at again that is asked for nothing but the revision.
LOOKED_AT = 1


def revision_row():
    """(number, changed_at as text); None before anything was written, or where no migration was applied.

    The database is asked each time (`core.lease` has what it told a moment ago). Raises a `django.db.Error` where it is
    away (`core.outages`).

    It goes around Django's cursors and the ORM, which would take twenty times as long, and asks the database from which
    the answer would be made.
    """
    connection = connections[router.db_for_read(Revision)]
    # It may have been closed from the other side while nobody used it.
    attempts = 1 if connection.connection is None or connection.in_atomic_block else 2
    failure = None
    for _attempt in range(attempts):
        try:
            return _asked(connection)
        except (DatabaseError, InterfaceError, connection.Database.Error) as error:
            failure = error
            if not connection.in_atomic_block:
                connection.close()
    if outage_in(failure):
        with connection.wrap_database_errors:
            raise failure
    return None


def current_revision():
    """The Revision that the database is at, as `Revision.objects.current()` has it.

    By `revision_row`, or as the connection told it a moment ago (`core.lease`).
    """
    row = lease.held_by(connections[router.db_for_read(Revision)]) or revision_row()
    return revision(*row) if row else Revision.objects.current()


def skip_health_check():
    """Has Django not ask the connection that tells the revision whether it is there: it told it a moment ago."""
    connections[router.db_for_read(Revision)].health_check_done = True


@lru_cache(maxsize=8)
def revision(number, changed_at):
    """The Revision of a row that did not pass Django's converters: the same one as long as nothing is written."""
    moment = datetime.fromisoformat(changed_at)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return Revision(pk=Revision.ONLY, number=number, changed_at=moment.astimezone(UTC))


def _asked(connection):
    if connection.connection is None or monotonic() >= connection.look_again_at:
        renew(connection)
        connection.ensure_connection()
    asked_at = lease.clock()
    with closing(connection.connection.cursor()) as cursor:
        execute(cursor, QUERY, (), connection)
        row = cursor.fetchone()
    lease.begin(connection, row, asked_at)
    return row


def renew(connection):
    """Closes a connection that has come of age, or whose file is another one by now."""
    if connection.connection is None or connection.in_atomic_block:
        return
    connection.look_again_at = monotonic() + LOOKED_AT
    too_old = connection.close_at is not None and monotonic() >= connection.close_at
    if too_old or connection.vendor == "sqlite" and file_of(connection) != connection.opened_file:
        connection.close()


def file_of(connection):
    """What tells the file of an SQLite database from another one at its place; None where there is none."""
    try:
        found = os.stat(connection.settings_dict["NAME"])
    except OSError:  # It lies in memory, or is gone.
        return None
    return found.st_dev, found.st_ino


def remember(sender, connection, **kwargs):
    """When a connection is opened, for `renew`, which tells a database that was put in place of it, as a backup is.

    Nobody goes by what the one before it told.
    """
    connection.look_again_at = monotonic() + LOOKED_AT
    lease.end(connection)
    if connection.vendor == "sqlite":
        connection.opened_file = file_of(connection)


def renew_default(sender, **kwargs):
    """When Django begins to answer a request.

    Of the default database alone: a replica has no file that another could replace, and Django closes itself what has
    come of age.
    """
    renew(connections[DEFAULT_DB_ALIAS])
