"""The world map as its template draws it: who is shaded how, and what the legend says of it."""

from collections import Counter
from functools import cache, cached_property, lru_cache
from itertools import combinations
from math import hypot
from typing import NamedTuple

from django.utils.translation import get_language, gettext as _

from apps.core.kept import Kept
from apps.core.templatetags.reading import grouped
from apps.relations.geometry import Shape, world
from apps.relations.map_numbers import ALL, MEASURES, Tallies, Tally
from apps.relations.map_parts import box_of

CLASSES = 5
# There are so many tones, 1 the lightest.
TONES = 5
# Of a picture that is 1000 units wide, about as many as a screen shows it: a state less wide than the first is a
# dot, one as wide as the second has room for its number. Letters are as high as the third, and as wide as the fourth.
SMALLEST, ROOMY, LETTERS, LETTER = 7, 26, 13, 7.5
# How far apart dots are, and how far from one that is alone a finger may be.
DOT, REACH = 12, 24
# Pictures of which the marks are kept, each some 100 KB where there are 200 states.
MOST_KEPT = 40
# Often enough that the dots of one corner of the world settle.
TIMES = 20


class Shade(NamedTuple):
    """A class of the legend: its tone, the least and the most ties, and how many states it has.

    `most` is None for the last class, which has no upper limit.
    """

    tone: int
    least: int
    most: int | None
    states: int

    @property
    def label(self):
        if self.most is None:
            return _("%(number)s or more") % {"number": grouped(self.least)}
        if self.least == self.most:
            return grouped(self.least)
        return f"{grouped(self.least)}–{grouped(self.most)}"


class Mark(NamedTuple):
    """A state on the map, or a part of it. `tone` is that of its class, 0 where it has no ties.

    `words` tell its number; `label` are the lines written upon it, none where there is no room for any.
    """

    tally: Tally
    shape: Shape
    tone: int
    words: str
    label: list
    is_dot: bool
    is_possible: bool

    @property
    def state(self):
        return self.tally.state


class Dot(NamedTuple):
    """Where the dot of a Mark is; whether there is room around it to be hit beside it as well."""

    mark: Mark
    x: int
    y: int
    is_alone: bool


# Of the few pictures that there are, as long as the ranks of their states stay: it is much to compute.
@lru_cache(maxsize=64)
def moved_apart(places, distance):
    """The places, where they are closer to one another than the distance, moved away from each other by what lacks."""
    moved = [complex(*place) for place in places]
    for _time in range(TIMES):
        for one, other in combinations(range(len(moved)), 2):
            between = moved[other] - moved[one]
            lacking = distance - abs(between)
            if lacking > 0:
                step = (between / abs(between) if between else 1) * lacking / 2
                moved[one] -= step
                moved[other] += step
    return tuple((place.real, place.imag) for place in moved)


@lru_cache(maxsize=64)
def are_alone(places, reach):
    """Of each of the places, whether no other is within reach."""
    return [all(hypot(x - a, y - b) >= reach for a, b in places if (a, b) != (x, y)) for x, y in places]


def limits(most):
    """The least number of each class: of 1, 2, 5, 10, 20, 50 and so on as many as reach `most`, thinned out evenly.

    Their steps grow, since few states have many ties and many have few.
    """
    round_numbers, power = [], 1
    while power <= most:
        round_numbers += [power * digit for digit in (1, 2, 5) if power * digit <= most]
        power *= 10
    if len(round_numbers) <= CLASSES:
        return round_numbers
    last = len(round_numbers) - 1
    return [round_numbers[round(last * step / (CLASSES - 1))] for step in range(CLASSES)]


class WorldMap:
    """The map of `measure`, one of MEASURES, as of `day`, a PartialDate; larger, of one of the `PARTS` of the world.

    The classes are made of all that is recorded, whatever the day, so that the maps of two days can be compared. By
    `mark`, the numbers and what is drawn of them are kept (`core.kept`).
    """

    _kept = Kept(MOST_KEPT)

    def __init__(self, focus, measure=ALL, day=None, part=None, mark=None):
        self.focus, self.name, self.day, self.mark = focus, measure, day, mark
        self.measure = MEASURES[measure]
        self.box = box_of(part)
        self.tallies, self._of_all_time = Tallies(focus, day, mark), Tallies(focus, mark=mark)
        # Of hundreds of states many have the same number.
        self.tone, self._number = cache(self._tone), cache(self.measure.in_words)

    @property
    def unit(self):
        """Of a picture that is 1000 wide."""
        return self.box.width / 1000

    @property
    def letters(self):
        """The height of letters."""
        return round(LETTERS * self.unit, 1)

    @cached_property
    def limits(self):
        everything = self._of_all_time if self.day else self.tallies
        return limits(everything.most(self.name))

    def _tone(self, count):
        """Of the class of that number; where there are few classes, their tones lie far apart."""
        number, classes = sum(count >= least for least in self.limits), len(self.limits)
        if number == 0 or classes == 1:
            return number and TONES // 2 + 1
        return 1 + round((number - 1) * (TONES - 1) / (classes - 1))

    @cached_property
    def shades(self):
        """The classes of the legend."""
        states = Counter(self.tone(tally.counts[self.name]) for tally in self.tallies.by_state.values())
        ends = [following - 1 for following in self.limits[1:]] + [None]
        return [
            Shade(self.tone(least), least, most, states[self.tone(least)])
            for least, most in zip(self.limits, ends, strict=False)
        ]

    @property
    def without_ties(self):
        """How many states have none."""
        return sum(not tally.counts[self.name] for tally in self.tallies.by_state.values())

    @cached_property
    def ranked(self):
        return self.tallies.ranked(self.name)

    # What is drawn

    @cached_property
    def marks(self):
        """A Mark for each state of the database that the picture shows, those with the most ties first."""
        which = (self.focus.pk, self.name, self.day, self.box, get_language())
        return self._kept.of(self.mark, which, self._marks)

    def _marks(self):
        shapes = world().shapes
        return [
            self._mark(tally, shapes[tally.state.code])
            for tally in self.ranked
            if tally.state.code in shapes and shapes[tally.state.code].box.meets(self.box)
        ]

    def _mark(self, tally, shape):
        count = tally.counts[self.name]
        return Mark(
            tally=tally,
            shape=shape,
            tone=self.tone(count),
            words=self.words(tally),
            label=self._label(tally, shape),
            is_dot=shape.size / self.unit < SMALLEST,
            is_possible=bool(count) and not tally.certain[self.name],
        )

    @cached_property
    def _inside(self):
        return self.box.shrunk(2 * self.letters)

    def _label(self, tally, shape):
        """[(line, its height)]: the number where it has room and stands within the picture, with room the name too."""
        count, size, name = tally.counts[self.name], shape.size / self.unit, tally.name
        if not count or size < ROOMY or not self._inside.holds(shape.x, shape.y):
            return []
        if size < len(name) * LETTER:
            return [(grouped(count), shape.y)]
        half = self.letters * 0.6
        return [(name, round(shape.y - half)), (grouped(count), round(shape.y + half))]

    @cached_property
    def _sentences(self):
        """Of a state's number, and as of a day of a number that is none."""
        return (
            _("%(state)s: %(number)s"),
            _("%(state)s: %(number)s (certain: %(certain)s, possible: %(possible)s)"),
        )

    def words(self, tally):
        """Of a state: "China: 20 visits", and as of a day how many are certain and how many possible."""
        count, certain = tally.counts[self.name], tally.certain[self.name]
        told, (plain, in_parts) = {"state": tally.name, "number": self._number(count)}, self._sentences
        if not self.day or not count:
            return plain % told
        return in_parts % (told | {"certain": grouped(certain), "possible": grouped(count - certain)})

    @cached_property
    def areas(self):
        return [mark for mark in self.marks if not mark.is_dot]

    @cached_property
    def dots(self):
        """A Dot for each state that is too small to be hit, on top of the others."""
        small = [mark for mark in self.marks if mark.is_dot]
        places = moved_apart(tuple((mark.shape.x, mark.shape.y) for mark in small), DOT * self.unit)
        alone = are_alone(places, REACH * self.unit)
        return [
            Dot(mark, round(x), round(y), is_alone)
            for mark, (x, y), is_alone in zip(small, places, alone, strict=True)
        ]

    @property
    def home(self):
        """The Shape of the focal state, None where it has none or is not in the picture."""
        shape = world().shapes.get(self.focus.code)
        return shape if shape and shape.box.meets(self.box) else None

    @property
    def outlines(self):
        """One path of all that the database has no state for."""
        known = {self.focus.code, *(tally.state.code for tally in self.tallies.by_state.values())}
        shapes = [shape for code, shape in world().shapes.items() if code not in known]
        return "".join(shape.path for shape in [*shapes, *world().others] if shape.box.meets(self.box))

    @property
    def shapeless(self):
        """[(state, its number in words)] of those without a shape on today's map, those with the most ties first."""
        shapes = world().shapes
        return [(tally.state, self.words(tally)) for tally in self.ranked if tally.state.code not in shapes]

    # What is said of it

    @property
    def states(self):
        return len(self.tallies.by_state)

    @property
    def with_ties(self):
        return self.states - self.without_ties

    @property
    def most(self):
        return self.first.counts[self.name] if self.first else 0

    @property
    def total(self):
        return self.tallies.total(self.name)

    @property
    def certain(self):
        return self.tallies.total_certain(self.name)

    @property
    def possible(self):
        return self.total - self.certain

    @property
    def first(self):
        """The Tally of the state with the most ties, None where none has any."""
        return self.ranked[0] if self.ranked and self.ranked[0].counts[self.name] else None
