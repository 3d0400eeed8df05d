"""Orders of rows, and the places of rows in them, from each of which a list can be read on, either way.

The columns of an order are never NULL (partial dates keep bounds for what is unknown) and end in the primary key, so
that rows alike in all else still have one place each.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cache, cached_property, partial
from hmac import compare_digest
from itertools import repeat
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import CharField, F, Field, Q, TextField, Value
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from apps.core.querysets import holds_column
from apps.core.shapes import stand_in

# Rows that a query of `whole` may give: one for each pair of a row and of what belongs to it.
MOST_AT_ONCE = 1000
_SIGNATURE = 12  # bytes
_CURSOR = re.compile(r"[A-Za-z0-9_-]{16,4000}").fullmatch


class BadCursor(ValueError):
    """A cursor that this list, in this order, has not given out; `str()` says so to whoever sent it."""


@dataclass(frozen=True)
class Key:
    """One column of an order; `path` may follow foreign keys that are never NULL."""

    path: str
    descending: bool
    field: Field

    @classmethod
    def of(cls, model, column):
        """Of a column as `order_by` takes it, such as "-host__code"."""
        path = column.removeprefix("-")
        *relations, last = path.split("__")
        for name in relations:
            model = model._meta.get_field(name).related_model
        field = model._meta.pk if last == "pk" else model._meta.get_field(last)
        return cls(path, column.startswith("-"), field)

    def order(self, backwards):
        return f"-{self.path}" if self.descending != backwards else self.path

    def condition(self, value, backwards):
        return Q(**{f"{self.path}__{'lt' if self.descending != backwards else 'gt'}": value})


class Positions:
    """Places in an order, as texts for addresses: the values of `fields`, which tell one row from all others."""

    def __init__(self, salt, fields):
        self.salt, self.fields = f"apps.core.paging:{salt}", fields

    def cursor(self, position, backwards=False):
        """Opaque text for an address; signed, so that what `read` takes is only what this order has given out."""
        content = [int(backwards), *position]
        # As text that loses nothing: Django's own encoder drops the microseconds of a time, and rows with them.
        text = json.dumps(content, default=str, ensure_ascii=False, separators=(",", ":"))
        return self._signed(text.encode())

    def read(self, cursor):
        """(position, backwards); raises BadCursor."""
        try:
            if not _CURSOR(cursor):
                raise ValueError
            content = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[_SIGNATURE:]
            # As text, since the last character of a cursor may have bits that decoding ignores.
            if not compare_digest(cursor, self._signed(content)):
                raise ValueError
            backwards, *values = json.loads(content)
            position = [field.to_python(value) for field, value in zip(self.fields, values, strict=True)]
        except (ValueError, TypeError, ValidationError) as error:
            raise BadCursor(
                _(
                    "This is not a cursor of this list in this order. Take it as it stands in a link to the next or "
                    "previous page, or leave it out to begin at the first."
                )
            ) from error
        return position, bool(backwards)

    def _signed(self, content):
        signature = salted_hmac(self.salt, content, algorithm="sha256").digest()[:_SIGNATURE]
        return urlsafe_b64encode(signature + content).rstrip(b"=").decode()


class Place(NamedTuple):
    """Where a row stands in an order, and whether it `holds` as of the day asked for, where one is."""

    position: tuple
    holds: str = ""

    @property
    def pk(self):
        return self.position[-1]


class Keyset(Positions):
    """An order of a model's rows by `columns`, such as ("-date_earliest", "pk"), and the positions in it."""

    def __init__(self, model, columns):
        if columns[-1].removeprefix("-") != "pk":
            raise ValueError(f"The order {columns} does not end in the primary key.")
        self.keys = [Key.of(model, column) for column in columns]
        super().__init__(f"{model._meta.label_lower}:{','.join(columns)}", [key.field for key in self.keys])

    @classmethod
    @cache
    def of(cls, model, columns):
        return cls(model, columns)

    def places(self, asked, position, most, backwards=False):
        """The Places of the first rows after the position, `most` of them at most; from the beginning without any."""
        return [place for place, _values in self.rows(asked, (), position, most, backwards)]

    def rows(self, asked, paths, position, most, backwards=False):
        """[(Place, values of the columns at these paths, each of which leads to one)] of the same.

        Of rows that meet one condition or another, the `branches` of the queryset, each branch is read by itself: a
        database reads either in order by an index, but to read both it would sort all rows of both.
        """
        branches = asked.branches if self.is_sorted_alike else ()
        besides = [*zip(self.fields, self.stand_ins, position, strict=True)] if position else None
        found = {}
        for nearness in range(len(self.keys)) if position else [None]:
            missing = most - len(found)
            for n, branch in enumerate(branches or [Q()]) if missing > 0 else ():
                what = self, nearness, backwards, n, paths
                build = partial(self._stretch, nearness, branch, backwards, paths)
                found |= self._with_values(asked.columns(what, build, missing, besides), len(paths))
        if not branches:
            return [*found.values()]
        places = self.sorted((place for place, _values in found.values()), backwards)
        return [found[place.pk] for place in places[:most]]

    def _stretch(self, nearness, branch, backwards, paths, queryset):
        is_after = Q() if nearness is None else self.stretches(self.stand_ins, backwards)[nearness]
        rows = queryset if paths else told_by(queryset, self.paths, in_order=True)
        return self._values(self.ordered(rows, backwards).filter(is_after, branch), *paths)

    def _with_values(self, columns, width):
        """{primary key: (Place, values of the last `width` columns)} in the order of the columns."""
        start = len(columns) - width
        values = zip(*columns[start:], strict=True) if width else repeat(())
        return {
            place.pk: (place, row) for place, row in zip(self._made(columns[:start]), values, strict=False)
        }

    def _values(self, queryset, *besides):
        """With the values of a Place, and of columns besides, alone."""
        return queryset.prefetch_related(None).values_list(*self.paths, *holds_column(queryset), *besides)

    def _made(self, columns):
        width = len(self.keys)
        return [Place(values[:width], *values[width:]) for values in zip(*columns, strict=True)]

    def anywhere(self, asked, most):
        """The Places of all rows, in no order, by whatever index finds them; None where there are more than `most`."""
        branches = self._branches(asked, "anywhere", partial(self._looked_up, False), most)
        if branches is None and getattr(asked.queryset, "repeating_clues", ()):
            # Of so many, some of which are there more than once, nobody knows how many rows they are.
            branches = self._branches(asked, "anywhere, once", partial(self._looked_up, True), most)
        if branches is None:
            return None
        found = {place.pk: place for columns in branches for place in self._made(columns)}
        return [*found.values()] if len(found) <= most else None

    def _looked_up(self, once, branch, queryset):
        rows = told_by(looked_up(queryset, once=once), self.paths, in_order=False)
        return self._values(rows.filter(branch).order_by())

    def whole(self, asked, paths, most):
        """[(Place, [values of the columns at these paths])] of all rows, in order; None of more than `most`.

        Each has values as often as the paths lead to several, and as often again as a clue repeats it, so that whoever
        reads them goes by keys; where that makes more than MOST_AT_ONCE it is None, too.
        What an order is read by depends on how many rows there are, and so a database has to plan for each entry that
        is named. To read all of them it plans once.
        """
        build = partial(self._with_columns, paths)
        branches = self._branches(asked, paths, build, MOST_AT_ONCE) if self.is_sorted_alike else None
        if branches is None:
            return None
        found = {}
        for columns in branches:
            width, of_branch = len(columns) - len(paths), {}
            for place, *row in zip(self._made(columns[:width]), *columns[width:], strict=True):
                of_branch.setdefault(place.pk, (place, []))[1].append(row)
            found |= of_branch
        if len(found) > most:
            return None
        return [found[place.pk] for place in self.sorted(place for place, _rows in found.values())]

    def _with_columns(self, paths, branch, queryset):
        return self._values(looked_up(queryset, once=False).filter(branch).order_by(), *paths)

    def _branches(self, asked, what, build, most):
        """The columns of all rows of each branch, as `build` asks for them; None where one has more than `most`."""
        found = []
        for n, branch in enumerate(asked.branches or [Q()]):
            columns = asked.all_columns((self, what, n), partial(build, branch), most)
            if columns is None:
                return None
            found.append(columns)
        return found

    @cached_property
    def paths(self):
        return [key.path for key in self.keys]

    @cached_property
    def stand_ins(self):
        """A position in whose place another one can be put."""
        return [stand_in(field, n) for n, field in enumerate(self.fields)]

    @cached_property
    def is_sorted_alike(self):
        """Whether its columns have the same order here as in any database, which those of text have not."""
        return not any(isinstance(key.field, CharField | TextField) for key in self.keys)

    def sorted(self, places, backwards=False):
        """Places in this order, as a database has them where the order `is_sorted_alike`."""
        places = [*places]
        for i, key in reversed([*enumerate(self.keys)]):
            places.sort(key=lambda place, i=i: place.position[i], reverse=key.descending != backwards)
        return places

    def is_beyond(self, place, position, backwards=False):
        """Whether a Place comes after the position, itself not included; where that is `backwards`, before it."""
        for key, value, limit in zip(self.keys, place.position, position, strict=True):
            if value != limit:
                return (value < limit) == (key.descending != backwards)
        return False

    def ordered(self, queryset, backwards=False):
        """In this order. Where it begins with a column of another table, no index has it with the primary key.

        The primary key is a sum then: of rows that are alike in the other column, a database would go through all of
        the table in the order of its keys, to come to the few that are asked for without sorting them.
        """
        columns = [key.order(backwards) for key in self.keys]
        if "__" in self.paths[0]:
            last = F(self.paths[-1]) + Value(0)
            columns[-1] = last.desc() if columns[-1].startswith("-") else last.asc()
        return queryset.order_by(*columns)

    def stretches(self, position, backwards=False):
        """Conditions of the rows after the position, or before it, the nearest of them first.

        For (a, b): a = x AND b > y, then a > x. An index has the rows of each one after the other. Of both at once, it
        would be read from the first a = x on: of thousands of rows whose date is not known, past most of them.
        """
        found, tied = [], Q()
        for key, limit in zip(self.keys, position, strict=True):
            found.append(tied & key.condition(limit, backwards))
            tied &= Q(**{key.path: limit})
        return found[::-1]


class Held:
    """All rows of a list that has few, by their Places, of which none needs to be asked for again."""

    def __init__(self, keyset, places):
        self.keyset, self._places = keyset, places

    def places(self, position, most, backwards=False):
        """As those of a Keyset."""
        found = self._places
        if position:
            found = [place for place in found if self.keyset.is_beyond(place, position, backwards)]
        return self.keyset.sorted(found, backwards)[:most]


def looked_up(queryset, *, once=True):
    """The same rows, as `EntryQuerySet.looked_up` has them; of kinds that are found in one way only, as they are."""
    return queryset.looked_up(once=once) if hasattr(queryset, "looked_up") else queryset


def told_by(queryset, paths, *, in_order):
    """The same rows, or those of another table that have their columns of these names, and are found sooner.

    `in_order` of these columns, the first of them; else any.
    """
    return queryset.told_by(paths, in_order=in_order) if hasattr(queryset, "told_by") else queryset
