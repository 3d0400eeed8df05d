"""Rows of a list, read as values and written as the serializers declare them, which say what a row is made of.

A Rows is made of a serializer once: which columns it needs, how each field is written of them, and by which queries the
rows that belong to it (its citations, its parties) are read, one for all rows of a page. The rows of most lists are
read together with their places, and the citations of a list that has one page with its rows.
"""

from collections import defaultdict
from itertools import repeat
from typing import NamedTuple

from rest_framework import serializers

from apps.core.addresses import root
from apps.core.cells import Answer, Cells, as_they_are, of_column
from apps.core.conditional import mark_of
from apps.core.statements import Statement

# Fields that write what their column holds.
PLAIN = (serializers.CharField, serializers.ChoiceField, serializers.IntegerField, serializers.BooleanField)


class Rows:
    """What rows of `model` are made of by the serializer fields, {name: field}.

    `sets` are the queries for their related sets, as `prefetched` has them, `statements` what is made of these,
    {(relation, *columns): Statement}. `fields` has the Cells of each field, and `column_numbers` which of the `columns`
    these are made of.
    """

    def __init__(self, fields, model, sets):
        # Fields of the same related set read it by the same statement, and so once.
        self.statements = {}
        self.fields = {name: cells_of(field, model, sets, self.statements) for name, field in fields.items()}
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
    """The rows of a list as a serializer writes them, of a queryset that has them all with what they read.

    `found` are the same rows and perhaps others, for who has found the places of those that are meant.
    """

    # The related set of which nearly every row has one and hardly any many. A list that is read at once has it, too,
    # and all of it: of citations, none is left out.
    CITATIONS = "citations"

    def __init__(self, serializer, queryset, found=None):
        super().__init__(serializer.fields, queryset.model, prefetched(queryset))
        rows = queryset if found is None else found
        self.statement = Statement(rows.prefetch_related(None).order_by(), "pk", self.columns)
        self.has_more_than_columns = bool(queryset.query.annotations)
        self.citations, self.citation_paths = None, ()
        for (relation, *columns), statement in self.statements.items():
            if relation.name == self.CITATIONS:
                paths = ("pk", relation.remote_field.name, *columns)
                self.citations = statement
                self.citation_paths = tuple(f"{self.CITATIONS}__{path}" for path in paths)

    def is_read_in_order(self, asked):
        """Whether the rows that are asked for are read along with their places, by one query.

        Not where entries are named, for each of which a database plans anew: that is to be short. Nor where a row tells
        of what is two steps away: PostgreSQL prepares to remember what it looks up for each row of the table.
        """
        of_one_table = not asked.branches and not hasattr(asked.queryset, "told_by")
        is_short = not self.has_more_than_columns and all(path.count("__") < 2 for path in self.columns)
        return of_one_table and is_short and asked.shape.is_kept and not asked.values

    def of(self, found, request):
        """The rows that were read along with their places, [(Place, values of the columns)]."""
        places, values = zip(*found, strict=True)
        holds = [place.holds for place in places] if places[0].holds else None
        return self.written(answer_to(request), [*zip(*values, strict=True)], holds)

    def at(self, places, request):
        """The rows at these Places of an order, but for those that are gone since."""
        pks, *columns = self.statement.columns_of([place.pk for place in places])
        holds = {place.pk: place.holds for place in places if place.holds}
        rows = self.written(answer_to(request), columns, [holds[pk] for pk in pks] if holds else None)
        by_key = dict(zip(pks, rows, strict=True))
        return [by_key[place.pk] for place in places if place.pk in by_key]

    def whole(self, asked, keyset, most, request):
        """All rows that are asked for, in order, by one query for each branch; None where there are more than `most`.

        And of lists whose rows have more than columns, which would be made for all that the database looks at.
        """
        if self.has_more_than_columns:
            return None
        found = keyset.whole(asked, (*self.columns, *self.citation_paths), most)
        if not found:
            return found
        places, several = zip(*found, strict=True)
        width, answer = len(self.columns), answer_to(request)
        columns = [*zip(*(rows[0][:width] for rows in several), strict=True)]
        if self.citations:
            self._know_citations(answer, columns[self.columns.index("pk")], several)
        holds = [place.holds for place in places] if places[0].holds else None
        return self.written(answer, columns, holds)

    def _know_citations(self, answer, pks, several):
        """Those of the rows with these keys; `several` has the values of each, as often as it has citations or once."""
        width = len(self.columns)
        # By their keys, in whose order they are. It is None of what has no citation.
        found = {row[width]: row[width + 1 :] for rows in several for row in rows if row[width] is not None}
        rows = [found[key] for key in sorted(found)]
        answer.know(self.citations, pks, [*zip(*rows, strict=True)] or [()] * self.citations.width)


class Reading(NamedTuple):
    """Reads a Listing for a page of it (as `paging.Instances`) that answers a request."""

    listing: Listing
    request: object

    def at(self, places):
        return self.listing.at(places, self.request)

    def whole(self, asked, keyset, most):
        return self.listing.whole(asked, keyset, most, self.request)

    def in_order(self, asked, keyset, *where):
        """(Places, a function that writes the rows at some of them), as `keyset.places` has them at this place."""
        if not self.listing.is_read_in_order(asked):
            return keyset.places(asked, *where), self.at
        found = dict(keyset.rows(asked, self.listing.columns, *where))
        return [*found], lambda places: self.listing.of(
            [(place, found[place]) for place in places], self.request
        )


def answer_to(request):
    """What the cells of the answer to a request share."""
    return Answer(root(request), mark_of(request))


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
