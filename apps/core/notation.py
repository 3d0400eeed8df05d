"""Examples of the notation of dates for readers: as written, and what is shown for it, worked out from the dates.

What is shown can therefore never differ from what the pages show.
"""

from dataclasses import dataclass

from django.utils.translation import get_language, gettext, gettext_lazy as _

from apps.core.dates import EARLIEST, LATEST, UNKNOWN, PartialDate
from apps.core.datewords import bounds_words, date_words, span_words
from apps.core.spans import span_bounds


@dataclass(frozen=True)
class PointExample:
    date: PartialDate
    means: str

    @property
    def words(self):
        return date_words(self.date, get_language() or "en")

    @property
    def bounds(self):
        """The first and the last day that it may be; of what lasts, its first and its last day."""
        return bounds_words(self.date.earliest, self.date.latest, get_language() or "en")


@dataclass(frozen=True)
class SpanExample:
    start: PartialDate
    end: PartialDate
    attested: PartialDate

    @property
    def words(self):
        return span_words(self.start, self.end, self.attested, get_language() or "en")

    @property
    def certain(self):
        """The days on which it certainly held; "" where there is none."""
        _start, first, last, _end = span_bounds(self.start, self.end, self.attested)
        return _days(first, last) if first <= last else ""

    @property
    def possible(self):
        """The days on which it may have held, the certain ones among them."""
        first, _start, _end, last = span_bounds(self.start, self.end, self.attested)
        return _days(first, last)


def _days(first, last):
    """All days from the first to the last, in words."""
    if (first, last) == (EARLIEST, LATEST):
        return gettext("any day")
    open_side = first == EARLIEST or last == LATEST
    sides = ["" if day in (EARLIEST, LATEST) else day.isoformat() for day in (first, last)]
    written = "[{}..{}]" if open_side else "{}/{}"
    return date_words(PartialDate.parse(written.format(*sides)), get_language() or "en")


def _span(start, end="", attested=""):
    return SpanExample(*map(PartialDate.parse, (start, end, attested)))


POINTS = [
    PointExample(PartialDate.parse(written), means)
    for written, means in [
        ("1993-02-14", _("that day")),
        ("1993-02", _("some day of that month")),
        ("1993", _("some day of that year")),
        ("199X", _("some day of that decade")),
        ("2001-23", _("a season: 21 is spring, 22 summer, 23 autumn, 24 winter")),
        ("1993?", _("uncertain: the source does not vouch for it")),
        ("2004~", _("approximate: the source says “about”")),
        ("2004%", _("uncertain and approximate")),
        ("[1992..1997]", _("one moment, at some time within these")),
        ("[1992..]", _("one moment, not before this")),
        ("[..2007-04]", _("one moment, not after this")),
        ("[2008,2010]", _("one moment, one of these")),
        ("2012/2015", _("it lasted, from the one to the other")),
    ]
] + [PointExample(UNKNOWN, _("left empty: the source does not say; never “none”, never “now”"))]

SPANS = [
    _span("1992-03-02", "2005"),
    _span("1992", "..", "2015"),
    _span("1995"),
    _span("", "2005-06"),
    _span("", "", "2013"),
    _span("[1992..1997]", "[2005..2007]"),
]
