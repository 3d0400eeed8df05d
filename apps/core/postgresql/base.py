"""Django's backend for PostgreSQL, in whose place a server that does not answer keeps only one thread waiting.

A server that refuses does so at once. One that says nothing at all (its machine is off, a firewall drops what is sent)
keeps whoever connects waiting for `connect_timeout`, and soon all threads of the site would.
"""

from threading import Lock
from time import monotonic

from django.db.backends.postgresql import base

# Seconds to wait for before a server counts as silent, and until another thread tries again.
SILENT, PAUSE = 0.5, 1


class Silence:
    """Of one server, as far as this process knows."""

    def __init__(self):
        self._is_silent, self._next = False, 0.0
        self._lock = Lock()

    def may_try(self):
        """Whether to connect: always, but that one thread at a time finds out whether a silent server is back."""
        with self._lock:
            now = monotonic()
            if self._is_silent and now < self._next:
                return False
            # Nobody else tries meanwhile; whoever does says when that is over.
            self._next = now + 60
            return True

    def tell(self, is_silent):
        with self._lock:
            self._is_silent, self._next = is_silent, monotonic() + PAUSE


silences = {}


class DatabaseWrapper(base.DatabaseWrapper):
    # The texts of the statements that this connection has prepared (`core.prepared`); None where it shall prepare none.
    prepared = None

    def get_new_connection(self, conn_params):
        silence = silences.setdefault(self.alias, Silence())
        if not silence.may_try():
            raise self.Database.OperationalError("The server said nothing to who asked a moment ago.")
        begun, is_silent = monotonic(), False
        try:
            connection = super().get_new_connection(conn_params)
            self.prepared = set()
            return connection
        except self.Database.OperationalError:
            is_silent = monotonic() - begun > SILENT
            raise
        finally:
            silence.tell(is_silent)
