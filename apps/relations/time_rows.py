"""Rows of a lane of a time picture: marks, and labels where there is room, of which no two touch at any width."""

from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from apps.core.dates import EARLIEST
from apps.relations.time_shapes import OTHER, Mark, pieces, shortened, text_width

# What a page's content is wide at least, in pixels, by the names of the widths that the stylesheet tells apart.
WIDTHS = (("any", 280), ("middle", 664), ("wide", 950))
NARROWEST, WIDEST = WIDTHS[0][1], WIDTHS[-1][1]
LABEL_SIZE, LONGEST_LABEL = 12, 34
# Pixels between two that share a row, on either side of a mark that has a width, and of one that is a sign.
APART, EDGE, SIGN = 8, 2, 6
# Per cent of the axis from which on a label has room on the mark itself.
BROAD = 12
# Below so much, a mark is given a wider place to point at.
SLIGHT = 3


class Style(NamedTuple):
    """Pixels: of a row, of the label above it, of a mark, and of a mark's line where two sides share a row."""

    row: int
    above: int
    mark: int
    line: int
    is_named: bool
    lasting: bool


NAMED = Style(21, 0, 12, 0, True, False)
NAMED_SPANS = Style(27, 15, 7, 8, True, True)
PACKED = Style(14, 0, 10, 0, False, False)
PACKED_SPANS = Style(7, 0, 4, 5, False, True)


class Spot(NamedTuple):
    """Where a label may stand: at per cent of the axis, and so many pixels beside it."""

    x: float
    beside: int
    anchor: str

    def reach(self, length, width):
        """(first, last) pixel of a label of that length on an axis of that width."""
        at = self.x * width / 100 + self.beside
        return (at, at + length) if self.anchor == "start" else (at - length, at)


@dataclass
class DrawnMark:
    """A mark in its row: its pieces, and where it and its label stand. `y` is the middle of the mark."""

    mark: Mark
    pieces: list
    order: int
    line: int = 0
    # Whether it began before the axis does.
    is_earlier: bool = False
    y: float = 0
    style: Style = None
    label: str = ""
    spot: Spot | None = None
    shown: str = ""
    label_y: float = 0

    @property
    def x(self):
        return self.pieces[0].x

    @property
    def end(self):
        return self.pieces[-1].end

    @property
    def middle(self):
        return (self.x + self.end) / 2

    @property
    def top(self):
        return self.y - self.style.mark / 2

    @property
    def is_slight(self):
        """Whether it is too narrow to be pointed at, on some page."""
        return self.end - self.x < SLIGHT

    @property
    def height(self):
        return self.style.mark

    @property
    def looks(self):
        """What of the legend it needs."""
        found = {"day"} if self.mark.is_exact else {piece.look for piece in self.pieces}
        found |= {"fade" for piece in self.pieces if piece.fade} | ({"doubt"} if self.mark.doubt else set())
        return found | {self.mark.side}


@dataclass
class Item:
    """What stands in a row as one: a mark, or those of a group."""

    marks: list
    label: str = ""
    spot: Spot | None = None
    shown: str = "any"

    @property
    def x(self):
        return min(mark.x for mark in self.marks)

    @property
    def end(self):
        return max(mark.end for mark in self.marks)

    @property
    def length(self):
        return text_width(self.label, LABEL_SIZE)

    def reach(self, width):
        """(first, last) pixel of its marks."""
        edge = SIGN if any(mark.mark.is_exact for mark in self.marks) else EDGE
        return self.x * width / 100 - edge, self.end * width / 100 + edge

    def full_reach(self, width):
        """The same with its label."""
        if not self.label:
            return self.reach(width)
        ends = [*self.reach(width), *self.spot.reach(self.length, width)]
        return min(ends), max(ends)


@dataclass
class Row:
    style: Style
    items: list = field(default_factory=list)

    @property
    def marks(self):
        return [mark for item in self.items for mark in item.marks]

    @property
    def height(self):
        lines = max(mark.line for mark in self.marks)
        return self.style.row + lines * self.style.line

    def has_room_for(self, item):
        """Beside all that it has: on a wide page with the labels, on the narrowest for the marks."""
        return not any(
            touch(item.full_reach(WIDEST), other.full_reach(WIDEST))
            or touch(item.reach(NARROWEST), other.reach(NARROWEST), 1)
            for other in self.items
        )

    def choose_labels(self):
        """Says of each label from which width on it touches nothing, those of the narrower pages first."""
        waiting = [item for item in self.items if item.label]
        for name, width in WIDTHS[:-1]:
            shown = [item for item in self.items if item not in waiting]
            for item in list(waiting):
                reach = item.spot.reach(item.length, width)
                taken = [other.spot.reach(other.length, width) for other in shown if other.label]
                if not self.style.above:
                    taken += [other.reach(width) for other in self.items if other is not item]
                if is_within(reach, width) and not any(touch(reach, one) for one in taken):
                    item.shown = name
                    waiting.remove(item)
                    shown.append(item)
        for item in waiting:
            item.shown = WIDTHS[-1][0]

    def move_to(self, top):
        """Places what it has down the page."""
        self.choose_labels()
        middle = top + self.style.above + (self.style.row - self.style.above) / 2
        for item in self.items:
            for mark in item.marks:
                mark.style, mark.y = self.style, middle + mark.line * self.style.line
            first = item.marks[0]
            first.label, first.spot, first.shown = item.label, item.spot, item.shown
            first.label_y = top + 11 if self.style.above else middle + 4


def touch(one, other, apart=APART):
    return one[0] < other[1] + apart and other[0] < one[1] + apart


def is_within(reach, width):
    return reach[0] >= 0 and reach[1] <= width


def rows_of(marks, axis, style, most):
    """The Rows of marks that are in the order of time, or None where they would be more than `most`."""
    rows = []
    for item in items_of(marks, axis, style):
        row = next((row for row in rows if row.has_room_for(item)), None)
        if row is None:
            row = Row(style)
            rows.append(row)
            if len(rows) > most:
                return None
        row.items.append(item)
    return rows


def items_of(marks, axis, style):
    groups, number = {}, count()
    for mark in marks:
        key = mark.group if style.lasting and mark.group is not None else object()
        is_earlier = EARLIEST < mark.earliest and axis.is_before(mark.earliest)
        drawn = DrawnMark(mark, pieces(mark, axis), next(number), int(mark.side == OTHER), is_earlier)
        groups.setdefault(key, []).append(drawn)
    items = [Item(group) for group in groups.values()]
    for item in items:
        if len({mark.line for mark in item.marks}) == 1:
            for mark in item.marks:
                mark.line = 0
        if style.is_named:
            name(item, style)
    return items


def name(item, style):
    """Gives it its label, and of the spots for that the one that has room on the narrowest page."""
    mark = item.marks[0].mark
    since = str(mark.earliest.year) if item.marks[0].is_earlier else ""
    item.label = " ".join(filter(None, [mark.doubt, since, shortened(mark.label, LONGEST_LABEL)]))
    spots = spots_above(item) if style.above else spots_beside(item)
    fits = (
        spot for _name, width in WIDTHS for spot in spots if is_within(spot.reach(item.length, width), width)
    )
    item.spot = next(fits, spots[-1])


def spots_above(item):
    """Where what lasted begins for certain, or ends."""
    firm = [piece.x for mark in item.marks for piece in mark.pieces if piece.fade not in ("left", "both")]
    beside = 8 if item.marks[0].is_earlier else 0
    return [Spot(min(firm, default=item.x), beside, "start"), Spot(item.end, 0, "end")]


def spots_beside(item):
    edge = (SIGN if item.marks[0].mark.is_exact else EDGE) + 3
    fades = {piece.fade for mark in item.marks for piece in mark.pieces}
    beside = [Spot(item.end, edge, "start"), Spot(item.x, -edge, "end")]
    if item.end - item.x < BROAD:
        return beside
    return [Spot(item.end, -edge, "end"), *beside] if fades == {"left"} else [Spot(item.x, edge, "start"), *beside]
