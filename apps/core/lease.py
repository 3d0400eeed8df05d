"""For how long a process goes by the revision that PostgreSQL told it, without asking again (Gray and Cheriton, 1989).

To ask takes a round trip, several times what it takes besides to answer what is kept. So what was told is gone by for
LEASE seconds from the moment before it was asked; in return, whoever raises the revision goes on WAIT seconds after the
commit only, and before that tells nobody that it is written. Whoever asks for a page once he was told of a change is
answered by a process that asked the database less than LEASE ago, hence after the commit, and so was told of it, too;
of a replica, where the primary waits until it has applied what is committed (`remote_apply`).

Before anybody is told, two requests may for so long be of two minds. It rests on clocks that go equally fast on all
machines, but for a twentieth; on a virtual machine that is halted, and its clock with it, a lease is as much older.

On SQLite to ask takes a few microseconds: nothing is leased there, and nobody waits.
"""

import time
from functools import partial
from select import POLLIN, poll

from django.db import connection, connections, transaction

# Seconds. To wait longer makes up for clocks that differ.
LEASE, WAIT = 0.02, 0.021
# One that goes on while the machine sleeps, where there is one.
clock = time.monotonic
if hasattr(time, "CLOCK_BOOTTIME"):
    clock = partial(time.clock_gettime, time.CLOCK_BOOTTIME)

# {alias: (row of the revision, until when)}: both at once, since several threads read and write them.
_leases = {}


def begin(link, row, asked_at):
    """Takes note of what a connection told who asked it after `asked_at`, of `clock`; not within a transaction."""
    if link.vendor != "postgresql" or row is None or link.in_atomic_block:
        return
    link.lease = lease = row, asked_at + LEASE
    known = _leases.get(link.alias)
    # A thread that was held up meanwhile knows nothing newer.
    if known is None or known[1] <= lease[1]:
        _leases[link.alias] = lease


def held(alias):
    """What the database told (`connections.revision_row`), where it need not be asked again; else None."""
    lease = _leases.get(alias)
    return lease and _row(lease, connections[alias])


def held_by(link):
    """The same, where it was this connection that told it, which is still there."""
    lease = link.connection and getattr(link, "lease", None)
    row = lease and _row(lease, link)
    return row if row and is_quiet(link.connection) else None


def is_quiet(connection):
    """Whether the server has said nothing since it was last asked, as where it ends a session."""
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    return not waiting.poll(0)


def _row(lease, link):
    row, until = lease
    return None if clock() >= until or link.in_atomic_block else row


def end(link):
    """Where its database may be another one from now on."""
    _leases.pop(link.alias, None)
    link.lease = None


def wait_once_committed():
    """For whoever has raised the revision: to be called after it, within its transaction if there is one.

    Who has raised it several times in a transaction waits once.
    """
    if connection.vendor != "postgresql":
        return
    # The one that is there goes only with a savepoint that what is raised now is part of as well.
    if not any(hook is wait for _savepoints, hook, _is_robust in connection.run_on_commit):
        transaction.on_commit(wait)


def wait():
    """Until what was told before is gone by no more; by whoever has committed, before he tells anybody."""
    time.sleep(WAIT)
