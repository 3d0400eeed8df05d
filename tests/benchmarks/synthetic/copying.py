"""A synthetic database on PostgreSQL as a copy of the one on SQLite: the same rows, in a fraction of the time."""

import io
import sqlite3

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

# Rows to a COPY.
ROWS = 20_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy(path):
    """Of all tables of our apps; what migrations wrote there is replaced."""
    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model.__module__.startswith(("apps.", "simple_"))
    ]
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with transaction.atomic(), connection.cursor() as cursor:
        # Rows refer to each other in any order, and all of them are there in the end.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL timezone = 'UTC'")
        for model in models:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')
            _copy_table(source, cursor, model._meta)
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _copy_table(source, cursor, meta):
    columns = ", ".join(f'"{field.column}"' for field in meta.concrete_fields)
    found = source.execute(f'SELECT {columns} FROM "{meta.db_table}" ORDER BY 1')
    while rows := found.fetchmany(ROWS):
        text = "".join("\t".join(map(_cell, row)) + "\n" for row in rows)
        cursor.copy_expert(f'COPY "{meta.db_table}" ({columns}) FROM STDIN', io.StringIO(text))


def _cell(value):
    return r"\N" if value is None else str(value).translate(ESCAPES)
