"""Pages by key: each begins after the last row of the one before, so that a late page costs what the first does."""

import re
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.response import Response

from apps.core.addresses import root
from apps.core.keysets import Held, Keyset
from apps.core.querysets import holds_column
from apps.core.shapes import Asked, Shape

DEFAULT_LIMIT = 50
MAX_LIMIT = 200
# To count more would cost more than the page itself.
MOST_COUNTED = 1000
# The values of two parameters of the API's lists.
FORMATS = ("json", "csv")
BOM = ("yes", "no")
_LIMIT = re.compile(r"[0-9]{1,6}").fullmatch


class BadLimit(ValueError):
    """A number of rows that a page cannot have; `str()` says which it can."""


def read_limit(text):
    """The number of rows asked for, or DEFAULT_LIMIT where `text` is blank; raises BadLimit unless 1 to MAX_LIMIT."""
    if not text:
        return DEFAULT_LIMIT
    if not _LIMIT(text) or not 1 <= int(text) <= MAX_LIMIT:
        raise BadLimit(_("A page has 1 to %(most)d rows.") % {"most": MAX_LIMIT})
    return int(text)


def count_of(asked):
    """(number of rows, whether these are all): it is not counted further than to MOST_COUNTED."""
    known = asked.counted()
    if known:
        return known
    if asked.branches:
        found = Keyset.of(asked.queryset.model, ("pk",)).anywhere(asked, MOST_COUNTED)
        return asked.keep(number_of(found))
    counted = asked.count("count", keys_of, MOST_COUNTED + 1)
    return asked.keep(up_to_most(counted))


def up_to_most(number):
    """(as much of a number as is told, whether that is all)"""
    return min(number, MOST_COUNTED), number <= MOST_COUNTED


def number_of(found):
    """What `count_of` says of all Places that were found; None are more than are counted."""
    return (MOST_COUNTED, False) if found is None else (len(found), True)


def keys_of(queryset):
    return queryset.order_by().prefetch_related(None).values_list("pk")


def among(asked, keys):
    """The rows with these keys, which are all that there are, so that nothing else is asked of them again."""
    rows = asked.queryset if holds_column(asked.queryset) else asked.rows
    return Asked(Shape(rows.filter(pk__in=keys), is_kept=False), asked.values)


def instances(queryset, found):
    """The rows that were found, in that order, but for those that are gone since; where a Place tells it, `holds`."""
    rows = queryset.order_by().in_bulk([place.pk for place in found])
    for place in found:
        if place.holds and place.pk in rows:
            rows[place.pk].holds = place.holds
    return [rows[place.pk] for place in found if place.pk in rows]


def found_at_once(asked, keyset):
    """(what count_of says, a function as `keyset.places` of all rows that there are, or None where these are many)"""
    known = asked.counted()
    is_many = known and not known[1]
    found = None if is_many else keyset.anywhere(asked, MOST_COUNTED)
    counted = known or asked.keep(number_of(found))
    if found is None:
        return counted, None
    if not keyset.is_sorted_alike:
        return counted, partial(keyset.places, among(asked, [place.pk for place in found]))
    return counted, Held(keyset, found).places


class Instances:
    """Reads the rows of a page by `at`, which gives those at some Places."""

    def __init__(self, at):
        self.at = at

    def whole(self, asked, keyset, most):
        """All rows in order, by one query, where they are no more than `most`; None where it has no such query."""
        return None

    def in_order(self, asked, keyset, *where):
        """(the Places that `keyset.places` gives of the rows asked for, what gives the rows at some of them)"""
        return keyset.places(asked, *where), self.at


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
    def of(cls, asked, columns, query, reader, *, scattered=False, number=None):
        """The page that the QueryDict `query` asks for by `cursor` and `limit`, in the order of `columns`.

        First the Places of the rows, for which an index in that order is enough, then by the `reader` (such as
        Instances) the rows at these, unless it reads both at once. Raises BadCursor and BadLimit.

        What is `scattered` is looked for once: where it is little, all of it is put in order, and where it is much,
        an index in that order comes to the next of it soon. `number` is how many rows there are, where that is known.
        """
        keyset = Keyset.of(asked.queryset.model, columns)
        limit, cursor = read_limit(query.get("limit", "")), query.get("cursor", "")
        position, backwards = keyset.read(cursor) if cursor else (None, False)
        counted = asked.counted() if number is None else up_to_most(number)
        is_one_page = counted and counted[1] and counted[0] <= limit and not position
        if is_one_page and (rows := reader.whole(asked, keyset, limit)) is not None:
            return cls(rows, len(rows), query=query)
        where = position, limit + 1, backwards
        counted, places = found_at_once(asked, keyset) if scattered else (counted, None)
        found, read = (places(*where), reader.at) if places else reader.in_order(asked, keyset, *where)
        more, found = len(found) > limit, found[:limit]
        near, far = (found[i].position if found else position for i in (0, -1))
        # Behind the reader lie at least the rows from which the link was followed, unless they are gone since.
        places = places or partial(keyset.places, asked)
        behind = position and places(near, 1, not backwards)
        ahead_cursor = keyset.cursor(far, backwards) if more else ""
        behind_cursor = keyset.cursor(near, not backwards) if behind else ""
        is_whole = not position and not more
        count, is_exact = counted or (asked.keep((len(found), True)) if is_whole else count_of(asked))
        cursors = (behind_cursor, ahead_cursor) if backwards else (ahead_cursor, behind_cursor)
        rows = read(found[::-1] if backwards else found) if found else []
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
        self.page, self.address = page, root(request) + iri_to_uri(request.path)

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
