"""Rows of a list, read as values and written as the serializers declare them, which say what a row is made of.

A Rows is made of a serializer once: which columns it needs, how each field is written of them, and by which queries the
rows that belong to it (its citations, its parties) are read, one for all rows of a page.
"""

from collections import defaultdict
from itertools import repeat

from django.db import connections
from rest_framework import serializers

from apps.core.cells import Answer, Cells, as_they_are, of_column
from apps.core.prepared import execute
from apps.core.serializers import root
from apps.core.shapes import Compiled

# Fields that write what their column holds.
PLAIN = (serializers.CharField, serializers.ChoiceField, serializers.IntegerField, serializers.BooleanField)


class Rows:
    """What rows of `model` are made of by the serializer fields, {name: field}.

    `sets` are the queries for their related sets, as `prefetched` has them. `fields` has the Cells of each, and
    `column_numbers` which of the `columns` these are made of.
    """

    def __init__(self, fields, model, sets):
        # Fields of the same related set read it by the same statement, and so once.
        statements = {}
        self.fields = {name: cells_of(field, model, sets, statements) for name, field in fields.items()}
        found = [path for cells in self.fields.values() if cells for path in cells.columns]
        self.columns = (*dict.fromkeys(found),)
        self.column_numbers = {
            name: [self.columns.index(path) for path in cells.columns]
            for name, cells in self.fields.items()
            if cells
        }

    def written(self, answer, columns, holds=None):
        """The rows as they are written, of the values of `columns`; `holds` is the column of the annotation."""
        values = {}
        for name, cells in self.fields.items():
            if cells:
                values[name] = cells.write(answer, *[columns[n] for n in self.column_numbers[name]])
            elif holds:
                values[name] = holds
        # Without a loop of Python's own, since a page has hundreds of such rows.
        return [*map(dict, map(zip, repeat(values), zip(*values.values(), strict=True)))]


class Listing(Rows):
    """The rows of a list as a serializer writes them, of a queryset that has them all with what they read."""

    def __init__(self, serializer, queryset):
        super().__init__(serializer.fields, queryset.model, prefetched(queryset))
        self.statement = Statement(queryset.prefetch_related(None).order_by(), "pk", self.columns)
        self.has_more_than_columns = bool(queryset.query.annotations)

    def at(self, places, request):
        """The rows at these Places of an order, but for those that are gone since."""
        pks, *columns = self.statement.columns_of([place.pk for place in places])
        holds = {place.pk: place.holds for place in places if place.holds}
        rows = self.written(Answer(root(request)), columns, [holds[pk] for pk in pks] if holds else None)
        found = dict(zip(pks, rows, strict=True))
        return [found[place.pk] for place in places if place.pk in found]

    def whole(self, asked, keyset, most, request):
        """All rows that are asked for, in order, by one query; None where there are more than `most`.

        And of lists whose rows have more than columns, which would be made for all that the database looks at.
        """
        if self.has_more_than_columns:
            return None
        found = keyset.whole(asked, self.columns, most)
        if not found:
            return found
        places, rows = zip(*found, strict=True)
        holds = [place.holds for place in places] if places[0].holds else None
        return self.written(Answer(root(request)), [*zip(*rows, strict=True)], holds)


class SingleValues:
    """Rows that are written as one value each, of Cells."""

    def __init__(self, cells):
        self.columns, self.write = cells

    def written(self, answer, columns):
        return self.write(answer, *columns)


def cells_of(field, model, sets, statements):
    """The Cells of a field; None of `holds`."""
    if isinstance(field, serializers.ListSerializer):
        relation = model._meta.get_field(field.source)
        inner = {
            name.removeprefix(f"{field.source}__"): queryset
            for name, queryset in sets.items()
            if name.startswith(f"{field.source}__")
        }
        rows = Rows(field.child.fields, relation.related_model, inner)
        return of_set(relation, rows, sets, statements)
    if hasattr(field, "cells_of_one"):
        relation = model._meta.get_field(field.source)
        one = SingleValues(field.cells_of_one(relation.related_model))
        return of_set(relation, one, sets, statements, field.made_of_each)
    if hasattr(field, "cells"):
        return field.cells(model)
    path = field.source.replace(".", "__")
    is_plain = type(field).to_representation in [kind.to_representation for kind in PLAIN]
    return Cells((path,), as_they_are) if is_plain else of_column(path, field.to_representation)


def prefetched(queryset):
    """{related set: queryset of its rows, or None for all} of what the queryset would prefetch."""
    lookups = queryset._prefetch_related_lookups
    return {getattr(lookup, "prefetch_to", lookup): getattr(lookup, "queryset", None) for lookup in lookups}


def lists(found):
    return [*map(list, found)]


def of_set(relation, rows, sets, statements, made_of_each=lists):
    """Cells that read the rows of a related set, and give what is made of those that belong to each: a list of them."""
    what = relation, *rows.columns
    if what not in statements:
        queryset = sets.get(relation.name)
        if queryset is None:
            queryset = relation.related_model._default_manager.all()
        statements[what] = Statement(queryset, relation.remote_field.name, rows.columns)
    statement = statements[what]

    def write(answer, pks):
        found = defaultdict(list)
        owners, *columns = answer.columns_of(statement, pks)
        if owners:
            for owner, row in zip(owners, rows.written(answer, columns), strict=True):
                found[owner].append(row)
        return made_of_each([found.get(pk, ()) for pk in pks])

    return Cells(("pk",), write)


class Statement:
    """A query for rows by the keys of those to whom they belong, compiled once for each kind of database."""

    # Stands for the keys while it is compiled; no row has it.
    KEYS = -1

    def __init__(self, queryset, owner, columns):
        self.width = 1 + len(columns)
        self.queryset = queryset.filter(**{f"{owner}__in": [self.KEYS]}).values_list(owner, *columns)
        self._compiled = {}

    def columns_of(self, pks):
        """The values of each column, that of the owners first."""
        if not pks:
            return [()] * self.width
        connection = connections[self.queryset.db]
        if connection.vendor not in self._compiled:
            self._compiled[connection.vendor] = self._compile(connection)
        compiled, asking_for = self._compiled[connection.vendor]
        with connection.cursor() as cursor:
            execute(cursor, *asking_for(pks))
            columns = [*zip(*cursor.fetchall(), strict=True)] or [()] * self.width
        return compiled.converted(columns, connection)

    def _compile(self, connection):
        """(the Compiled of the query, what makes its SQL and its parameters of keys)"""
        compiled = Compiled.of(self.queryset, connection).prepared(connection, [self.KEYS])
        if connection.vendor == "postgresql":
            return compiled, by_array(compiled.sql)
        return compiled, by_json(compiled.sql, compiled.params, compiled.params.index(self.KEYS))


class Titled:
    """Entries that the public may see, each with what its title names: as `published().for_title()` has them.

    For whoever reads a few after each write. To compile the query, of a column for each field of five models, takes
    several times as long as to ask it.
    """

    def __init__(self, model):
        self.parts = [model._meta.get_field(name) for name in model.title_parts]
        self.models = [model, *(part.related_model for part in self.parts)]
        paths = ["", *(f"{part.name}__" for part in self.parts)]
        columns = [
            f"{path}{field.attname}"
            for path, each in zip(paths, self.models, strict=True)
            for field in each._meta.concrete_fields
        ]
        self.statement = Statement(model.objects.published().order_by(), "pk", columns)

    def at(self, pks):
        """Those of the entries with these keys, in no order."""
        _pks, *columns = self.statement.columns_of(pks)
        database = self.statement.queryset.db
        rows = []
        for model in self.models:
            names = [field.attname for field in model._meta.concrete_fields]
            of_model, columns = columns[: len(names)], columns[len(names) :]
            key = names.index(model._meta.pk.attname)
            rows.append(
                [
                    None if values[key] is None else model.from_db(database, names, values)
                    for values in zip(*of_model, strict=True)
                ]
            )
        entries, *named = rows
        for part, found in zip(self.parts, named, strict=True):
            for entry, row in zip(entries, found, strict=True):
                part.set_cached_value(entry, row)
        return entries


def by_json(sql, params, place):
    """What makes SQL and parameters of keys, which are numbers: one list of them at that place among the parameters.

    As SQLite reads it, which takes it for short and begins with the keys; with a place for each of many, it may go
    through a small table first, and look for each of its rows among those of each key.
    """
    parts = sql.split("%s")
    before, after = "%s".join(parts[: place + 1]), "%s".join(parts[place + 1 :])
    sql = "SELECT value FROM json_each(%s)".join([before, after])

    def made(pks):
        return sql, [*params[:place], f"[{','.join(map(str, pks))}]", *params[place + 1 :]]

    return made


def by_array(sql):
    """The same for PostgreSQL, which has one plan then for any number of keys."""
    sql = sql.replace("IN (%s)", "= ANY (%s)")

    def made(pks):
        return sql, [f"{{{','.join(map(str, pks))}}}"]

    return made
