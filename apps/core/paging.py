"""Pages by key: each begins after the last row of the one before, so that a late page costs what the first does.

The columns of the order are never NULL (partial dates keep bounds for what is unknown) and end in the primary key,
so that rows alike in all else still have one place each.
"""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from hmac import compare_digest
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import CharField, Field, Q, TextField
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
# To count more would cost more than the page itself.
MOST_COUNTED = 1000
# The values of two parameters of the API's lists.
FORMATS = ("json", "csv")
BOM = ("yes", "no")
_SIGNATURE = 12  # bytes
_CURSOR = re.compile(r"[A-Za-z0-9_-]{16,4000}").fullmatch
_LIMIT = re.compile(r"[0-9]{1,6}").fullmatch


class BadCursor(ValueError):
    """A cursor that this list, in this order, has not given out; `str()` says so to whoever sent it."""


class BadLimit(ValueError):
    """A number of rows that a page cannot have; `str()` says which it can."""


def read_limit(text):
    """The number of rows asked for, or DEFAULT_LIMIT where `text` is blank; raises BadLimit unless 1 to MAX_LIMIT."""
    if not text:
        return DEFAULT_LIMIT
    if not _LIMIT(text) or not 1 <= int(text) <= MAX_LIMIT:
        raise BadLimit(_("A page has 1 to %(most)d rows.") % {"most": MAX_LIMIT})
    return int(text)


@dataclass(frozen=True)
class Key:
    """One column of an order; `path` may follow foreign keys that are never NULL."""

    path: str
    descending: bool
    field: Field

    @classmethod
    def of(cls, model, column):
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

    position: list
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

    def places(self, queryset, position, most, backwards=False):
        """The Places of the first rows after the position, `most` of them at most; from the beginning without any.

        Of rows that meet one condition or another, the `branches` of the queryset, each branch is read by itself: a
        database reads either in order by an index, but to read both it would sort all rows of both.
        """
        rows = self.ordered(queryset.prefetch_related(None), backwards)
        is_dated = "holds" in queryset.query.annotations
        names = [*(key.path for key in self.keys), *(["holds"] if is_dated else [])]
        branches = getattr(queryset, "branches", ()) if self.is_sorted_alike else ()
        found = {}
        for stretch in self.stretches(position, backwards) if position else [Q()]:
            missing = most - len(found)
            for branch in (branches or [Q()]) if missing > 0 else ():
                for values in rows.filter(stretch, branch).values_list(*names)[:missing]:
                    place = Place([*values[: len(self.keys)]], *values[len(self.keys) :])
                    found.setdefault(place.pk, place)
        return self._sorted(found.values(), backwards)[:most] if branches else [*found.values()]

    @property
    def is_sorted_alike(self):
        """Whether its columns have the same order here as in any database, which those of text have not."""
        return not any(isinstance(key.field, CharField | TextField) for key in self.keys)

    def _sorted(self, places, backwards):
        places = [*places]
        for i, key in reversed([*enumerate(self.keys)]):
            places.sort(key=lambda place, i=i: place.position[i], reverse=key.descending != backwards)
        return places

    def ordered(self, queryset, backwards=False):
        return queryset.order_by(*(key.order(backwards) for key in self.keys))

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


def bounded(queryset):
    """(number of rows, whether these are all): it is not counted further than to MOST_COUNTED."""
    if getattr(queryset, "branches", ()):
        counted = len(first_keys(queryset))
    else:
        ((counted,),) = fetched(keys_of(queryset), "SELECT COUNT(*) FROM ({}) AS counted")
    return min(counted, MOST_COUNTED), counted <= MOST_COUNTED


def looked_up(queryset):
    """The same rows, for whoever wants all of them or any; of kinds that are found in one way only, as they are."""
    return queryset.looked_up() if hasattr(queryset, "looked_up") else queryset


def first_keys(queryset):
    """The primary keys of its rows, in no order; of more than MOST_COUNTED, some of them, one more than that."""
    rows = looked_up(queryset)
    found = set()
    for branch in getattr(queryset, "branches", ()) or [Q()]:
        if len(found) <= MOST_COUNTED:
            found.update(key for (key,) in fetched(keys_of(rows.filter(branch))))
    return found


def among(queryset, keys):
    """The rows with these keys, which are all that the queryset has, so that nothing else is asked of them again."""
    if queryset.query.annotations:
        return queryset.filter(pk__in=keys)
    return queryset.model._default_manager.using(queryset.db).filter(pk__in=keys)


def keys_of(queryset):
    return queryset.order_by().prefetch_related(None).values_list("pk")[: MOST_COUNTED + 1]


def fetched(rows, sql="{}"):
    """The rows that `sql`, around the query of `rows`, gives, without the time that Django takes to convert them."""
    query, params = rows.query.sql_with_params()
    with connections[rows.db].cursor() as cursor:
        cursor.execute(sql.format(query), params)
        return cursor.fetchall()


def instances(queryset, found):
    """The rows that were found, in that order, but for those that are gone since; where a Place tells it, `holds`."""
    rows = queryset.order_by().in_bulk([place.pk for place in found])
    for place in found:
        if place.holds and place.pk in rows:
            rows[place.pk].holds = place.holds
    return [rows[place.pk] for place in found if place.pk in rows]


@dataclass(frozen=True)
class Page:
    """Some rows of a list, how many it has in all, and the cursors of the pages beside this one ("" for none).

    Nobody counts beyond MOST_COUNTED: of more, `count` is that number, and `is_exact` false.
    """

    rows: list
    count: int
    next_cursor: str = ""
    previous_cursor: str = ""
    query: object = None
    is_exact: bool = True

    @classmethod
    def of(cls, queryset, columns, query, limit=None, read=instances, scattered=False):
        """The page that the QueryDict `query` asks for by `cursor` and `limit`, in the order of `columns`.

        First the Places of the rows, for which an index in that order is enough, then by `read(queryset, places)` the
        rows themselves. `limit`, where given, overrules the address. Raises BadCursor and BadLimit.

        What is `scattered` is looked for once: where it is little, all of it is put in order, and where it is much,
        an index in that order comes to the next of it soon.
        """
        keyset = Keyset.of(queryset.model, columns)
        limit = limit or read_limit(query.get("limit", ""))
        cursor = query.get("cursor", "")
        position, backwards = keyset.read(cursor) if cursor else (None, False)
        counted, searched = None, queryset
        if scattered:
            keys = first_keys(queryset)
            counted = min(len(keys), MOST_COUNTED), len(keys) <= MOST_COUNTED
            searched = among(queryset, keys) if counted[1] else queryset
        found = keyset.places(searched, position, limit + 1, backwards)
        more, found = len(found) > limit, found[:limit]
        near, far = (found[i].position if found else position for i in (0, -1))
        # Behind the reader lie at least the rows from which the link was followed, unless they are gone since.
        behind = position and keyset.places(searched, near, 1, not backwards)
        ahead_cursor = keyset.cursor(far, backwards) if more else ""
        behind_cursor = keyset.cursor(near, not backwards) if behind else ""
        is_whole = not position and not more
        count, is_exact = counted or ((len(found), True) if is_whole else bounded(queryset))
        cursors = (behind_cursor, ahead_cursor) if backwards else (ahead_cursor, behind_cursor)
        rows = read(queryset, found[::-1] if backwards else found) if found else []
        return cls(rows, count, *cursors, query, is_exact)

    @property
    def next_query(self):
        """The query string of the next page, "?" included, or "" where this is the last."""
        return self._query(self.next_cursor)

    @property
    def previous_query(self):
        return self._query(self.previous_cursor)

    @property
    def first_query(self):
        return self._with(cursor="")

    def _query(self, cursor):
        return self._with(cursor=cursor) if cursor else ""

    def _with(self, **changes):
        """The query string with these parameters, without those that have no value."""
        values = {**self.query.dict(), **changes}
        given = {name: value for name, value in values.items() if value != ""}
        return f"?{urlencode(given)}" if given else ""


class KeysetPagination(BasePagination):
    """`count`, `next`, `previous` and `results`, of the list that the view's filter set has checked."""

    def paginate_queryset(self, queryset, request, view=None):
        self.turn_to(view.filterset.page(), request)
        return self.page.rows

    def turn_to(self, page, request):
        self.page, self.address = page, request.build_absolute_uri(request.path)

    def get_paginated_response(self, data):
        page = self.page
        following = page.next_cursor and self.address + page.next_query or None
        previous = page.previous_cursor and self.address + page.previous_query or None
        links = {"first": self.address + page.first_query, "prev": previous, "next": following}
        said = ", ".join(f'<{address}>; rel="{name}"' for name, address in links.items() if address)
        rows = {
            "count": page.count,
            "count_is": "exact" if page.is_exact else "at_least",
            "next": following,
            "previous": previous,
            "results": data,
        }
        return Response(rows, headers={"Link": said})

    def get_schema_operation_parameters(self, view):
        limit = {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_LIMIT,
            "default": DEFAULT_LIMIT,
            "examples": [20],
        }
        cursor = {"type": "string"}
        written = {"type": "string", "enum": list(FORMATS), "examples": ["csv"]}
        bom = {"type": "string", "enum": list(BOM), "examples": ["yes"]}
        words = {
            "limit": ("How many rows a page has at most.", limit),
            "cursor": ("Where a page begins: taken as it stands from `next` or `previous`.", cursor),
            "format": (
                "How it is written, json unless you say otherwise. `csv` has all rows at once, for spreadsheets: a "
                "cell that is a formula to one has an apostrophe before it.",
                written,
            ),
            "bom": (
                "With `format=csv`: whether it begins with the mark by which some spreadsheets know UTF-8.",
                bom,
            ),
        }
        return [
            {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
            for name, (description, schema) in words.items()
        ]

    def get_paginated_response_schema(self, schema):
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {
            "count": {
                "type": "integer",
                "example": 123,
                "description": "Rows of the whole list, of which no more than these may have been counted.",
            },
            "count_is": {
                "type": "string",
                "enum": ["exact", "at_least"],
                "example": "exact",
                "description": "Whether `count` is exact, or the list has more rows than that.",
            },
            "next": {**link, "description": "The address of the next page; null on the last."},
            "previous": {**link, "description": "The address of the page before; null on the first."},
            "results": schema,
        }
        return {"type": "object", "required": list(properties), "properties": properties}
