"""Inserting many rows at several times the speed of `bulk_create`, which builds each statement anew.

Rows get their primary keys before they are written, so that whatever refers to them can be written with them. No
signal is sent and nothing is told (`core.changes`): that is for the caller.
"""

from functools import partial

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.utils import timezone

from apps.core.fields import PartialDateField, TouchedField

# Of one statement with the values of several rows.
ROWS = 500


def insert(model, rows):
    """Inserts the rows, which are new, and returns what was written of each, in the order of `columns_of`.

    Raises what the database refuses, IntegrityError above all, having set their primary keys to None again.
    """
    for row, pk in zip(rows, reserve(model, len(rows)), strict=True):
        row.pk = pk
    try:
        written = prepared(model, rows)
        insert_values(model, columns_of(model), written)
    except Exception:
        for row in rows:
            row.pk = None
        raise
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return written


def insert_new(model, rows):
    """Inserts rows that are given as {attribute name of a column: value}, and gives each its primary key there."""
    key = model._meta.pk.attname
    for row, pk in zip(rows, reserve(model, len(rows)), strict=True):
        row[key] = pk
    fields = [(field.attname, _Prepared(field)) for field in model._meta.concrete_fields]
    insert_values(model, columns_of(model), [[values[row[name]] for name, values in fields] for row in rows])


def update(model, rows):
    """Writes all columns of rows that exist, and returns what `insert` does."""
    quote, fields = connection.ops.quote_name, model._meta.concrete_fields
    # The primary key comes last, as in the statement.
    places = sorted(range(len(fields)), key=lambda place: fields[place].primary_key)
    columns = [fields[place].column for place in places]
    to = ", ".join(f"{quote(column)} = %s" for column in columns[:-1])
    written = prepared(model, rows)
    with connection.cursor() as cursor:
        cursor.executemany(
            # Names of a table and of columns.
            f"UPDATE {quote(model._meta.db_table)} SET {to} WHERE {quote(columns[-1])} = %s",  # nosec B608
            [[row[place] for place in places] for row in written],
        )
    return written


def batches(pks, size=1000):
    """The keys in sorted lists of at most `size`, which a database takes as parameters of one query."""
    pks = sorted(pk for pk in pks if pk is not None)
    for first in range(0, len(pks), size):
        yield pks[first : first + size]


def columns_of(model):
    return [field.attname for field in model._meta.concrete_fields]


def prepared(model, rows):
    """Each row, about to be saved, as the values that the database takes; all are touched at one moment."""
    now = timezone.now()
    fields = [(field, _Prepared(field)) for field in model._meta.concrete_fields]
    touched = [field.attname for field, _values in fields if isinstance(field, TouchedField)]
    readers = [
        (field.value_from_object if field.attname in touched else partial(field.pre_save, add=True), values)
        for field, values in fields
    ]
    for row in rows:
        for name in touched:
            setattr(row, name, now)
    return [[values[value(row)] for value, values in readers] for row in rows]


def stored(model, pks):
    """{primary key: values, as `prepared` has them} of those rows of these keys that there are."""
    fields = [(place, _Prepared(field)) for place, field in enumerate(model._meta.concrete_fields)]
    rows = model._base_manager.filter(pk__in=pks).order_by("pk").values_list("pk", *columns_of(model))
    return {pk: [values[row[place]] for place, values in fields] for pk, *row in rows}


class _Prepared(dict):
    """A field's values as the database takes them; most columns have few different ones."""

    def __init__(self, field):
        self._prepare = partial(field.get_db_prep_save, connection=connections[DEFAULT_DB_ALIAS])
        # Texts and keys, many of which are different, are taken as they are.
        text = isinstance(field, (models.CharField, models.TextField)) and not isinstance(
            field, PartialDateField
        )
        number = isinstance(field, (models.IntegerField, models.ForeignKey))
        self._plain = str if text else int if number else None

    def __missing__(self, value):
        if type(value) is self._plain:
            return value
        self[value] = made = self._prepare(value)
        return made


def insert_values(model, names, rows):
    """Inserts rows given as lists of values, as `names`, attribute names of the columns, have them in order."""
    if not rows:
        return
    quote, by_name = connection.ops.quote_name, {f.attname: f.column for f in model._meta.concrete_fields}
    into = ", ".join(quote(by_name[name]) for name in names)
    # Names of a table and of columns.
    start = f"INSERT INTO {quote(model._meta.db_table)} ({into}) VALUES "  # nosec B608
    one = f"({', '.join(['%s'] * len(names))})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(start + one, rows)
            return
        # There executemany() sends a statement for each row.
        for first in range(0, len(rows), ROWS):
            some = rows[first : first + ROWS]
            cursor.execute(start + ", ".join([one] * len(some)), [value for row in some for value in row])


def add_to_counts(model, names, change):
    """Adds to counts, {values of all `names` but the last, which are unique together: number}.

    In one order, so that no two writers wait for each other. Returns the values of those that became less.
    """
    table, (*key, counted) = connection.ops.quote_name(model._meta.db_table), names
    rows = sorted((*values, number) for values, number in change.items() if number)
    one = f"({', '.join(['%s'] * len(names))})"
    with connection.cursor() as cursor:
        for first in range(0, len(rows), ROWS):
            some = rows[first : first + ROWS]
            # Names of a table and of columns, and a mark for each value.
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([one] * len(some))} "  # nosec B608
                f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {counted} = {table}.{counted} + EXCLUDED.{counted}",
                [value for row in some for value in row],
            )
    return [row[:-1] for row in rows if row[-1] < 0]


def reserve(model, count):
    """So many primary keys that no row has or will get otherwise, within the transaction of whoever writes."""
    table, column = model._meta.db_table, model._meta.pk.column
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "nextval(pg_get_serial_sequence(%s, %s))"
            # A text of the line above.
            query = f"SELECT {sequence} FROM generate_series(1, %s)"  # nosec B608
            cursor.execute(query, [quote(table), column, count])
            return [key for (key,) in cursor.fetchall()]
        # The keys of rows that are deleted are not given out again: history still speaks of them.
        # Names of a table and of its key.
        cursor.execute(
            f"SELECT MAX(COALESCE((SELECT MAX({quote(column)}) FROM {quote(table)}), 0), "  # nosec B608
            "COALESCE((SELECT seq FROM sqlite_sequence WHERE name = %s), 0))",
            [table],
        )
        (last,) = cursor.fetchone()
    return range(last + 1, last + 1 + count)
