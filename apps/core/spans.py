"""Spans: the days between which something began and ended, and whether it held on a day, certainly or possibly."""

from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.core.dates import BadDate, PartialDate


class SpanBounds(NamedTuple):
    start_earliest: date
    start_latest: date
    end_earliest: date
    end_latest: date


class Holds(StrEnum):
    CERTAIN = "certain"
    POSSIBLE = "possible"


# Of each row it is asked for once per bound.
@lru_cache(maxsize=8192)
def span_bounds(start: PartialDate, end: PartialDate, attested: PartialDate) -> SpanBounds:
    """The days between which a span began and ended, inclusive.

    Narrowed by what is attested: a moment lies within the span, so it began no later than that moment's
    latest day and ended no earlier than its earliest; what lasted (`2003/2004`) was held throughout. Narrowed
    by logic: it cannot end before it begins, so a start on 2009-01-01 with an unknown end is certain on that
    very day. A list (`[2008,2010]`) counts by its outer bounds: the gap between its members is not used.
    Raises BadDate where start or end lasts, where start or attested is "..", and where the three contradict.
    """
    _check_roles(start, end, attested)
    begun_by, held_until = _attested_bounds(attested)
    if start.earliest > end.latest:
        fault = _("Start %(start)s contradicts end %(end)s: it cannot end before it begins.")
        raise BadDate(fault % {"start": start, "end": end}, "end")
    if start.earliest > begun_by:
        fault = _("Attested %(attested)s contradicts start %(start)s: it began only then.")
        raise BadDate(fault % {"attested": attested, "start": start}, "attested")
    if held_until > end.latest:
        fault = _("Attested %(attested)s contradicts end %(end)s: it was over by then.")
        raise BadDate(fault % {"attested": attested, "end": end}, "attested")
    start_latest = min(start.latest, begun_by, end.latest)
    end_earliest = max(end.earliest, held_until, start.earliest)
    return SpanBounds(start.earliest, start_latest, end_earliest, end.latest)


def _check_roles(start: PartialDate, end: PartialDate, attested: PartialDate) -> None:
    if start.is_ongoing:
        raise BadDate(_("“..” (still going on) can only be an end. Leave the start empty."), "start")
    if attested.is_ongoing:
        raise BadDate(_("“..” (still going on) can only be an end. Leave the attested empty."), "attested")
    for part, value in (("start", start), ("end", end)):
        if value.is_lasting:
            fault = _("%(date)s lasts: write its two sides as the start and the end of the span.")
            raise BadDate(fault % {"date": value}, part)


def _attested_bounds(attested: PartialDate) -> tuple[date, date]:
    """(begun no later than, ended no earlier than)."""
    if not attested.is_lasting:
        return attested.latest, attested.earliest
    # Each side bounds both: in `2005/2005-06` the start is in June at the latest.
    first, last = attested.parts
    return min(first.latest, last.latest), max(first.earliest, last.earliest)


def happened_by(moment: PartialDate, day: date) -> Holds | None:
    """Certain if its last possible day is no later than `day`, possible if its first possible one is, else None."""
    if moment.latest <= day:
        return Holds.CERTAIN
    return Holds.POSSIBLE if moment.earliest <= day else None


def holds_on(bounds: SpanBounds, day: date) -> Holds | None:
    """Certain if the span held that day however the unknown falls out, possible if it may have, else None."""
    return holds_during(bounds, day, day)


def holds_during(bounds: SpanBounds, first: date, last: date) -> Holds | None:
    """Certain if it held on every day from first to last (inclusive), possible if on at least one, else None.

    Raises ValueError if first is after last.
    """
    if first > last:
        raise ValueError("the period ends before it begins")
    if bounds.start_latest <= first and last <= bounds.end_earliest:
        return Holds.CERTAIN
    if bounds.start_earliest <= last and first <= bounds.end_latest:
        return Holds.POSSIBLE
    return None
