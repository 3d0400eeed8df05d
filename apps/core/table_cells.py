"""What the cells of a table hold: read as the database has it, and told a column of many rows at a time.

To make each row an object of its model would cost more than all else that a file needs. So none is made: what a cell
says of a row that it refers to, or of a day, is found once and kept for the other cells that say the same.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.db import connection, models
from django.db.models import Func

from apps.core.dates import EARLIEST, LATEST
from apps.core.fixtures import json_of
from apps.core.lookups import joined_key, linked_ids
from apps.core.tables import key_text, plain_text

# So many rows are read, told and written at once.
CHUNK = 1000


class Cells(NamedTuple):
    """Columns of a file that are made of the same: their names, what that is, and how.

    `reads` is {name: expression}, the expression None where the queryset has something of that name. `tell` takes
    {name: values, one for each row} and gives for each column a list of as many texts.
    """

    names: tuple[str, ...]
    reads: dict
    tell: Callable

    @classmethod
    def of(cls, name, read, tell=lambda values: values, *, expression=None):
        """One column, made of one value by `tell`, which takes and gives those of all rows."""
        return cls((name,), {read: expression}, lambda chunk: [tell(chunk[read])])


def read(queryset, cells):
    """Yields what the cells are made of, CHUNK rows at a time: {name: values}. Closed midway, it lets the cursor go."""
    reads = {name: expression for some in cells for name, expression in some.reads.items()}
    made = {name: expression for name, expression in reads.items() if expression is not None}
    rows = queryset.annotate(**made).values_list(*reads)
    # As iterator() does it, but for the conversion of each value.
    compiler = rows.query.get_compiler(rows.db)
    for part in compiler.execute_sql(chunked_fetch=True, chunk_size=CHUNK):
        yield dict(zip(reads, zip(*part, strict=True), strict=True))


def told(cells, chunk):
    """The columns of the file, for the rows of a chunk."""
    return [texts for some in cells for texts in some.tell(chunk)]


def cells_of(column, lookups):
    """A column (`core.tables`) as a file of the model has it."""
    field = column.field
    if field.many_to_many:
        tell = partial(lookups.lists, (field.related_model,))
        return Cells.of(column.name, f"{column.name}_ids", tell, expression=linked_ids(field))
    if not column.refers:
        return of_values(field, lookups)
    paths = [f"{field.name}__{path}" for path in joined_key(field.related_model)]
    if len(paths) > 1 and not field.null:
        # There may be many of them, and to look each up costs more than a join.
        return Cells((field.name,), dict.fromkeys(paths), partial(_joined_keys, paths))
    return Cells.of(column.name, field.attname, partial(lookups.texts, field.related_model))


def _joined_keys(paths, chunk):
    return [list(map(key_text, zip(*(chunk[path] for path in paths), strict=True)))]


class AsStored(Func):
    """A column as SQLite has it, and not as its driver makes it a day or a moment, a call of Python for each."""

    def as_sql(self, compiler, connection, **_unused):
        sql, params = compiler.compile(self.source_expressions[0])
        return f"CAST({sql} AS TEXT)" if connection.vendor == "sqlite" else sql, params


def plain(field, value):
    return plain_text(json_of(field, value))


def day_text(_field, day):
    """Of a bound: blank where no day is known."""
    return "" if day in (EARLIEST, LATEST) else day.isoformat()


def of_values(field, lookups, tell=plain):
    """A column of what `tell` says of the field and of each value of it."""
    if tell is plain and isinstance(field, models.CharField | models.TextField) and not field.null:
        return Cells.of(field.name, field.name)  # A partial date too is kept as it is written.
    texts = partial(lookups.each, (field, tell), find=partial(_converted, field, tell))
    if isinstance(field, models.DateField):
        return Cells.of(field.name, f"{field.name}_stored", texts, expression=AsStored(field.name))
    return Cells.of(field.name, field.name, texts)


def _converted(field, tell, found):
    """As Django converts what it reads."""
    column = field.cached_col
    steps = connection.ops.get_db_converters(column) + column.get_db_converters(connection)
    told = {}
    for value in found:
        converted = value
        for step in steps:
            converted = step(converted, column, connection)
        told[value] = tell(field, converted)
    return told


def of_moments(name):
    """A column of them in UTC, as ISO 8601 has it."""
    return Cells.of(name, f"{name}_stored", _moments, expression=AsStored(name))


def _moments(found):
    if connection.vendor == "sqlite":
        return [f"{text.replace(' ', 'T')}+00:00" for text in found]
    return [moment.isoformat() for moment in found]
