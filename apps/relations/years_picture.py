"""Where the marks of the picture of years lie: bars of what a year certainly has, and below them ranges of years."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from apps.relations.years import Count

WIDTH = 1000
# Of the bars, from the axis to the top of the tallest; above it stands its number.
HEIGHT = 160
HEAD = 22
# Of the line of years below the axis.
YEARS = 26
# Of each range, and from one to the next.
BAND, STEP = 18, 24
MOST_BANDS = 12
WIDEST_BAR = 30
# Where no year has more than some, their bars would be as high as those of many: so many stand for the full height.
LEAST_MOST = 8
# Of a character of the labels, about.
CHARACTER = 6.6


class Box(NamedTuple):
    """A rectangle of the picture, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    count: Count

    @property
    def right(self):
        return self.x + self.width

    @property
    def bottom(self):
        return self.y + self.height


class Bar(NamedTuple):
    """A year: its boxes from the axis up, its number and where that stands, all that it has."""

    boxes: list
    middle: float
    top: float
    all: Count


class Band(NamedTuple):
    """A range: its box, the points of an arrow at each end that is open, its label."""

    box: Box
    open_left: str
    open_right: str
    label: str
    label_x: float
    anchor: str
    baseline: float


class Tick(NamedTuple):
    middle: float
    year: int
    is_named: bool


@dataclass(frozen=True)
class Panel:
    """The picture of one kind; all lie on one axis of years, and are drawn to one scale, so that they compare."""

    kind: object
    years: list
    most: int

    @property
    def slot(self):
        return WIDTH / len(self.years)

    @property
    def bar_width(self):
        return min(self.slot * 0.72, WIDEST_BAR)

    @cached_property
    def axis(self):
        """Where the bars stand: the panel is no higher than its own tallest bar needs."""
        tallest = max((row.all.n for row in self.kind.rows), default=0)
        return round(HEAD + HEIGHT * tallest / self.most)

    @property
    def last_year(self):
        return self.years[-1]

    def _x(self, year):
        """The left edge of a year."""
        return (year - self.years[0]) * self.slot

    @cached_property
    def bars(self):
        return [self._bar(row) for row in self.kind.rows if row.all.n]

    def _bar(self, row):
        middle, y = self._x(row.year) + self.slot / 2, self.axis
        boxes = []
        for count in row.parts or [row.all]:
            height = HEIGHT * count.n / self.most
            if count.n:
                y -= height
                boxes.append(Box(middle - self.bar_width / 2, y, self.bar_width, height, count))
        return Bar(boxes, middle, y - 6, row.all)

    @cached_property
    def ticks(self):
        """All years; named are as many as have room, and these are round ones."""
        every = next(every for every in (1, 2, 5, 10, 20) if self.slot * every >= 34)
        return [Tick(self._x(year) + self.slot / 2, year, not year % every) for year in self.years]

    @cached_property
    def bands(self):
        """Of the ranges that reach into the years shown those with the most entries, in the order of time."""
        shown = [found for found in self.kind.ranges if self._reaches(found)]
        largest = sorted(shown, key=lambda found: -found.n)[:MOST_BANDS]
        return [self._band(found, number) for number, found in enumerate(filter(largest.__contains__, shown))]

    @property
    def bands_left_out(self):
        return len(self.kind.ranges) - len(self.bands)

    def _reaches(self, found):
        return found.first <= self.years[-1] and found.last >= self.years[0]

    def _band(self, found, number):
        left = self._x(max(found.first, self.years[0]))
        right = self._x(min(found.last, self.years[-1])) + self.slot
        y = self.axis + YEARS + 8 + number * STEP
        box = Box(left, y, right - left, BAND, found)
        middle = y + BAND / 2
        starts_before, ends_after = found.first < self.years[0], found.last > self.years[-1]
        label = f"{found.words}: {found.n}"
        width = len(label) * CHARACTER
        if width + 16 <= box.width:
            place = (left + box.width / 2, "middle")
        else:
            place = (right + 6, "start") if right + 6 + width <= WIDTH else (left - 6, "end")
        return Band(
            box=box,
            open_left=f"{left + 8},{y + 3} {left + 2},{middle} {left + 8},{y + BAND - 3}"
            if starts_before
            else "",
            open_right=f"{right - 8},{y + 3} {right - 2},{middle} {right - 8},{y + BAND - 3}"
            if ends_after
            else "",
            label=label,
            label_x=place[0],
            anchor=place[1],
            baseline=y + BAND - 4.5,
        )

    @property
    def height(self):
        return self.axis + YEARS + (len(self.bands) * STEP + 8 if self.bands else 0)


class YearsPicture:
    """A Panel for each kind of `years`, a Years; none where there is nothing to draw."""

    def __init__(self, years):
        most = max((row.all.n for kind in years.kinds for row in kind.rows), default=0)
        self.panels = (
            [Panel(kind, years.years, max(most, LEAST_MOST)) for kind in years.kinds] if years.years else []
        )
