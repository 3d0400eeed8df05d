"""The public data as one SQLite database: the tables of the package (`dataset_export`), to be asked in SQL.

Whatever refers to a row holds its key: the slug or code, or what the column `key` has where it takes several columns to
tell rows apart. Where a cell of the package may name several rows there is a table of such pairs instead. Beside a date
stand its bounds as the site itself compares them, 0001-01-01 and 9999-12-31 where there is no limit, so that no
comparison leaves a row out.
"""

import sqlite3
from contextlib import closing
from functools import cache, partial

from django.db import models

from apps.core.fields import BoundField
from apps.core.fixtures import fixture_models, kept_fields
from apps.core.lookups import Lookups, linked_ids
from apps.core.public_rows import key_order, public, public_id
from apps.core.table_cells import Cells, cells_of, of_values, read, told
from apps.core.tables import Column

_TYPES = (
    ((models.BooleanField, models.IntegerField), "INTEGER"),
    (models.DecimalField, "NUMERIC"),
    (models.Field, "TEXT"),
)


class Dangling(Exception):
    """A row refers to one that is not among the rows; `str()` says which."""


def write_database(path, about):
    """Writes the file, which must not be there; {table: number of rows}. `about` is {name: text} for the table of that.

    The same rows give the same bytes under the same version of SQLite. Of other rows nothing gets into the file, so
    that nothing has to be wiped from it.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        # There is no file to go back to.
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("BEGIN")
        _write_about(database, about)
        counts = {}
        for model in fixture_models():
            counts |= _write_table(database, model)
        for model in fixture_models():
            _write_indexes(database, model)
        database.execute("COMMIT")
        if dangling := database.execute("PRAGMA foreign_key_check").fetchone():
            table, row, target, _number = dangling
            raise Dangling(f"Row {row} of {table} refers to a row of {target} that is not there.")
    return counts


def _write_about(database, about):
    database.execute("CREATE TABLE _about (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)")
    database.executemany("INSERT INTO _about VALUES (?, ?)", about.items())


def table(model):
    return model._meta.model_name


def link_table(field):
    """That of a column that may name several rows."""
    return f"{table(field.model)}_{field.name}"


def key_column(model):
    return public_id(model) or "key"


@cache
def _fields(model):
    """The columns: those of the package that hold one value, each date with its bounds behind it."""
    bounds = [field for field in model._meta.concrete_fields if isinstance(field, BoundField)]
    found = []
    for field in kept_fields(model):
        if not field.many_to_many:
            found.append(field)
            found += [bound for bound in bounds if bound.sources[-1] == field.name]
    return found


def _many(model):
    return [field for field in kept_fields(model) if field.many_to_many]


@cache
def _has_key(model):
    """Whether others refer to its rows, which no single column tells apart."""
    targets = {field.related_model for other in fixture_models() for field in kept_fields(other)}
    return model in targets and not public_id(model)


def _create(database, model):
    own = ['"key" TEXT PRIMARY KEY NOT NULL'] if _has_key(model) else []
    columns = ",\n  ".join([*own, *(_column(model, field) for field in _fields(model))])
    database.execute(f'CREATE TABLE "{table(model)}" (\n  {columns}\n)')
    for field in _many(model):
        one, other = table(model), table(field.related_model)
        database.execute(
            f'CREATE TABLE "{link_table(field)}" (\n'
            f'  "{one}" TEXT NOT NULL {_reference(model)},\n'
            f'  "{other}" TEXT NOT NULL {_reference(field.related_model)},\n'
            f'  PRIMARY KEY ("{one}", "{other}")\n)'
        )


def _column(model, field):
    name, kind = f'"{field.name}"', next(kind for fields, kind in _TYPES if isinstance(field, fields))
    if field.is_relation:
        return f"{name} TEXT {_reference(field.related_model)}"
    if field.name == public_id(model):
        return f"{name} TEXT PRIMARY KEY NOT NULL"
    return f"{name} {kind}{' NOT NULL' if isinstance(field, BoundField) else ''}"


def _reference(target):
    return f'REFERENCES "{table(target)}" ("{key_column(target)}")'


def _write_table(database, model):
    _create(database, model)
    counts = dict.fromkeys([table(model), *map(link_table, _many(model))], 0)
    lookups, rows = Lookups(), public(model).order_by(*key_order(model))
    own = Cells.of("key", "pk", partial(lookups.texts, model))
    cells = [*([own] if _has_key(model) else []), *(_cells(field, lookups) for field in _fields(model))]
    many = [(field, f"{field.name}_ids") for field in _many(model)]
    linked = Cells((), {"pk": None} | {name: linked_ids(field) for field, name in many}, lambda chunk: [])
    with closing(read(rows, [*cells, linked])) as chunks:
        for chunk in chunks:
            # Nothing is NULL, as SQL has it.
            columns = [[None if cell == "" else cell for cell in cells] for cells in told(cells, chunk)]
            counts[table(model)] += _insert(database, table(model), zip(*columns, strict=True))
            for field, name in many:
                targets = lookups.linked(field.related_model, chunk[name])
                keys = zip(lookups.texts(model, chunk["pk"]), targets, strict=True)
                pairs = [(key, target) for key, targets in keys for target in targets]
                counts[link_table(field)] += _insert(database, link_table(field), pairs)
    return counts


def _cells(field, lookups):
    """As in the package, but that a bound stands there even where no day is known, and a boolean is a number."""
    if isinstance(field, BoundField):
        return of_values(field, lookups)
    if isinstance(field, models.BooleanField):
        return Cells.of(field.name, field.name)
    return cells_of(Column(field), lookups)


def _insert(database, table, rows):
    """The number of rows."""
    rows = list(rows)
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        # The name of a table of ours, and a mark for each value.
        database.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)  # nosec B608
    return len(rows)


def _write_indexes(database, model):
    """On what leads to other rows, and on what puts rows in the order of time; keys have theirs already."""
    for field in _fields(model):
        if not (field.is_relation or field.name.endswith("_earliest")):
            continue
        name = f"{table(model)}_{field.name}"
        database.execute(f'CREATE INDEX "{name}_index" ON "{table(model)}" ("{field.name}")')
    for field in _many(model):
        target = table(field.related_model)
        database.execute(f'CREATE INDEX "{link_table(field)}_index" ON "{link_table(field)}" ("{target}")')
