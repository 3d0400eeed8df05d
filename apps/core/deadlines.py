"""How long what the site asks of a database may take: settings.READ_TIMEOUT seconds, after which the answer is 503.

PostgreSQL breaks off each statement that takes longer. SQLite knows no such limit: there it is a request that reads
which has so long, and whose statement is stopped from within once that is over. Not limited are commands (a migration
or an import takes the time that it takes), and what is streamed (`core.snapshots`), which is as long as the table.
"""

from threading import local
from time import monotonic

from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created

# Seconds that a statement of the site waits for what another has locked, as on SQLite.
LOCKED_FOR = 20
# Steps of SQLite's virtual machine, some 10 ms, after each of which it asks whether to go on.
STEPS = 1_000_000


class Deadline(local):
    """Of the request that a thread answers."""

    last = None


_deadline = Deadline()


def limit_statements():
    """For a process that serves the site, before it connects."""
    limits = f"-c statement_timeout={settings.READ_TIMEOUT}s -c lock_timeout={LOCKED_FOR}s"
    for there in connections.settings.values():
        if there["ENGINE"] == "apps.core.postgresql":
            given = there["OPTIONS"].get("options", "")
            # What the address of the database says comes last, and holds.
            there["OPTIONS"]["options"] = f"{limits} {given}".strip()
    connection_created.connect(watch, dispatch_uid=f"{__name__}.watch")


def watch(sender, connection, **kwargs):
    if connection.vendor == "sqlite":
        connection.connection.set_progress_handler(is_late, STEPS)


def is_late():
    """Whether what this thread asks takes too long by now."""
    return _deadline.last is not None and monotonic() > _deadline.last


def begin(sender, environ=None, **kwargs):
    """When Django begins to answer. What is sent to it is written, however long that takes."""
    reads = environ is not None and environ["REQUEST_METHOD"] in ("GET", "HEAD")
    give(monotonic() + settings.READ_TIMEOUT if reads and settings.READ_TIMEOUT else None)


def end(sender, **kwargs):
    """When the answer is sent, so that what the next request asks before Django has its own time."""
    give(None)


def give(last):
    """`last` is the moment, of `monotonic`, after which what this thread asks is late; None for never."""
    _deadline.last = last
