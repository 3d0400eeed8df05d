"""How much is recorded of each year, and of what no single year can be said.

An entry whose date lies within one year counts in that year. One that may lie in several years counts in none: it
stands as a range, from the first to the last of them. So nothing vague is shown as if it were exact.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from apps.core.addresses import root
from apps.core.time_parameters import Dating
from apps.relations.counting import UNDATED, Ties, by_years
from apps.relations.models import KINDS
from apps.visits.filters import Direction

# What happened, as against what lasts.
COUNTED = ("visit", "agreement", "event")
# In a picture: more than these could not be told apart in it. The latest stand.
MOST_YEARS = 60
# In the table; the files have all.
MOST_RANGES = 100
OTHER = "other"
DIRECTIONS = {
    Direction.OUT.value: _("Visits abroad"),
    Direction.IN.value: _("Visits received"),
    OTHER: _("Other visits"),
}


@dataclass(frozen=True)
class Count:
    """How many entries lie within the years `first` to `last`; those of UNDATED stand for a limit that is not known.

    `direction` is that of visits, as seen from the focal state, "" for all of them; `query` are the parameters by which
    the list of the kind is asked for just these entries, None where it cannot be.
    """

    kind: str
    first: int
    last: int
    n: int
    direction: str = ""
    query: dict | None = None

    @property
    def url(self):
        return self._address(f"{self.kind}-list")

    @property
    def api_url(self):
        return self._address(f"api:{self.kind}-list")

    def _address(self, name):
        return "" if self.query is None else f"{reverse(name)}?{urlencode(self.query)}"

    @property
    def label(self):
        return DIRECTIONS.get(self.direction, "")

    def may_be(self, year):
        return self.first <= year <= self.last

    @property
    def begins(self):
        """The first year that it may be, None where that is not known."""
        return self.first if is_known(self.first) else None

    @property
    def ends(self):
        return self.last if is_known(self.last) else None

    @property
    def words(self):
        """The years between which it lies."""
        if self.begins and self.ends:
            return f"{self.first}–{self.last}" if self.first != self.last else str(self.first)
        phrase = gettext("%(date)s or later") if self.begins else gettext("%(date)s or earlier")
        return phrase % {"date": self.begins or self.ends}


@dataclass(frozen=True)
class YearRow:
    """One year of a kind: all that certainly lies in it, the same by direction, and what may lie in it or not."""

    year: int
    all: Count
    parts: list
    may: Count


@dataclass(frozen=True)
class KindOfYears:
    """One kind: a YearRow for each year shown, a Count for each range, and what has no place in the picture.

    `before` and `after` are of years that are not shown.
    """

    kind: str
    rows: list
    ranges: list
    undated: Count
    before: int
    after: int

    @property
    def label(self):
        return KINDS[self.kind]._meta.verbose_name_plural

    @cached_property
    def placed(self):
        return sum(row.all.n for row in self.rows) + self.before + self.after

    @cached_property
    def ranged(self):
        return sum(found.n for found in self.ranges)

    @property
    def total(self):
        return self.placed + self.ranged + self.undated.n

    @cached_property
    def directions(self):
        """[(direction, label)] of those in which there is any visit."""
        found = {part.direction for row in self.rows for part in row.parts if part.n}
        return [(name, label) for name, label in DIRECTIONS.items() if name in found]

    def cells(self, year):
        """Of the line of a year: by direction where there are any, and all, beside what may lie in it."""
        row = self.rows[year - self.rows[0].year]
        shown = dict(self.directions)
        return [*((part, None) for part in row.parts if part.direction in shown), (row.all, row.may)]

    @property
    def listed_ranges(self):
        return self.ranges[:MOST_RANGES]

    @property
    def unlisted_ranges(self):
        return len(self.ranges) - len(self.listed_ranges)


class Years:
    """The entries of `kinds` by years; with `state`, those that concern it, with `day` what had happened by then.

    `first` and `last` are the years to be shown, where they are asked for.
    """

    def __init__(self, focus, kinds=COUNTED, state=None, day=None, first=None, last=None):
        self.focus, self.state, self.day = focus, state, day
        self._kinds, self._first, self._last = kinds, first, last

    @classmethod
    def of(cls, form, focus):
        kinds = [form.given("kind")] if form.given("kind") else COUNTED
        limits = (form.given("from"), form.given("to"))
        first, last = (limit and limit.earliest.year for limit in limits)
        return cls(focus, kinds, form.given("state"), form.given("as_of"), first, last)

    @cached_property
    def _counts(self):
        """{kind: {direction: Counter of (first year, last year)}}; the direction "" is all of them."""
        counts = {kind: defaultdict(Counter) for kind in self._kinds}
        ties = Ties.of(self.state, kind__in=self._kinds)
        for kind, *years, n in by_years(ties, ["kind"], self.day):
            counts[kind][""][tuple(years)] += n
        if "visit" in counts:
            self._add_directions(counts["visit"])
        return counts

    def _add_directions(self, counts):
        """Those between the focal state and the one asked for are those of the latter."""
        side, abroad = self.focus, "sender"
        if self.state not in (None, self.focus):
            side, abroad = self.state, "host"
        rest = Counter(counts[""])
        visits = Ties.of(side, with_focus=True, kind="visit")
        for roles, *years, n in by_years(visits, ["roles"], self.day):
            # A state that is its own guest is told of once.
            direction = Direction.OUT.value if abroad in roles.split() else Direction.IN.value
            counts[direction][tuple(years)] += n
            rest[tuple(years)] -= n
        counts[OTHER] = +rest

    @cached_property
    def years(self):
        """Those shown, in order: at most MOST_YEARS, of which the latest.

        As asked for, or else from the beginning of the focal state, before which it had no relations, to the last.
        """
        dated = {years for found in self._counts.values() for years in found[""]}
        known = {year for years in dated for year in years if is_known(year)}
        first = self._first or min(known, default=None)
        if not self._first and known and self.focus.begin.earliest.year <= max(known):
            first = max(first, self.focus.begin.earliest.year)
        last = self._last or max(known, default=None)
        if first is None or last is None or first > last:
            return []
        if self._first and not self._last:
            last = min(last, first + MOST_YEARS - 1)
        return list(range(max(first, last - MOST_YEARS + 1), last + 1))

    @cached_property
    def kinds(self):
        """A KindOfYears for each kind asked for."""
        return [self._of_kind(kind) for kind in self._kinds]

    def _of_kind(self, kind):
        counts, shown = self._counts[kind], self.years
        ranges = [self._count(kind, *years) for years in sorted(counts[""]) if is_range(*years)]
        placed = {first: n for (first, last), n in counts[""].items() if first == last}
        return KindOfYears(
            kind=kind,
            rows=[self._row(kind, year, ranges) for year in shown],
            ranges=ranges,
            undated=self._count(kind, *UNDATED),
            before=sum(n for year, n in placed.items() if shown and year < shown[0]),
            after=sum(n for year, n in placed.items() if shown and year > shown[-1]),
        )

    def _row(self, kind, year, ranges):
        directions = DIRECTIONS if kind == "visit" else ()
        may = sum(found.n for found in ranges if found.may_be(year))
        across = self._base | {"year": written(year), "dating": Dating.ACROSS.value}
        return YearRow(
            year=year,
            all=self._count(kind, year, year),
            parts=[self._count(kind, year, year, direction) for direction in directions],
            may=Count(kind, year, year, may, query=across),
        )

    def _count(self, kind, first, last, direction=""):
        n = self._counts[kind][direction][first, last]
        return Count(kind, first, last, n, direction, self._query(first, last, direction))

    @property
    def _base(self):
        """The parameters by which the list of each kind is asked for the whole."""
        of_state = {"state": self.state.code} if self.state else {}
        return of_state | ({"as_of": str(self.day)} if self.day else {})

    def _query(self, first, last, direction):
        base = dict(self._base)
        if direction == OTHER:
            return None
        if direction:
            base |= {"state": self.focus.code, "direction": direction}
            base |= {"counterpart": self.state.code} if self.state not in (None, self.focus) else {}
        if first == last:
            return base | {"year": written(first), "dating": Dating.WITHIN.value}
        if (first, last) == UNDATED:
            return base | {"dating": Dating.UNDATED.value}
        limits = {"from": first, "to": last}
        limits = {name: written(year) for name, year in limits.items() if is_known(year)}
        return base | limits | {"dating": Dating.SPANNING.value}

    @property
    def lines(self):
        """[(year, [(Count, what may lie in it or None)])], a line of the table for each year shown."""
        return [(year, [cell for kind in self.kinds for cell in kind.cells(year)]) for year in self.years]

    @property
    def has_ranges(self):
        return any(kind.ranges or kind.undated.n for kind in self.kinds)

    # As files

    @property
    def about(self):
        return {"focus": self.focus.code}

    def table(self, request):
        """(names of the columns, rows) of all there is, whatever years the picture shows."""
        names = ("kind", "direction", "from", "to", "entries", "api_url", "page_url")
        site = root(request)
        rows = [
            self._count(kind, *years, direction)
            for kind, found in self._counts.items()
            for direction in found
            for years in sorted(found[direction])
        ]
        return names, [
            (
                row.kind,
                row.direction,
                *(written(year) if is_known(year) else "" for year in (row.first, row.last)),
                row.n,
                *(site + address if address else "" for address in (row.api_url, row.url)),
            )
            for row in rows
        ]


def is_known(year):
    return year not in UNDATED


def is_range(first, last):
    return first != last and (first, last) != UNDATED


def written(year):
    """As the lists take it."""
    return f"{year:04}"
