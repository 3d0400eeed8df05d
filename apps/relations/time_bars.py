"""Too many marks for one each: how many there are in each stretch of a time picture, certainly and possibly."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from apps.relations.time_axis import Bucket
from apps.relations.time_rows import WIDTHS
from apps.relations.time_shapes import text_width

NUMBER_SIZE = 11


@dataclass
class Tally:
    """Numbers of entries by the stretches of the axis between which they lie, (first, last), both included.

    A stretch is told by its place among the axis's buckets; -1 and that after the last stand for what is outside, or
    not known. `possible` has all, by the bounds of each; `certain` those that lasted, by the bounds of the time that
    they certainly did.
    """

    lasting: Counter = field(default_factory=Counter)
    happened: Counter = field(default_factory=Counter)
    certain: Counter = field(default_factory=Counter)

    def counts(self, size):
        """[(certain, possible)] of each of `size` buckets, where what is certain is possible as well."""
        # What happened did so in one bucket for certain only if no other is possible.
        sure = self.certain + Counter({ends: n for ends, n in self.happened.items() if ends[0] == ends[1]})
        possible = self.lasting + self.happened
        return list(zip(running(sure, size), running(possible, size), strict=True))


def running(numbers, size):
    """How many of what lies from a bucket to another there are in each: all that began, less what was over."""
    changes = [0] * (size + 1)
    for (first, last), n in numbers.items():
        if first < size and last >= 0:
            changes[max(first, 0)] += n
            changes[min(last, size - 1) + 1] -= n
    return list(accumulate(changes[:size]))


def place_of(month, axis):
    """The number of the bucket of a month, counted from January of the year 0, as a Tally has it."""
    size = axis.bucket_months
    low, high = (month // size for month in axis.months)
    return min(max(month // size - low, -1), high - low + 1)


def place(day, axis):
    return place_of(day.year * 12 + day.month - 1, axis)


def tally(marks, axis):
    """The Tally of marks that are at hand; `relations.time_counts` has the database count others alike."""
    found = Tally()
    for mark in marks:
        ends = place(mark.earliest, axis), place(mark.latest, axis)
        (found.lasting if mark.lasting else found.happened)[ends] += 1
        if mark.lasting and mark.certain_from <= mark.certain_until:
            found.certain[place(mark.certain_from, axis), place(mark.certain_until, axis)] += 1
    return found


# Per cent of a bar's stretch that is left free beside it.
APART = 12


class Bar(NamedTuple):
    """How many there are in a bucket: `certain`, and `may` be more; `sure` and `whole` are heights in pixels."""

    bucket: Bucket
    certain: int
    may: int
    sure: float
    whole: float
    # The names of the widths of a page at which there is room for the number.
    shown: str
    foot: int
    address: str

    @property
    def possible(self):
        return self.certain + self.may

    @property
    def soft(self):
        return self.whole - self.sure

    @property
    def top(self):
        return self.foot - self.whole

    @property
    def sure_top(self):
        return self.foot - self.sure

    @property
    def label_y(self):
        return self.top - 3

    @property
    def x(self):
        return self.bucket.x + self.bucket.width * APART / 200

    @property
    def width(self):
        return self.bucket.width * (100 - APART) / 100

    @property
    def middle(self):
        return self.bucket.x + self.bucket.width / 2


def bars(tally, axis, foot, height, address):
    """A Bar for each bucket in which anything is, the highest of `height` pixels; `address` gives that of its list."""
    buckets = axis.buckets()
    counts = tally.counts(len(buckets))
    scale = height / max(possible for _certain, possible in counts)
    return [
        Bar(
            bucket,
            certain,
            possible - certain,
            certain * scale,
            possible * scale,
            shown(bucket, possible),
            foot,
            address(bucket),
        )
        for bucket, (certain, possible) in zip(buckets, counts, strict=True)
        if possible
    ]


def shown(bucket, number):
    needed = text_width(str(number), NUMBER_SIZE) + 2
    return " ".join(name for name, width in WIDTHS.items() if bucket.width * width / 100 >= needed)
