"""What a mark of a time picture is, the pieces of which it is drawn, and how wide its label is.

One grammar for all of it: solid is certain, pale or hatched is possible, and what has no edge in the sources fades
where it would have one. Nothing is drawn at a day that is not known.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from apps.core.dates import EARLIEST, LATEST

# Sides of what ties two: whose it is, or of both.
ONE, OTHER, BOTH = "one", "other", "both"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Mark:
    """An entry to draw, with the bounds that its ties have (`relations.models.Tie`).

    Marks of one `group` share a row, each side on a line of its own. `doubt` is "?", "~" or both, as written.
    """

    earliest: date
    latest: date
    lasting: bool = False
    certain_from: date = LATEST
    certain_until: date = EARLIEST
    label: str = ""
    title: str = ""
    entry: object = None
    side: str = BOTH
    group: object = None
    doubt: str = ""

    @classmethod
    def of(cls, tie):
        """When a tie was. What went on from one day to another, such as a visit of a week, lasted."""
        entry = tie.entry
        dates = (entry.date, entry.start, entry.end, entry.attested)
        doubt = "?" * any(date.uncertain for date in dates) + "~" * any(date.approximate for date in dates)
        if tie.lasting or not entry.date.is_lasting:
            certain = tie.certain_from, tie.certain_until
            return cls(tie.earliest, tie.latest, tie.lasting, *certain, doubt=doubt)
        first, last = entry.date.parts
        return cls(tie.earliest, tie.latest, True, first.latest, last.earliest, doubt=doubt)

    def told(self, **words):
        """The same mark with its words, its side and its group."""
        return replace(self, **words)

    @property
    def is_dated(self):
        """Whether anything is known of when."""
        bounds = [self.earliest, self.latest]
        bounds += [self.certain_from, self.certain_until] if self.lasting else []
        return any(EARLIEST < day < LATEST for day in bounds)

    @property
    def is_exact(self):
        """Whether it happened on a day that is known."""
        return not self.lasting and self.earliest == self.latest


class Piece(NamedTuple):
    """A stretch of a mark, in per cent of the axis. `look` is "sure" (it held), "may" (perhaps) or "within" (once)."""

    x: float
    width: float
    look: str
    # "left", "right" or "": where it fades, since no day is known there.
    fade: str = ""

    @property
    def end(self):
        return self.x + self.width


def pieces(mark, axis):
    """The Pieces of a mark from left to right: together all of its bounds, as far as the axis shows them."""
    if not mark.lasting:
        return [piece(axis, mark.earliest, mark.latest, "within")]
    first, last = sorted((mark.certain_from, mark.certain_until))
    first, last = (min(max(day, mark.earliest), mark.latest) for day in (first, last))
    is_sure = mark.certain_from <= mark.certain_until
    found = [piece(axis, first, last, "sure" if is_sure else "may")]
    if mark.earliest < first:
        found.insert(0, piece(axis, mark.earliest, first - DAY, "may"))
    if mark.latest > last:
        found.append(piece(axis, last + DAY, mark.latest, "may"))
    # Of what begins before the axis, or ends after it, a piece may lie outside; what is not known fades nevertheless.
    shown = [part for part in found if part.width] or found[:1]
    for edge in (0, -1):
        if not shown[edge].fade:
            shown[edge] = shown[edge]._replace(fade=found[edge].fade)
    return joined(shown)


def joined(parts):
    """Those that look alike and fade nowhere, as one: where they meet nothing is known that would make a seam."""
    found = parts[:1]
    for part in parts[1:]:
        last = found[-1]
        if part.look == last.look and not (part.fade or last.fade):
            found[-1] = last._replace(width=part.end - last.x)
        else:
            found.append(part)
    return found


def piece(axis, first, last, look):
    x = axis.at(first)
    fade = "left" if first == EARLIEST else "right" if last == LATEST else ""
    return Piece(x, axis.at(last, end=True) - x, look, fade)


class Spot(NamedTuple):
    """Where a label may stand: at per cent of the axis, and so many pixels beside it; `inside` on the mark itself."""

    x: float
    beside: int
    anchor: str
    is_inside: bool = False

    def reach(self, length, width):
        """(first, last) pixel of a label of that length on an axis of that width."""
        at = self.x * width / 100 + self.beside
        return (at, at + length) if self.anchor == "start" else (at - length, at)


class Label(NamedTuple):
    """Words at a spot; `shown` names the widths of a page at which they are, with spaces between."""

    text: str
    spot: Spot
    shown: str = ""

    def reach(self, width):
        return self.spot.reach(text_width(self.text, LABEL_SIZE), width)


LABEL_SIZE = 12
# Of an em, by the wider of the fonts that readers have; a label is never wider than this says.
NARROW, WIDE = set("iljI.,:;'’|!()[]ftr-/ ‹"), set("mwMWшщжюфыЖШЩЮФЫ@%…—")


def text_width(text, size):
    """Pixels that a text takes at most at a font size in pixels."""
    ems = sum(0.42 if c in NARROW else 1.0 if c in WIDE else 0.76 if c.isupper() else 0.65 for c in text)
    return ems * size


def shortened(text, longest):
    """`text` of at most so many characters, cut between words if it can be."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut[: max(cut.rfind(' '), longest // 2)].rstrip(' ,;:')}…"
