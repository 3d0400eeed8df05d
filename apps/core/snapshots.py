"""Reading many tables as they were at one moment, while others write."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot():
    """Within, every query sees the database as it is at the first of them. Nobody waits, and nothing may be written.

    Within a transaction it is that one, whatever it sees.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # Django's own transactions take the lock of whoever writes.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
