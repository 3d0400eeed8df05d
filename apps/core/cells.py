"""What the cells of a table hold: read as the database has it, and told a column of many rows at a time.

To make each row an object of its model would cost more than all else that a file needs. So none is made: what a cell
says of a row that it refers to, or of a day, is found once and kept for the other cells that say the same.
"""

import re
from collections.abc import Callable
from functools import cache, partial
from string import ascii_uppercase
from typing import NamedTuple

from django.db import connection, models
from django.db.models import Func, OuterRef, Subquery

from apps.core.dates import EARLIEST, LATEST
from apps.core.fixtures import frozen, json_of, kept_fields
from apps.core.public_rows import key_fields, public, public_id
from apps.core.tables import KEY_SEPARATOR, LIST_SEPARATOR, key_text, list_text, plain_text

# So many rows are read, told and written at once.
CHUNK = 2000
# So many answers to a question are kept in memory.
KEPT = 20_000
# For so many rows, by their primary keys, the database is asked at once; SQLite has a limit.
ASKED = 5000
# What stands before a natural key, and between the parts of one, where the database puts them together.
_KEY, _PART = "\x02", "\x01"
_IS_ONE = re.compile(rf"{_KEY}[^\\/;\s{_KEY}]*").fullmatch


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


class Lookups:
    """What was found, for as long as a file is written."""

    def __init__(self):
        self._kept = {}

    def each(self, question, wanted, find):
        """The answers to a question for each of `wanted`. `find` takes a set of these and gives {wanted: answer}."""
        kept = self._kept.setdefault(question, {})
        unknown = {*wanted} - kept.keys()
        if unknown:
            if len(kept) + len(unknown) > KEPT:
                kept.clear()
                unknown = {*wanted}
            kept.update(find(unknown))
        return list(map(kept.__getitem__, wanted))

    def texts(self, model, pks):
        """The natural key of each row; blank where there is none, or none that is public."""
        return self.each(("text", model), pks, partial(_key_texts, model))

    def lists(self, targets, found):
        """For each text of `ids_of` the natural keys, in their order; `targets` are the models, one for each column."""
        return self.each(("list", targets), found, partial(self._lists, targets))

    def linked(self, model, found):
        """For each text of `ids_of` one column, the natural keys, each as a text."""
        return self.each(("linked", model), found, partial(self._linked, model))

    def _lists(self, targets, found):
        keys = self._keys(targets, found)
        return {
            text: LIST_SEPARATOR.join([key for _order, key in sorted(some)]) for text, some in keys.items()
        }

    def _linked(self, model, found):
        return {text: sorted(key for _, key in some) for text, some in self._keys((model,), found).items()}

    def _keys(self, targets, found):
        """{text of `ids_of`: natural keys of what it names, each with its text}, public ones only."""
        named = {text: text[1:].split(",") if text else [] for text in found}
        names = list({name for some in named.values() for name in some})
        keys = self.each(("key", targets), names, partial(_named, targets))
        known = dict(zip(names, keys, strict=True))
        return {text: {known[name] for name in some} - {None} for text, some in named.items()}


def _named(targets, names):
    """{"B12": (natural key of the row 12 of the second of the models, its text)}, None for what is not public."""
    found = dict.fromkeys(names)
    for letter, model in zip(ascii_uppercase, targets, strict=False):
        pks = {int(name[1:]) for name in names if name[:1] == letter}
        found |= {f"{letter}{pk}": key for pk, key in _keys(model, pks).items()}
    return found


def _key_texts(model, pks):
    return {pk: key[1] if key else "" for pk, key in _keys(model, pks).items()}


def _keys(model, pks):
    """{primary key: (natural key, its text)}, None for what is not public."""
    found, asked = dict.fromkeys(pks), list(pks - {None})
    for first in range(0, len(asked), ASKED):
        for pk, key in _natural_keys(model, asked[first : first + ASKED]):
            found[pk] = frozen(key), key_text(key)
    return found


def _natural_keys(model, pks):
    rows = public(model).filter(pk__in=pks).order_by()
    if name := public_id(model):
        return [(pk, (value,)) for pk, value in rows.values_list("pk", name)]
    near = [field.name for field in kept_fields(model) if field.many_to_one]
    return [(row.pk, row.natural_key()) for row in rows.select_related(*near)]


class Joined(Func):
    """Columns of several rows as one text, each value behind the sign of its column: ",A3,B12,A4"."""

    output_field = models.TextField()

    def __init__(self, *columns, signs):
        super().__init__(*columns)
        self.signs = signs

    def as_sql(self, compiler, connection, **_unused):
        columns, params = zip(*map(compiler.compile, self.source_expressions), strict=True)
        values = zip(self.signs, columns, strict=False)
        row = " || ".join(f"COALESCE('{sign}' || CAST({column} AS TEXT), '')" for sign, column in values)
        function = "STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT"
        return f"{function}({row}, '')", [param for some in params for param in some]


def ids_of(rows, *names):
    """An expression: these foreign keys of all of the rows, which are, by an OuterRef, those of one."""
    signs = [f",{letter}" for letter in ascii_uppercase]
    return Subquery(rows.order_by().annotate(joined=Joined(*names, signs=signs)).values("joined"))


def keys_of(rows, name):
    """An expression: the natural keys to which the foreign key of that name leads, as `key_lists` reads them."""
    paths = [f"{name}__{path}" for path in joined_key(rows.model._meta.get_field(name).related_model)]
    signs = [_KEY, *(_PART for _path in paths[1:])]
    return Subquery(rows.order_by().annotate(joined=Joined(*paths, signs=signs)).values("joined"))


def key_lists(found):
    """Natural keys, in their order, for each text of `keys_of`."""
    return [
        text[1:].replace(_PART, KEY_SEPARATOR) if text and _IS_ONE(text) else _key_list(text)
        for text in found
    ]


def _key_list(text):
    return list_text({tuple(key.split(_PART)) for key in text[1:].split(_KEY)}) if text else ""


@cache
def joined_key(model):
    """Where the columns are that make up natural keys of the model; () where rows may not be public, or have others."""
    fields = key_fields(model)
    if public(model).query.where or any(field.null for field in fields):
        return ()
    nested = [(field, joined_key(field.related_model) if field.is_relation else ("",)) for field in fields]
    paths = [f"{field.name}__{path}".removesuffix("__") for field, some in nested for path in some]
    return tuple(paths) if all(some for _field, some in nested) else ()


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


def linked_ids(field):
    """An expression: the primary keys of what a many-to-many field leads to."""
    links = field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): OuterRef("pk")})
    return ids_of(links, field.m2m_reverse_field_name())


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
