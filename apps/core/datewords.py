"""Partial dates and spans in a reader's words.

Month names and the order of day, month and year are Babel's (Django's Kazakh order is wrong); phrases are
gettext's, each a whole one, so that a translator may turn it round. Dates enter them in the form in which
they stand alone. Nothing unknown reads as "none" or as "now". Needs Django's settings, as gettext does.
"""

from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from django.utils.translation import gettext, override

from apps.core.dates import EARLIEST, LATEST, UNKNOWN, Form, PartialDate


def gettext_noop(phrase: str) -> str:
    """Mark a phrase for makemessages. Django's own asks for the settings, and this runs on import."""
    return phrase


# One place for each phrase, which is translated where it is said.
_ALONE = {
    Form.UNKNOWN: gettext_noop("date not recorded"),
    Form.ONGOING: gettext_noop("ongoing"),
}
_SEASON = {
    21: gettext_noop("spring %(year)s"),
    22: gettext_noop("summer %(year)s"),
    23: gettext_noop("autumn %(year)s"),
    24: gettext_noop("winter %(year)s–%(next_year)s"),
}
_DECADE = gettext_noop("the %(year)ss")
_PERHAPS = gettext_noop("perhaps %(date)s")
_ABOUT = gettext_noop("about %(date)s")
_PERHAPS_ABOUT = gettext_noop("perhaps about %(date)s")
_WITHIN_YEARS = gettext_noop("some time in %(first)s–%(last)s")
_WITHIN = gettext_noop("some time between %(first)s and %(last)s")
_OR_LATER = gettext_noop("%(date)s or later")
_OR_EARLIER = gettext_noop("%(date)s or earlier")

# By what is known: (start, end, attested), where an end may also be ongoing.
_SPAN = {
    ("start", "end", ""): gettext_noop("%(start)s to %(end)s"),
    ("start", "end", "attested"): gettext_noop("%(start)s to %(end)s, attested %(attested)s"),
    ("start", "ongoing", ""): gettext_noop("since %(start)s, ongoing"),
    ("start", "ongoing", "attested"): gettext_noop("since %(start)s, last attested %(attested)s"),
    ("start", "", ""): gettext_noop("since %(start)s; end not recorded"),
    ("start", "", "attested"): gettext_noop("since %(start)s, attested %(attested)s; end not recorded"),
    ("", "end", ""): gettext_noop("until %(end)s; start not recorded"),
    ("", "end", "attested"): gettext_noop("until %(end)s, attested %(attested)s; start not recorded"),
    ("", "ongoing", ""): gettext_noop("ongoing; start not recorded"),
    ("", "ongoing", "attested"): gettext_noop("ongoing, last attested %(attested)s; start not recorded"),
    ("", "", ""): gettext_noop("dates not recorded"),
    ("", "", "attested"): gettext_noop("attested %(attested)s"),
}
# Where either side is more than one stretch of the calendar, a bare "to" between them would be misread.
_BETWEEN_CHOICES = {
    "": gettext_noop("began %(start)s; ended %(end)s"),
    "attested": gettext_noop("began %(start)s; ended %(end)s; attested %(attested)s"),
}
# Bare years may be joined more closely than dates of several words.
_YEARS = gettext_noop("%(first)s to %(last)s")
_CHOICES = {Form.WITHIN, Form.ONE_OF}
_PERIODS = {Form.MONTH, Form.SEASON, Form.YEAR, Form.DECADE}
_SAME_PERIOD = gettext_noop("began and ended in %(date)s")

# By which sides have a limit: (earliest, latest).
_BOUNDS = {
    (True, True): gettext_noop("between %(earliest)s and %(latest)s"),
    (True, False): gettext_noop("on %(earliest)s or later; no latest day recorded"),
    (False, True): gettext_noop("on %(latest)s or earlier; no earliest day recorded"),
    (False, False): gettext_noop("on any day; neither an earliest nor a latest is recorded"),
}
_ON = gettext_noop("on %(date)s")


# So many dates, in words, are kept for the pages that say them again.
MOST_KEPT = 4096


@lru_cache(maxsize=MOST_KEPT)
def date_words(value: PartialDate, locale: str = "en") -> str:
    """Such as "14 February 1993", "about 2004", "some time in 1992–1997", "date not recorded"."""
    with override(locale):
        return _date_words(value, locale)


def span_words(start: PartialDate, end: PartialDate, attested: PartialDate, locale: str = "en") -> str:
    """Such as "January 1992 to 2005", "since 1992, last attested 2015", "until 2005; start not recorded"."""
    with override(locale):
        return _span(start, end, attested, locale)


@lru_cache(maxsize=MOST_KEPT)
def bounds_words(earliest: date, latest: date, locale: str = "en") -> str:
    """The inclusive bounds to the day, for a tooltip; EARLIEST and LATEST are said to be no limit."""
    with override(locale):
        first, last = _day(earliest, locale), _day(latest, locale)
        if earliest == latest:
            return _say(_ON, date=first)
        return _say(_BOUNDS[earliest != EARLIEST, latest != LATEST], earliest=first, latest=last)


def day_words(day: date, locale: str = "en") -> str:
    """A day that is known, such as that on which a page was asked for: "14 February 1993"."""
    return format_date(day, "long", babel_locale(locale))


def moment_words(moment: datetime, locale: str = "en", *, seconds: bool = False) -> str:
    """To the minute, or to the second, by the clock that `moment` has: "14 February 1993, 08:05"."""
    return f"{day_words(moment, locale)}, {moment:{'%H:%M:%S' if seconds else '%H:%M'}}"


def _say(phrase: str, **words: str) -> str:
    return gettext(phrase) % words


def _date_words(value: PartialDate, locale: str) -> str:
    match value.form:
        case Form.UNKNOWN | Form.ONGOING:
            return gettext(_ALONE[value.form])
        case Form.WITHIN:
            return _within(*value.parts, locale)
        case Form.ONE_OF:
            return format_list(
                [_date_words(part, locale) for part in value.parts], "or", babel_locale(locale)
            )
        case Form.LASTING:
            return _span(*value.parts, UNKNOWN, locale)
    return _marked(value, _plain(value, locale))


def _marked(value: PartialDate, words: str) -> str:
    if value.uncertain and value.approximate:
        return _say(_PERHAPS_ABOUT, date=words)
    if value.uncertain:
        return _say(_PERHAPS, date=words)
    return _say(_ABOUT, date=words) if value.approximate else words


def _plain(value: PartialDate, locale: str) -> str:
    first = value.earliest
    match value.form:
        case Form.DAY:
            return _day(first, locale)
        case Form.MONTH:
            return _month(first, locale)
        case Form.SEASON:
            return _say(_SEASON[int(value.text[5:7])], year=str(first.year), next_year=str(first.year + 1))
        case Form.DECADE:
            return _say(_DECADE, year=str(first.year))
    return str(first.year)


def _within(first: PartialDate, last: PartialDate, locale: str) -> str:
    if not last:
        return _say(_OR_LATER, date=_date_words(first, locale))
    if not first:
        return _say(_OR_EARLIER, date=_date_words(last, locale))
    bare_years = first.form is last.form is Form.YEAR and not _is_marked(first, last)
    phrase = _WITHIN_YEARS if bare_years else _WITHIN
    return _say(phrase, first=_date_words(first, locale), last=_date_words(last, locale))


def _span(start: PartialDate, end: PartialDate, attested: PartialDate, locale: str) -> str:
    if not attested and start.form is end.form and not _is_marked(start, end):
        if start.form is Form.DAY:
            return _days(start.earliest, end.earliest, locale)
        if start == end and start.form in _PERIODS:
            return _say(_SAME_PERIOD, date=_date_words(start, locale))
        if start.form is Form.YEAR:
            return _say(_YEARS, first=_plain(start, locale), last=_plain(end, locale))
    dates = {"start": start, "end": end, "attested": attested}
    known = tuple(_known(side, value) for side, value in dates.items())
    is_choice = known[:2] == ("start", "end") and not _CHOICES.isdisjoint({start.form, end.form})
    phrase = _BETWEEN_CHOICES[known[2]] if is_choice else _SPAN[known]
    return _say(phrase, **{side: _date_words(value, locale) for side, value in dates.items()})


def _known(side: str, value: PartialDate) -> str:
    return "ongoing" if side == "end" and value.is_ongoing else side if value else ""


def _is_marked(*values: PartialDate) -> bool:
    return any(value.uncertain or value.approximate for value in values)


def babel_locale(locale: str) -> str:
    """The locale in which Babel speaks to the reader of a language of the site."""
    # Babel's plain "en" is American: February 14, 1993.
    return "en_GB" if locale == "en" else locale.replace("-", "_")


@lru_cache(maxsize=4096)
def _day(day: date, locale: str) -> str:
    return day_words(day, locale)


@lru_cache(maxsize=4096)
def _month(day: date, locale: str) -> str:
    return format_skeleton("yMMMM", day, locale=babel_locale(locale))


def _days(first: date, last: date, locale: str) -> str:
    """14–16 February 1993: Babel's pattern for an interval, which it has for short month names only."""
    if first == last:
        return _day(first, locale)
    if first.year != last.year:
        return _say(_SPAN["start", "end", ""], start=_day(first, locale), end=_day(last, locale))
    patterns = Locale.parse(babel_locale(locale)).interval_formats["yMMMd"]
    pattern = patterns["d" if first.month == last.month else "M"]
    days = zip((first, last), pattern, strict=True)
    return "".join(format_date(day, half.replace("MMM", "MMMM"), babel_locale(locale)) for day, half in days)
