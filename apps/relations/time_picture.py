"""The time picture: lanes of marks on an axis of years, laid out for a template to draw. Asks nothing of the database.

Positions along the axis are per cent, so that one drawing fits every width and its letters keep their size; down the
page they are pixels. What has room for a label on a wide page may have none on a phone: each label says from which
width on it is shown. A lane of few marks names them, one of more packs them, one of too many is bars with numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from apps.relations.time_axis import Axis, Bucket
from apps.relations.time_bars import Tally, bars, tally
from apps.relations.time_rows import NAMED, NAMED_SPANS, PACKED, PACKED_SPANS, WIDTHS, rows_of
from apps.relations.time_shapes import BOTH, ONE, OTHER, text_width

# Pixels: above the lanes, the same for the words of the day asked for, below the lanes; over and under a lane's marks.
TOP, ASKED, BOTTOM, HEAD, AFTER = 24, 16, 22, 21, 8
BAR_HEIGHT, BAR_HEAD = 52, 14
# Of its letters, which are bold.
HEADING_SIZE = 13
# So many marks in all are named; of a lane, so many are whatever there is besides.
NAMED_IN_ALL, NAMED_OF_LANE = 60, 7
# Rows of a lane, before it is drawn in a closer manner.
MOST_ROWS = {NAMED: 22, NAMED_SPANS: 16, PACKED: 16, PACKED_SPANS: 44}
# From this height on the years stand below as well.
TALL = 420


@dataclass
class Lane:
    """Marks of one kind in the order of time, or, of too many to read, a Tally.

    `address` gives that of the list of what lies in a Bucket; `side` is that of its bars.
    """

    label: str
    total: int
    marks: list = field(default_factory=list)
    tally: Tally | None = None
    address: Callable[[Bucket], str] = None
    side: str = BOTH
    # What it is called where there is little room.
    short: str = ""


@dataclass
class Drawn:
    """A lane as it is drawn: rows of marks, or bars."""

    lane: Lane
    y: int
    height: int
    rows: list = field(default_factory=list)
    bars: list = field(default_factory=list)

    @property
    def marks(self):
        """In the order in which the keyboard reaches them: that of time."""
        found = [mark for row in self.rows for mark in row.marks]
        return sorted(found, key=lambda mark: mark.order)

    @property
    def number(self):
        """Of what it shows, where groups count once."""
        groups = {mark.group for mark in self.lane.marks if mark.group is not None}
        return len(groups) if groups and not self.bars else self.lane.total

    @property
    def headings(self):
        """[(its label, the names of the widths of a page at which it has room)]"""
        room = WIDTHS["narrow"] - text_width(f"  {self.number:,}", HEADING_SIZE)
        if text_width(self.lane.label, HEADING_SIZE) <= room:
            return [(self.lane.label, "narrow middle wide")]
        return [(self.lane.short, "narrow"), (self.lane.label, "middle wide")]

    @property
    def bar_top(self):
        """From there on a bar can be pointed at."""
        return self.y + HEAD

    @property
    def bar_reach(self):
        return self.height - HEAD

    @property
    def baseline(self):
        return self.y + 15

    @property
    def foot(self):
        return self.y + self.height


class Line(NamedTuple):
    """The day that is asked for; outside the axis it stands at its edge, and `beyond` says on which side."""

    x: float
    width: float
    beyond: str

    @property
    def anchor(self):
        return "end" if self.x > 60 else "start"

    @property
    def end(self):
        return self.x + self.width

    @property
    def rest(self):
        """What comes after it."""
        return 100 - self.end


@dataclass
class Picture:
    axis: Axis
    lanes: list
    height: int
    line: Line | None

    @property
    def top(self):
        return ASKED if self.line else 0

    @property
    def below(self):
        """From there to the foot of the lanes."""
        return self.foot - self.top

    @property
    def ticks(self):
        return self.axis.ticks()

    @property
    def foot(self):
        """Where the lanes end."""
        return self.height - (BOTTOM if self.is_tall else 0)

    @property
    def is_tall(self):
        return self.height > TALL

    @property
    def counted(self):
        """The lanes that are drawn as bars, for a table of their numbers."""
        return [drawn for drawn in self.lanes if drawn.bars]

    @property
    def table(self):
        """[(Bucket, [(label of a lane, its Bar or None)])] of all that is counted."""
        found = [(drawn.lane.label, {bar.bucket: bar for bar in drawn.bars}) for drawn in self.counted]
        buckets = sorted({bucket for _label, bars in found for bucket in bars})
        return [(bucket, [(label, bars.get(bucket)) for label, bars in found]) for bucket in buckets]

    @cached_property
    def looks(self):
        """The names of all that the legend has to explain."""
        found = {look for drawn in self.lanes for mark in drawn.marks for look in mark.looks}
        for drawn in self.counted:
            found |= {"bars", drawn.lane.side} | {"more" for bar in drawn.bars if bar.may}
        return found

    @property
    def sides(self):
        return [side for side in (BOTH, ONE, OTHER) if side in self.looks]


def picture(lanes, axis, asked=None):
    """The Picture of lanes that have anything to draw, or None; `asked` is a PartialDate."""
    lanes = [lane for lane in lanes if lane.total]
    if not lanes or axis is None:
        return None
    total = sum(lane.total for lane in lanes)
    drawn, y = [], TOP + (ASKED if asked else 0)
    for lane in lanes:
        drawn.append(draw(lane, axis, y, is_small=total <= NAMED_IN_ALL))
        y = drawn[-1].foot + AFTER
    return Picture(axis, drawn, y + (BOTTOM if y + BOTTOM > TALL else 0), asked and line(axis, asked))


def draw(lane, axis, y, *, is_small):
    """The lane in the plainest manner that has room for it."""
    if lane.tally is None:
        for style in styles(lane, is_small=is_small):
            rows = rows_of(lane.marks, axis, style, MOST_ROWS[style])
            if rows is not None:
                return stacked(lane, rows, y)
    foot = y + HEAD + BAR_HEAD + BAR_HEIGHT
    numbers = lane.tally or tally(lane.marks, axis)
    return Drawn(lane, y, foot - y, bars=bars(numbers, axis, foot, BAR_HEIGHT, lane.address))


def styles(lane, *, is_small):
    lasting = sum(mark.lasting for mark in lane.marks) * 2 > len(lane.marks)
    if is_small or len(lane.marks) <= NAMED_OF_LANE:
        yield NAMED_SPANS if lasting else NAMED
    yield PACKED_SPANS if lasting else PACKED


def stacked(lane, rows, y):
    top = y + HEAD
    for row in rows:
        row.move_to(top)
        top += row.height
    return Drawn(lane, y, top - y, rows=rows)


def line(axis, asked):
    if axis.is_after(asked.earliest):
        return Line(100, 0, "after")
    if axis.is_before(asked.latest):
        return Line(0, 0, "before")
    x = axis.at(asked.earliest)
    return Line(x, axis.at(asked.latest, end=True) - x, "")
