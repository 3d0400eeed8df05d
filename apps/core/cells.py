"""What the fields of an answer are made of: columns, and how their values, of all rows at once, are written.

A list of the API reads its rows as values, without an instance of a model for each, and writes column after column. The
serializers alone say what a row has; `core.rows` puts the cells of their fields together.

What is said of rows that many others refer to, such as a state or a passage, is kept for as long as nothing is written.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from itertools import repeat
from typing import NamedTuple

from django.urls import get_script_prefix

from apps.core.addresses import addresses_of
from apps.core.fixtures import identifier_of
from apps.core.kept import Kept
from apps.core.statements import Statement

# The status of what may be told of: published, or not there.
PUBLIC = {None, "published"}


class Cells(NamedTuple):
    """`write(answer, *columns)` gives one value a row, of the values that each of the `columns` has in all rows."""

    columns: tuple
    write: Callable


# Rows of a kind of which is kept what is said of them, some 700 bytes of each.
MOST_KEPT = 5000
# Seven kinds of things are said, at as many addresses as the site goes by; in English, as lists of the API are.
_kept = Kept(2 * 7)


class Answer:
    """What the cells of one answer share: the address of the site, and what has been written of other rows.

    `mark` is that of what the database is at (`core.kept`), and None where nothing may be kept of it.
    """

    def __init__(self, root, mark=None):
        self.root, self._mark, self._mounted_at = root, mark, get_script_prefix()
        # {model: {primary key: reference}}, since many rows refer to the same.
        self.known = defaultdict(lambda: {None: None})
        self._last = {}

    def kept(self, what, pks, make):
        """What is written of each of these rows; `make(keys)` gives {key: it} of those of which nobody has written it.

        `what` names it among all that is kept, whichever field asks.
        """
        key = what, self.root, self._mounted_at
        known = _kept.of(self._mark, key, lambda: {None: None})
        if new := {*pks}.difference(known):
            found = make([*new])
            if len(known) + len(found) > MOST_KEPT:
                here = {pk: known[pk] for pk in pks if pk in known}
                known = _kept.keep(self._mark, key, {None: None} | here)
            known.update(found)
        # A row may be gone since it was referred to.
        return [known.get(pk) for pk in pks]

    def columns_of(self, statement, keys):
        """As the Statement gives them, which several fields may be made of, one after another: it is asked once."""
        of_which, columns = self._last.get(statement, (None, None))
        if of_which is not keys:
            columns = statement.columns_of(keys)
            self.know(statement, keys, columns)
        return columns

    def know(self, statement, keys, columns):
        """So that the Statement is not asked for what it says of these keys: of this object, whatever equals it."""
        self._last[statement] = keys, columns


def as_they_are(answer, column):
    return column


def of_column(path, write):
    """Of one column, in the words of `write`; what is NULL stays so."""
    return Cells(
        (path,), lambda answer, column: [None if value is None else write(value) for value in column]
    )


def first_of(*choices):
    """Of several Cells, the first that has a value."""
    columns = tuple(path for cells in choices for path in cells.columns)

    def write(answer, *values):
        first, start = [None] * len(values[0]), 0
        for cells in choices:
            end = start + len(cells.columns)
            written = cells.write(answer, *values[start:end])
            first = [before or found for before, found in zip(first, written, strict=True)]
            start = end
        return first

    return Cells(columns, write)


def through(model, path, inner, what):
    """Of `inner`, cells of the row of the model to which the path leads.

    `what` names what they write, which is the same for all fields that give the same name.
    """
    if model.is_told_often:
        return _of_kept(model, path, inner, what)
    return inner._replace(columns=tuple(f"{path}__{name}" for name in inner.columns))


def _of_kept(model, path, inner, what):
    statement = Statement(model._base_manager.order_by(), "pk", inner.columns)

    def write(answer, pks):
        def make(new):
            found, *columns = statement.columns_of(new)
            return dict(zip(found, inner.write(answer, *columns), strict=True))

        return answer.kept((model, what), pks, make)

    return Cells((path,), write)


def reference_through(model, path):
    """Of what `serializers.reference` says of the row of the model to which the path leads."""
    return through(model, path, of_reference(model), "reference")


@cache  # `serializers.references` asks for it in each answer.
def of_reference(model):
    """Of what `serializers.reference` says of a row of `model`."""
    titles, named = title_of(model)
    public, identifier = conditions(model), identifier_of(model)
    view_name = f"api:{model._meta.model_name}-detail"

    def write(answer, pks, *values):
        known = answer.known[model]
        new = {pk: n for n, pk in enumerate(pks) if pk not in known}
        if new:
            keys, *found = ([column[n] for n in new.values()] for column in values)
            urls = addresses_of([view_name] * len(keys), keys, answer.root)
            shown = map(named, *found[: len(titles)])
            statuses = zip(*found[len(titles) :], strict=True) if public else repeat(())
            for pk, key, (name, names), url, seen in zip(new, keys, shown, urls, statuses, strict=False):
                known[pk] = told(identifier, key, name, names, url) if PUBLIC.issuperset(seen) else None
        return [known[pk] for pk in pks]

    return Cells(("pk", identifier, *titles, *public), write)


def of_addresses(model, area=""):
    """Of the addresses of rows of the model: of their pages, or, in the `area` "api:", in the API."""
    view_name = f"{area}{model._meta.model_name}-detail"

    def write(answer, keys):
        return addresses_of([view_name] * len(keys), keys, answer.root)

    return Cells((identifier_of(model),), write)


def told(identifier, key, name, names, url):
    """A reference as it is written: by its `identifier`, with its name in English and in each language."""
    return {identifier: key, "name": name, "names": names, "url": url}


def title_of(model):
    """(columns, function of their values that gives the name and the names), of a row as others refer to it."""
    if hasattr(model, "name_en"):
        return ("name_en", "name_kk", "name_ru"), lambda en, *others: (en, names(en, *others))
    return model.told_by, lambda *values: (model.told(*values), None)


def names(en, kk, ru):
    """The name in each language, null where it is not recorded."""
    return {"en": en, "kk": kk or None, "ru": ru or None}


def conditions(model):
    """The columns that say whether a row is public, as `Entry.is_public` has it: its status, and those of its title."""
    if not hasattr(model, "is_public"):
        return ()
    return ("status", *(f"{part}__status" for part in model.title_parts))
