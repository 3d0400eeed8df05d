"""What lists ask of the database, written as SQL once for all addresses that differ only in the entries they name.

To write the SQL of a filtered list takes the ORM longer than a database needs to answer it. So a list keeps what was
written for the shape of an address: which parameters it gives, the value of each that is one of few, and of each that
names an entry, only that it does. In the queryset of a shape stand-ins hold the places of these entries, and the
parameters of a statement that are theirs are exchanged for those of the entries asked for. A filter that looks at more
of an entry than its primary key, or asks the database itself, has no shape. The statements PostgreSQL plans once
(`core.prepared`).
"""

from collections import OrderedDict
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from functools import cache
from itertools import count
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import DateField, DateTimeField, IntegerField

from apps.core.kept import Kept
from apps.core.prepared import execute, with_constants

# Shapes that a list keeps, each some 10 KB: more are in use than anybody asks for, but for who tries them all.
MOST_SHAPES = 200
# Numbers of rows that it keeps.
MOST_COUNTS = 2000
# Numbers of rows to which a statement may be bound, so that there are few of each: one more than pages have, short ones
# among them, or are counted: the first of the next page.
BOUNDS = (2, 21, 51, 201, 1001)
# Numbers that no row has as its primary key, and days on which nothing here took place.
_KEYS, _YEAR = -1000, 2
_MISSING = object()


class Compiled(NamedTuple):
    """The SQL of a query, its parameters, and {column: (converters, expression)}; no SQL of what cannot have rows.

    `is_ordered` says whether the database is to put the rows in an order.
    """

    sql: str
    params: tuple
    converters: dict
    is_ordered: bool = False

    @classmethod
    def of(cls, queryset, connection):
        """Of a queryset whose rows are read as values, for a kind of database."""
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return cls("", (), {})
        expressions = [selected[0] for selected in compiler.select]
        return cls(sql, params, compiler.get_converters(expressions), queryset.ordered)

    def prepared(self, connection, varying):
        """The same as it may be prepared, where only these parameters vary."""
        if not self.sql or connection.vendor != "postgresql":
            return self
        sql, params = with_constants(connection, self.sql, self.params, varying)
        return self._replace(sql=sql, params=params)

    def converted(self, columns, connection):
        """The columns as Django gives them, of those that a database gave."""
        columns = [*columns]
        for place, (convert, expression) in self.converters.items():
            for function in convert:
                # Many rows have the same, such as an end that nobody knows.
                known = {value: function(value, expression, connection) for value in {*columns[place]}}
                columns[place] = [known[value] for value in columns[place]]
        return columns


class Shape:
    """The rows of a list, in whose conditions stand-ins may be, and the SQL that was written for them so far."""

    def __init__(self, queryset, is_kept=True):
        self.queryset, self.is_kept, self._compiled = queryset, is_kept, {}

    def compiled(self, what, build, connection, stand_ins):
        """The Compiled of the query that `build` makes of the queryset, written once for each kind of database.

        `what` names the query among those of this shape; only the values of `stand_ins` vary in it.
        """
        key = connection.vendor, what
        if key not in self._compiled:
            compiled = Compiled.of(build(self.queryset), connection)
            self._compiled[key] = compiled.prepared(connection, stand_ins) if self.is_kept else compiled
        return self._compiled[key]


class Asked:
    """The rows that an address asks for: those of a shape, with `values` for its stand-ins, {stand-in: value}.

    `counts`, and what these are to be known by, are of those whose number is kept.
    """

    def __init__(self, shape, values, counts=None, known_by=None):
        self.shape, self.values = shape, values
        self._counts, self._known_by = counts, known_by

    @classmethod
    def once(cls, queryset):
        """For a queryset that is not kept."""
        return cls(Shape(queryset, is_kept=False), {})

    def counted(self):
        """What was kept of these rows, and still holds; else None."""
        return self._counts and self._counts.get(*self._known_by)

    def keep(self, counted):
        return self._counts.keep(*self._known_by, counted) if self._counts else counted

    @property
    def queryset(self):
        """With stand-ins: for what is the same whichever entries are named."""
        return self.shape.queryset

    @property
    def branches(self):
        """Conditions of which each row meets one at least, where there are any (`EntryQuerySet.any_of`)."""
        return getattr(self.queryset, "branches", ())

    @property
    def rows(self):
        """The model's rows, without a condition."""
        return self.queryset.model._default_manager.using(self.queryset.db)

    def columns(self, what, build, most, besides=None):
        """The values of each column of the query that `build` makes of the queryset, of `most` rows at most.

        `what` names the query among those of this shape. `besides` has values for stand-ins that it brings itself.
        """
        return self._converted(*self._fetched(what, build, most, "{} LIMIT {}", besides))

    def all_columns(self, what, build, most):
        """The same of all rows; None where these are more than `most`."""
        compiled, rows = self._fetched(what, build, most + 1, "{} LIMIT {}")
        return None if len(rows) > most else self._converted(compiled, rows)

    def row(self, kept=None, mark=None):
        """The instance that is asked for, where that is one at most; None where there is none.

        It is kept by the mark in `kept`, where that is given: the same for all who ask, none of whom may change it.
        That there is none is not kept, or whoever tries names would fill it.
        """
        key = (*self.values.values(),)
        if kept and (row := kept.get(mark, key)):
            return row
        names = [field.attname for field in self.queryset.model._meta.concrete_fields]
        columns = self.columns("row", lambda rows: rows.order_by().values_list(*names), 1)
        if not columns:
            return None
        row = self.queryset.model.from_db(self.queryset.db, names, [value for (value,) in columns])
        return kept.keep(mark, key, row) if kept else row

    def count(self, what, build, most):
        """How many rows that query has; of more than `most`, these."""
        sql = "SELECT COUNT(*) FROM ({} LIMIT {}) AS counted"
        _compiled, rows = self._fetched(what, build, most, sql)
        return min(rows[0][0], most) if rows else 0

    @property
    def _connection(self):
        return connections[self.queryset.db]

    def _converted(self, compiled, rows):
        return compiled.converted(zip(*rows, strict=True), self._connection) if rows else []

    def _fetched(self, what, build, most, sql, besides=None):
        connection = self._connection
        values = self.values | self._exchanged(besides, connection) if besides else self.values
        compiled = self.shape.compiled(what, build, connection, values)
        if not compiled.sql:
            return compiled, []
        params = [values.get(param, param) for param in compiled.params] if values else compiled.params
        sql = sql.format(compiled.sql, next((bound for bound in BOUNDS if bound >= most), most))
        with connection.cursor() as cursor:
            if self._may_be_prepared(compiled):
                execute(cursor, sql, params)
            else:
                cursor.execute(sql, params)
            return compiled, cursor.fetchall()[:most]

    def _may_be_prepared(self, compiled):
        """Not what is put in order of which the entries named have many or few: that tells by what index to read it."""
        return self.shape.is_kept and not (compiled.is_ordered and self.values)

    def _exchanged(self, besides, connection):
        """{stand-in: value} as they are given to this database, of [(field, stand-in, value)]."""
        return {
            field.get_db_prep_value(stand_in, connection): field.get_db_prep_value(value, connection)
            for field, stand_in, value in besides
        }


class NotByKeyAlone(Exception):
    """What is asked for follows from more of the entries that are named than which they are."""


class Shapes:
    """Those of one list, the ones used last."""

    def __init__(self):
        self._kept, self._counts = OrderedDict(), Kept(MOST_COUNTS)

    def asked(self, closed, entries, build, mark=None):
        """The Asked of a shape, or None where the rows follow from more than the primary keys of the entries.

        `closed` are the (parameter, value) of those that are part of the shape, `entries` is {parameter: entry}, and
        `build` makes the queryset of {parameter: stand-in}. Numbers of rows are kept by the `mark` of what the database
        was at before anything was asked of it for this answer (`core.kept`); without it, none is.
        """
        # An entry that is named twice is the same in both places.
        keys = dict(zip(dict.fromkeys((type(row), row.pk) for row in entries.values()), count(_KEYS, -1)))
        places = tuple((name, keys[type(row), row.pk]) for name, row in sorted(entries.items()))
        shape = self._shape((*sorted(closed), *places), entries, dict(places), build)
        if shape is None:
            return None
        values = {stand_in: pk for (_model, pk), stand_in in keys.items()}
        return Asked(shape, values, self._counts, (mark, (*sorted(closed), *places, *values.values())))

    def _shape(self, key, entries, places, build):
        # Another thread may take it out meanwhile, and then makes it anew.
        shape = self._kept.pop(key, _MISSING)
        if shape is _MISSING:
            stand_ins = {name: by_key_alone(type(row), places[name]) for name, row in entries.items()}
            try:
                with asking_nothing():
                    shape = Shape(build(stand_ins))
            except NotByKeyAlone:
                shape = None
        self._kept[key] = shape
        while len(self._kept) > MOST_SHAPES:
            self._kept.popitem(last=False)
        return shape


class HasShapes:
    """A view of a list, whose requests all share its Shapes."""

    @classmethod
    @cache
    def shapes(cls):
        return Shapes()


def by_key_alone(model, key):
    """A stand-in of which nothing but its primary key can be read without asking the database."""
    return model.from_db(None, [model._meta.pk.attname], [key])


@contextmanager
def asking_nothing():
    """Within, whoever asks a database gets NotByKeyAlone: what it has now would be kept in the shape."""

    def refuse(*args):
        raise NotByKeyAlone

    with ExitStack() as refusing:
        for connection in connections.all():
            refusing.enter_context(connection.execute_wrapper(refuse))
        yield


def stand_in(field, n):
    """The n-th for values of a field, which no row has."""
    if isinstance(field, DateTimeField):
        return datetime(_YEAR, 1, 1 + n, tzinfo=UTC)
    if isinstance(field, DateField):
        return date(_YEAR, 1, 1 + n)
    return 2 * _KEYS - n if isinstance(field, IntegerField) else f"\ue000{n}"
