"""The axis of a time picture: which days it shows, where on it a day lies, where its years and buckets are."""

from bisect import bisect
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from apps.core.dates import EARLIEST, LATEST

# Years. An axis of a few months would show vague dates as precise ones.
SHORTEST = 6
# Of the length, beyond the last day that is known, so that what is open has where to fade.
ROOM = 0.06
# A beginning long before all else is left outside, if that shortens the axis by more than this part of it.
GAP = 0.3
# So many of all marks, at most, are left to begin outside.
FEW = 0.2
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
# Months of a bucket, and the longest axis in years of which it is one.
BUCKETS = ((3, 6), (12, 80), (120, 800), (1200, 10_000))


def start_of(year):
    """The first day of a year as a number; of the year 10000, that after the last day there is."""
    return LATEST.toordinal() + 1 if year > LATEST.year else date(year, 1, 1).toordinal()


def is_known(day):
    return EARLIEST < day < LATEST


# The most years that are named on an axis as a page of a width has it, and how far along it there is room for one.
TICKS = {"narrow": (7, 88), "middle": (14, 95), "wide": (14, 96)}


class Tick(NamedTuple):
    """A year of the axis; `shown` and `named` are the names of the widths of a page at which it, or its number, is."""

    year: int
    x: float
    shown: str
    named: str


class Bucket(NamedTuple):
    """Some months of the axis: `first` and `last` count from January of the year 0, both included."""

    first: int
    last: int
    x: float
    width: float

    @property
    def years(self):
        return self.first // 12, self.last // 12

    @property
    def months(self):
        """As the parameters `from` and `to` of a list have them."""
        return tuple(f"{month // 12:04}-{month % 12 + 1:02}" for month in (self.first, self.last))


@dataclass(frozen=True)
class Axis:
    """The years `first` to `last`, both included; positions on it are per cent of its length."""

    first: int
    last: int

    @classmethod
    def of(cls, marks, days=(), asked=None):
        """That on which all of the marks, and the further `days`, have a place; a PartialDate that is near, too.

        A mark that lasts to this side of the others may begin outside, far before them: it comes in at the edge.
        """
        begins = sorted(day for mark in marks if is_known(day := beginning_of(mark)))
        firm = sorted(day for day in (*days, *firm_days(marks)) if is_known(day))
        known = [*begins, *firm, *(mark.certain_from for mark in marks if is_known(mark.certain_from))]
        if not known:
            return None
        first, last = min(known).year, max(known).year
        others = firm[0] if firm else LATEST
        for few, (before, after) in enumerate(pairwise([*begins, others]), start=1):
            gap = min(after, others, date(last, 1, 1)).year - before.year
            if few <= len(marks) * FEW and before < others and gap > GAP * (last - first):
                first = before.year + gap
        return cls(first, last)._with(asked)._roomy(marks)

    def _with(self, asked):
        length = max(self.last - self.first, SHORTEST)
        if (
            asked is None
            or asked.earliest.year < self.first - length
            or asked.latest.year > self.last + length
        ):
            return self
        return Axis(min(self.first, asked.earliest.year), max(self.last, asked.latest.year))

    def _roomy(self, marks):
        length = self.last - self.first + 1
        room = max(1, round(length * ROOM))
        before = room if any(mark.earliest == EARLIEST for mark in marks) else 0
        after = room if any(mark.latest == LATEST for mark in marks) else 0
        lacking = max(0, SHORTEST - length - before - after)
        first = max(EARLIEST.year, self.first - before - (lacking + 1) // 2)
        return Axis(first, min(LATEST.year, self.last + after + lacking // 2))

    @property
    def _edges(self):
        return start_of(self.first), start_of(self.last + 1)

    def at(self, day, *, end=False):
        """Where a day begins, or ends; outside the axis, its nearer end."""
        first, last = self._edges
        return min(100.0, max(0.0, (day.toordinal() + end - first) * 100 / (last - first)))

    def is_before(self, day):
        """Whether a day lies before all of it."""
        return day.year < self.first

    def is_after(self, day):
        return day.year > self.last

    def ticks(self):
        """Its Ticks, at most as many as a page of each width has room for."""
        length = self.last - self.first + 1
        shown = defaultdict(list)
        for name, (most, _room) in TICKS.items():
            step = next(step for step in STEPS if length / step <= most)
            for year in range(-(-self.first // step) * step, self.last + 1, step):
                shown[year].append(name)
        found = []
        for year, names in sorted(shown.items()):
            x = self.at(date(year, 1, 1))
            named = [name for name in names if x <= TICKS[name][1]]
            found.append(Tick(year, x, " ".join(names), " ".join(named)))
        return found

    @property
    def bucket_months(self):
        length = self.last - self.first + 1
        return BUCKETS[bisect([longest for _months, longest in BUCKETS], length - 1)][0]

    def buckets(self):
        """The axis in stretches of equal numbers of months, in order: a quarter, a year or more, as it is long."""
        months, (low, high) = self.bucket_months, self.months
        found = []
        for first in range(low // months * months, high + 1, months):
            begin, end = max(first, low), min(first + months - 1, high)
            x = self.at(date(begin // 12, begin % 12 + 1, 1))
            width = (100 if end == high else self.at(date((end + 1) // 12, (end + 1) % 12 + 1, 1))) - x
            found.append(Bucket(begin, end, x, width))
        return found

    @property
    def months(self):
        """Its first and its last month, counted from January of the year 0."""
        return self.first * 12, self.last * 12 + 11


def beginning_of(mark):
    """The first day that is known of what lasted; of what happened, none, since all of that has its place."""
    if not mark.lasting:
        return EARLIEST
    return mark.earliest if is_known(mark.earliest) else mark.certain_from


def firm_days(marks):
    """The days that an axis has to show, whatever else there is."""
    for mark in marks:
        yield from (mark.certain_until, mark.latest) if mark.lasting else (mark.earliest, mark.latest)
