"""Rows of a lane of a time picture: marks, and labels where there is room, of which no two touch at any width."""

from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from apps.core.dates import EARLIEST
from apps.relations.time_shapes import OTHER, Label, Mark, Spot, pieces, shortened

# What a page's content is wide at least, in pixels, by the names of the widths that the stylesheet tells apart.
WIDTHS = {"narrow": 280, "middle": 664, "wide": 950}
NARROWEST, WIDEST = WIDTHS["narrow"], WIDTHS["wide"]
# Signs of a label: where there is plenty of room, as a rule, and where there is little.
LONGEST, USUAL, *SHORT = 64, 34, 22, 13
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


NAMED = Style(19, 0, 14, 0, True, False)
NAMED_SPANS = Style(26, 14, 7, 8, True, True)
PACKED = Style(12, 0, 8, 0, False, False)
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
    """What stands in a row as one: a mark, or those of a group. What is not named has no spots for labels."""

    marks: list
    x: float
    end: float
    # Pixels that its marks reach beyond them.
    edge: int
    text: str = ""
    spots: list = field(default_factory=list)
    label: Label | None = None
    # {label: the names of the widths at which it is shown}
    labels: dict = field(default_factory=dict)

    @classmethod
    def of(cls, marks):
        edge = SIGN if any(mark.mark.is_exact for mark in marks) else EDGE
        return cls(marks, min(mark.x for mark in marks), max(mark.end for mark in marks), edge)

    def candidates(self, longest, width):
        """The labels of so many signs at most that a page of a width can hold, the best first."""
        labels = (Label(shortened(self.text, longest), spot) for spot in self.spots)
        return [label for label in labels if is_within(label.reach(width), width)]

    def reach(self, width):
        """(first, last) pixel of its marks."""
        return self.x * width / 100 - self.edge, self.end * width / 100 + self.edge


@dataclass
class Row:
    style: Style
    items: list = field(default_factory=list)
    # Where each item is on the narrowest page.
    narrow: list = field(default_factory=list)

    @property
    def marks(self):
        return [mark for item in self.items for mark in item.marks]

    @property
    def height(self):
        lines = max(mark.line for mark in self.marks)
        return self.style.row + lines * self.style.line

    def take(self, item):
        """Takes the item, with the first of its labels for which there is room; says whether it did."""
        reach = item.reach(NARROWEST)
        if not free(reach, self.narrow, 1):
            return False
        labels = [other.label for other in self.items if other.label]
        candidates = item.candidates(USUAL, WIDEST) or [None]
        # Words over what lasted stand at its beginning, if the page has room: its end may be far away.
        for label in candidates[:1] if self.style.above else candidates:
            if self.has_room(item, label, WIDEST, labels):
                item.label = label
                self.items.append(item)
                self.narrow.append(reach)
                return True
        return False

    def has_room(self, item, label, width, labels):
        """Whether the item with a label touches neither another item nor one of the `labels` on a page of a width."""
        words = [other.reach(width) for other in labels]
        if not self.style.is_named:  # What is apart on the narrowest page is so on all.
            return True
        if self.style.above:  # Words stand over the marks, and are in nobody's way but that of words.
            return not label or free(label.reach(width), words)
        others = [other.reach(width) for other in self.items if other is not item]
        return free(item.reach(width), words) and (not label or free(label.reach(width), words + others))

    def choose_labels(self):
        """Gives each item, for each width of a page, the longest label that has room beside those of the others."""
        for name, width in WIDTHS.items():
            chosen = {}
            if width == WIDEST:
                chosen = {n: item.label for n, item in enumerate(self.items) if item.label}
            for longest in (USUAL, *SHORT, LONGEST):
                for n, item in enumerate(self.items):
                    labels = item.candidates(longest, width)
                    if n in chosen:  # Longer, if that is possible where it stands.
                        same = chosen[n].spot if longest == LONGEST else None
                        labels = [label for label in labels if label.spot == same]
                    self.choose(n, item, labels, chosen, width)
            for n, label in sorted(chosen.items()):
                self.items[n].labels.setdefault(label, []).append(name)

    def choose(self, n, item, candidates, chosen, width):
        """Notes the first of the candidates that has room beside what is `chosen` for the other items."""
        others = [label for place, label in chosen.items() if place != n]
        found = (label for label in candidates if self.has_room(item, label, width, others))
        if label := next(found, None):
            chosen[n] = label

    def move_to(self, top):
        """Places what it has down the page."""
        if self.style.is_named:
            self.choose_labels()
        middle = top + self.style.above + (self.style.row - self.style.above) / 2
        for item in self.items:
            for mark in item.marks:
                mark.style, mark.y = self.style, middle + mark.line * self.style.line
            first = item.marks[0]
            first.labels = [label._replace(shown=" ".join(names)) for label, names in item.labels.items()]
            first.label_y = top + 11 if self.style.above else middle + 4


def free(reach, others, apart=APART):
    first, last = reach[0] - apart, reach[1] + apart
    return not any(first < other[1] and other[0] < last for other in others)


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
        is_earlier = mark.earliest > EARLIEST and axis.is_before(mark.earliest)
        drawn = DrawnMark(mark, pieces(mark, axis), next(number), int(mark.side == OTHER), is_earlier)
        groups.setdefault(key, []).append(drawn)
    items = [Item.of(group) for group in groups.values()]
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
    firm = [piece.x for mark in item.marks for piece in mark.pieces if piece.fade != "left"]
    beside = 8 if item.marks[0].is_earlier else 0
    return [Spot(min(firm, default=item.x), beside, "start"), Spot(item.end, 0, "end")]


def spots_beside(item):
    edge = item.edge + 3
    fades = {piece.fade for mark in item.marks for piece in mark.pieces}
    beside = [Spot(item.end, edge, "start"), Spot(item.x, -edge, "end")]
    if item.end - item.x < BROAD:
        return beside
    if fades == {"left"}:
        return [*beside, Spot(item.end, -edge, "end", True)]
    return [Spot(item.x, edge, "start", True), *beside]
