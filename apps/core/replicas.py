"""Reading what is public from a streaming replica of the database, where there is one (DATABASE_REPLICA_URL).

A request reads from one database only, so that a page and the revision that its ETag names are of one moment's data.
Which one, `PublicReads` decides before anything is read: the replica for whoever reads what everybody may, the primary
for all else, which is whoever has a session or sends something, commands, and what is read within a transaction. Code
that asks a connection for a cursor, instead of a model for its rows, takes that of `reading()`.

A replica that is gone, is none, or is too far behind costs nobody a page: the primary answers then.
"""

import logging
import sys
from collections import deque
from contextvars import ContextVar
from itertools import chain
from threading import Lock
from time import monotonic

from django.conf import settings
from django.core.signals import got_request_exception
from django.db import (
    DEFAULT_DB_ALIAS,
    Error,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connections,
)

from apps.core.outages import SERVER_FAILS

logger = logging.getLogger(__name__)

REPLICA = "replica"
# Seconds from one look at how far the replica is behind to the next, and until one that failed is tried again.
LOOKED_AT_EVERY, LEFT_ALONE_FOR = 1, 5
# Bytes of an answer that are there before any is sent, so that all but long streams can still be given by the primary.
HELD_BACK = 64 * 1024
# What another try on the primary would not help: that it took too long, and that somebody put an end to it.
QUERY_CANCELED = "57014"
# Whether it is a replica, how far it is in the log that the two share, and whose log that is.
STANDING = """
SELECT is_replica,
       pg_wal_lsn_diff(CASE WHEN is_replica THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END, '0/0'),
       (SELECT system_identifier FROM pg_control_system())
FROM pg_is_in_recovery() AS is_replica
"""

_alias = ContextVar("reading", default=DEFAULT_DB_ALIAS)


def reading():
    """The alias of the database from which is read now."""
    alias = _alias.get()
    if alias != DEFAULT_DB_ALIAS and connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return DEFAULT_DB_ALIAS
    return alias


class Router:
    """Models read where `reading()` says and are written on the primary, of which the replica is the image."""

    def db_for_read(self, model, **hints):
        return reading()

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return db == DEFAULT_DB_ALIAS


class Replica:
    """What this process knows of the replica."""

    def __init__(self):
        self._looking = Lock()
        self._look_at = 0.0
        self._is_usable = False
        self._complaint = ""
        # (when, how far it was) of the primary, from `settings.REPLICA_LAG` seconds ago on.
        self._primary = deque()

    def is_usable(self):
        """Whether to read from it now. Whoever comes first in a second looks; the others go by what was seen before.

        Where nobody has looked yet, they wait: the primary may be what is gone.
        """
        if monotonic() >= self._look_at and self._looking.acquire(blocking=not self._look_at):
            try:
                if monotonic() >= self._look_at:
                    self._look()
            finally:
                self._looking.release()
        return self._is_usable

    def fail(self, error):
        """Takes note of an error of the database in a request that reads from the replica; true if it is over with it.

        A query that the replica gave up because it had to follow the primary, or that finds no table because a
        migration has not arrived yet, says nothing about the next.
        """
        code = getattr(error.__cause__, "pgcode", None)
        if code == QUERY_CANCELED:
            return False
        of_server = isinstance(error, (OperationalError, InterfaceError))
        if of_server and (code is None or code.startswith(SERVER_FAILS)):
            self._leave_alone(error)
        return True

    def _look(self):
        """The primary is asked first, so that the replica has had the time of a query more."""
        # A connection that broke since it was used tells nothing of the server.
        close_old_connections()
        try:
            primary, again_in = _standing(DEFAULT_DB_ALIAS), LOOKED_AT_EVERY
        except OperationalError:
            # Whoever looks may have waited seconds for it.
            primary, again_in = None, LEFT_ALONE_FOR
        try:
            complaint = self._what_is_wrong(primary, _standing(REPLICA))
        except Error as error:
            self._leave_alone(error)
        else:
            self._look_at = monotonic() + again_in
            self._conclude(complaint)

    def _what_is_wrong(self, primary, other):
        is_replica, replayed, also_of = other
        if not is_replica:
            return "it is not a replica: nothing keeps it in step with the primary"
        if primary is None:
            # What the replica has is all that there is.
            return ""
        _is_replica, position, of = primary
        if of != also_of:
            return "it is a replica of another server than the one that DATABASE_URL names"
        if not self._keeps_up(position, replayed):
            return f"it is more than {settings.REPLICA_LAG} s behind"
        return ""

    def _keeps_up(self, position, replayed):
        """Whether it has all that the primary had `settings.REPLICA_LAG` seconds ago, as far as somebody looked then.

        By where the two are in the log, since the age of the last transaction would tell of an idle night as well.
        """
        now = monotonic()
        self._primary.append((now, position))
        while self._primary[0][0] < now - settings.REPLICA_LAG:
            self._primary.popleft()
        return replayed is not None and replayed >= self._primary[0][1]

    def _leave_alone(self, error):
        self._look_at = monotonic() + LEFT_ALONE_FOR
        self._conclude(" ".join(str(error).split()))

    def _conclude(self, complaint):
        """The log tells what is new, and not again with each request."""
        was_usable, self._is_usable = self._is_usable, not complaint
        if complaint and complaint != self._complaint:
            logger.warning("The replica is not read from: %s", complaint)
        elif self._is_usable and not was_usable and self._complaint:
            logger.warning("The replica is read from again.")
        self._complaint = complaint


def _standing(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute(STANDING)
        return cursor.fetchone()


replica = Replica()


class Unanswered(BaseException):
    """The replica did not answer, and the primary is to be asked for all of it.

    No Exception, which Django would make a page of, and which whoever copes with errors on the way might keep.
    """


def _give_up(request, **kwargs):
    """When Django is about to answer an error that nobody foresaw, and has not yet logged it."""
    error = sys.exc_info()[1]
    if _alias.get() == REPLICA and isinstance(error, Error) and replica.fail(error):
        raise Unanswered from error


got_request_exception.connect(_give_up, dispatch_uid=f"{__name__}.give_up")


class PublicReads:
    """The WSGI application, each request of which reads from the replica or from the primary.

    To stand before whatever reads the database, the revision for a cache of pages included.
    """

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        _alias.set(DEFAULT_DB_ALIAS)
        if is_public_read(environ) and replica.is_usable():
            try:
                return self._from_replica(environ.copy(), start_response)
            except Unanswered:
                # What broke the one connection may have broken the other.
                close_old_connections()
        return self.application(environ, start_response)

    def _from_replica(self, environ, start_response):
        """Raises Unanswered; nothing was sent then, as an answer is held back until its beginning is there."""
        connections[REPLICA].close_if_unusable_or_obsolete()
        held, body = [], None
        _alias.set(REPLICA)
        try:
            body = self.application(environ, lambda *head: held.append(head))
            answer = body if is_file(body, environ) else HeldAnswer(body)
            start_response(*held[-1])
        except BaseException as error:
            close(body)
            if isinstance(error, Error) and replica.fail(error):
                raise Unanswered from error
            raise
        return answer


def is_file(body, environ):
    """Whether the server is to send the file itself: for that it has to get what it knows, and no database is read."""
    wrapper = environ.get("wsgi.file_wrapper")
    return isinstance(wrapper, type) and isinstance(body, wrapper)


class HeldAnswer:
    """The body of an answer, of which the beginning is there, and whose other parts may still have to be read."""

    def __init__(self, body):
        self.body = body
        parts, begun = iter(body), []
        while sum(map(len, begun)) < HELD_BACK and (part := next(parts, None)) is not None:
            begun.append(part)
        self.parts = chain(begun, parts)

    def __iter__(self):
        try:
            yield from self.parts
        except Error as error:
            replica.fail(error)
            raise

    def close(self):
        close(self.body)


def close(body):
    """What comes next in this thread reads from the primary unless it is said otherwise."""
    try:
        if hasattr(body, "close"):
            body.close()
    finally:
        _alias.set(DEFAULT_DB_ALIAS)


def is_public_read(environ):
    """Whether everybody gets the same answer: nothing is sent, and there is no session."""
    return environ["REQUEST_METHOD"] in ("GET", "HEAD") and settings.SESSION_COOKIE_NAME not in environ.get(
        "HTTP_COOKIE", ""
    )
