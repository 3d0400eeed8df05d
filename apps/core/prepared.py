"""Statements that PostgreSQL plans once for each connection, and not again for each request.

To plan the joins by which the rows of a page are read takes it longer than to read them. psycopg2 knows no prepared
statements, so that they are prepared and executed by SQL, both at once for the first time.

A plan is made without the values of the parameters (`settings.PLANNING`), and made again when PostgreSQL has counted
anew what a table holds, or the table was altered. What a plan has to know stands in the text (`with_constants`): a
limit, a status that nearly all rows have.
"""

import re
from functools import lru_cache
from hashlib import sha256
from itertools import count

from django.db import DatabaseError

# Statements that a connection prepares at most, which takes the server some 150 KB for each.
MOST = 200
# Classes of codes by which PostgreSQL says that a statement is not there, or is there already, or has other columns by
# now, as after a migration, or that the type of a parameter is not known before its value is.
OUT_OF_STEP = ("26", "42", "0A")
# Of a parameter in the text of a statement, or of a percent sign.
PLACE = re.compile("%[%s]")


def execute(cursor, sql, params, connection=None):
    """As the method of `cursor`, of a statement whose text is one of few.

    The cursor is Django's, or the driver's own of that `connection`, whose errors are the driver's then.

    Within a transaction, which would be lost with a statement that is not as it was prepared, none is. Elsewhere such a
    one is executed as it stands, and so is whatever its connection executes after it: a pooler may stand before the
    server, and lead each statement to another of its sessions. A new connection begins anew.
    """
    connection = connection or cursor.db
    prepared = getattr(connection, "prepared", None)
    is_known = prepared is not None and sql in prepared
    if prepared is None or not connection.get_autocommit() or (len(prepared) >= MOST and not is_known):
        cursor.execute(sql, params)
        return
    preparing, executing = commands(sql)
    try:
        cursor.execute(executing if is_known else f"{preparing}; {executing}", params)
        prepared.add(sql)
    except (DatabaseError, connection.Database.Error) as error:
        if not (getattr(error.__cause__ or error, "pgcode", None) or "").startswith(OUT_OF_STEP):
            raise
        connection.prepared = None
        cursor.execute(sql, params)


@lru_cache(maxsize=10 * MOST)
def commands(sql):
    """(the command that prepares a statement, and the one that executes it)

    It is named after its text, so that one that somebody else prepared under the name has the same answer.
    """
    numbers = count(1)
    text = PLACE.sub(lambda found: found[0] if found[0] == "%%" else f"${next(numbers)}", sql)
    name = f"kzforeign_{sha256(sql.encode()).hexdigest()[:24]}"
    places = ", ".join(["%s"] * (next(numbers) - 1))
    return f"PREPARE {name} AS {text}", f"EXECUTE {name} ({places})" if places else f"EXECUTE {name}"


def with_constants(connection, sql, params, varying):
    """(SQL, parameters) with the values of all parameters in the text, but for those of `varying`."""
    written = iter("%s" if param in varying else written_in(connection, "%s", [param]) for param in params)
    text = PLACE.sub(lambda found: found[0] if found[0] == "%%" else next(written), sql)
    return text, [param for param in params if param in varying]


def written_in(connection, sql, params):
    """The text of a statement with the values of these parameters in it."""
    return connection.ops.compose_sql(sql, params).replace("%", "%%")
