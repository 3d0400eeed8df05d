"""Queries for rows by their keys or those of what they belong to: compiled once, asked with any number of keys."""

from django.db import connections

from apps.core.prepared import execute
from apps.core.shapes import Compiled


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
