"""Reading many tables as they were at one moment, while others write."""

from contextlib import contextmanager

from django.db import connection, connections, transaction

from apps.core.deadlines import give
from apps.core.replicas import reading


@contextmanager
def snapshot():
    """Within, every query sees the database as it is at the first of them. Nobody waits, and nothing may be written.

    It takes the time that it takes: how long a table is has nothing to do with who asks (`core.deadlines`).

    Within a transaction, another snapshot included, it is that one, whatever it sees.
    """
    alias = reading()
    if connections[alias].in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # What is begun is read to its end; and to compile what is asked once takes longer than what it saves.
            cursor.execute(
                "SET LOCAL cursor_tuple_fraction = 1; SET LOCAL jit = off; SET LOCAL statement_timeout = 0"
            )
            yield
    else:
        give(None)
        with _taking_no_lock(), transaction.atomic():
            yield


@contextmanager
def _taking_no_lock():
    """By the settings a transaction on SQLite begins by taking the lock of whoever writes."""
    connection.ensure_connection()  # It is this that reads the settings.
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = mode
