"""Rows of a lane of a time picture: marks, and labels where there is room, of which no two touch at any width."""

from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from apps.core.dates import EARLIEST
from apps.relations.time_shapes import OTHER, Label, Mark, Spot, pieces, shortened

# What a page's content is wide at least, in pixels, by the names of the widths that the stylesheet tells apart.
WIDTHS = (("any", 280), ("middle", 664), ("wide", 950))
# And that of what is shown on the narrowest alone.
NARROW = "narrow"
NARROWEST, WIDEST = WIDTHS[0][1], WIDTHS[-1][1]
# Signs of a label, and of one where a page is narrow.
LONGEST, LONGEST_NARROW = 34, 22
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


NAMED = Style(19, 0, 12, 0, True, False)
NAMED_SPANS = Style(26, 14, 7, 8, True, True)
PACKED = Style(14, 0, 10, 0, False, False)
PACKED_SPANS = Style(7, 0, 4, 5, False, True)


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
    labels: list = field(default_factory=list)
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
    """What stands in a row as one: a mark, or those of a group. `label` is that of wide pages, if it is named."""

    marks: list
    spots: list = field(default_factory=list)
    text: str = ""
    label: Label | None = None
    labels: list = field(default_factory=list)
    narrow: Label | None = None

    @property
    def x(self):
        return min(mark.x for mark in self.marks)

    @property
    def end(self):
        return max(mark.end for mark in self.marks)

    @property
    def candidates(self):
        """The labels that it may have on a wide page, the best first; none of what is not named."""
        labels = [Label(shortened(self.text, LONGEST), spot) for spot in self.spots]
        return [label for label in labels if is_within(label.reach(WIDEST), WIDEST)] or [None]

    @property
    def narrow_candidates(self):
        texts = dict.fromkeys(shortened(self.text, longest) for longest in (LONGEST, LONGEST_NARROW))
        return [Label(text, spot) for text in texts for spot in self.spots]

    def reach(self, width):
        """(first, last) pixel of its marks."""
        edge = SIGN if any(mark.mark.is_exact for mark in self.marks) else EDGE
        return self.x * width / 100 - edge, self.end * width / 100 + edge


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

    def take(self, item):
        """Takes the item, with the first of its labels for which there is room; says whether it did."""
        if any(touch(item.reach(NARROWEST), other.reach(NARROWEST), 1) for other in self.items):
            return False
        for label in item.candidates:
            if self.has_room(item, label, WIDEST, [other.label for other in self.items if other.label]):
                item.label = label
                self.items.append(item)
                return True
        return False

    def has_room(self, item, label, width, labels):
        """Whether the item with a label touches neither another item nor one of the `labels` on a page of a width."""
        others = [other.reach(width) for other in self.items if other is not item]
        words = [other.reach(width) for other in labels]
        if self.style.above:  # Words stand over the marks, and are in nobody's way but that of words.
            return not label or free(label.reach(width), words)
        return free(item.reach(width), words) and (not label or free(label.reach(width), words + others))

    def choose_labels(self):
        """Says of each label from which width on it touches nothing; what then has none on a phone, may have another."""
        shown = []
        for name, width in WIDTHS[:-1]:
            for item in self.items:
                if item.label and not item.labels and self.fits(item, item.label, width, shown):
                    item.labels.append(item.label._replace(shown=name))
                    shown.append(item.label)
            if name == WIDTHS[0][0]:
                self.choose_narrow_labels(list(shown))
        for item in self.items:
            if item.label and item.label not in shown:
                item.labels.append(item.label._replace(shown=WIDTHS[-1][0]))

    def choose_narrow_labels(self, shown):
        for item in self.items:
            if item.label and not item.labels:
                found = (one for one in item.narrow_candidates if self.fits(item, one, NARROWEST, shown))
                if label := next(found, None):
                    shown.append(label)
                    item.narrow = label._replace(shown=NARROW)

    def fits(self, item, label, width, shown):
        return is_within(label.reach(width), width) and self.has_room(item, label, width, shown)

    def move_to(self, top):
        """Places what it has down the page."""
        self.choose_labels()
        middle = top + self.style.above + (self.style.row - self.style.above) / 2
        for item in self.items:
            for mark in item.marks:
                mark.style, mark.y = self.style, middle + mark.line * self.style.line
            first = item.marks[0]
            first.labels = [*item.labels, *filter(None, [item.narrow])]
            first.label_y = top + 11 if self.style.above else middle + 4


def free(reach, others):
    return not any(touch(reach, other) for other in others)


def touch(one, other, apart=APART):
    return one[0] < other[1] + apart and other[0] < one[1] + apart


def is_within(reach, width):
    return reach[0] >= 0 and reach[1] <= width


def rows_of(marks, axis, style, most):
    """The Rows of marks that are in the order of time, or None where they would be more than `most`."""
    rows = []
    for item in items_of(marks, axis, style):
        if not any(row.take(item) for row in rows):
            rows.append(Row(style))
            rows[-1].take(item)
            if len(rows) > most:
                return None
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
    item.text = " ".join(filter(None, [mark.doubt, since, mark.label]))
    item.spots = spots_above(item) if style.above else spots_beside(item)


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
    if fades == {"left"}:
        return [*beside, Spot(item.end, -edge, "end", True)]
    return [Spot(item.x, edge, "start", True), *beside]
