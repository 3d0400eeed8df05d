"""Partial dates: what a source says of a day, kept as written and as two inclusive bounds.

The notation is a subset of EDTF (ISO 8601-2:2019), listed at `PartialDate.parse`. What EDTF leaves open:

- Seasons 21 to 24 are the northern ones, in whole months; winter is December to February of the next year.
- A mark (? ~ %) does not widen the bounds: EDTF gives it no width, and any number put here would be invented.
  The mark itself is the information, for the reader to weigh.
- `a/b` and `[a..b]` need only be possible in that order: `2005/2005` and `2005-06/2005` are accepted.
- `2012/`, `/2012` and `/..` are EDTF's unknown end and start. `../2012`, without any start, is refused.
- Sets of one, dates named twice in a set and ranges inside a list are refused: each has a plainer spelling.
"""

import re
import unicodedata
from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from babel.dates import get_month_names
from django.utils.translation import get_language, gettext, gettext_lazy as _

# Real days stand for "no limit", so that no NULL ever sorts or pages wrongly in the database.
EARLIEST = date.min
LATEST = date.max
LONGEST = 64


class BadDate(ValueError):
    """A date, or the dates of a span, that cannot be kept; `str()` is what to tell the curator.

    `part` is "start", "end" or "attested" where that field of a span is at fault, otherwise "".
    """

    def __init__(self, message: str, part: str = ""):
        super().__init__(message)
        self.part = part


# Their values are the names in lower case.
Form = StrEnum("Form", "UNKNOWN DAY MONTH SEASON YEAR DECADE WITHIN ONE_OF LASTING ONGOING")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """What is known of a date. Made by `parse` only: the text determines the rest, so it alone is compared.

    `earliest` and `latest` are inclusive; a side without limit is EARLIEST or LATEST. `parts` are the start
    and end of `a/b`, the limits of `[a..b]` (UNKNOWN for an open side) or the members of `[a,b]`. A compound
    is `uncertain` (? or %) or `approximate` (~ or %) if any part is. UNKNOWN alone is false in a condition.
    """

    text: str
    earliest: date = field(compare=False)
    latest: date = field(compare=False)
    form: Form = field(compare=False)
    parts: tuple["PartialDate", ...] = field(compare=False, default=(), repr=False)

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read the notation; blanks around it are dropped, and nothing at all is UNKNOWN.

        `1993` `1993-02` `1993-02-14` `199X` `2001-23`, each with ? (uncertain), ~ (approximate) or % (both)
        behind; `[1992..1997]` `[1992..]` `[..2007-04]` `[2008,2010]` one moment; `2012/2015` `2012/..`
        `2012/` `/2012` lasting; `..` still going on when the source was written. Years 0001 to 9999; at most
        64 characters. Raises BadDate for any other string, TypeError for anything but a string.
        """
        if not isinstance(text, str):
            raise TypeError(f"a partial date is written as a string, not {type(text).__name__}")
        return _parse(text.strip())

    @property
    def uncertain(self) -> bool:
        return "?" in self.text or "%" in self.text

    @property
    def approximate(self) -> bool:
        return "~" in self.text or "%" in self.text

    @property
    def is_known(self) -> bool:
        return self.form is not Form.UNKNOWN

    @property
    def is_ongoing(self) -> bool:
        return self.form is Form.ONGOING

    @property
    def is_lasting(self) -> bool:
        return self.form is Form.LASTING

    def __str__(self) -> str:
        return self.text

    def __hash__(self) -> int:
        # What a dataclass has by itself makes a tuple first, and dates are looked up by the million.
        return hash(self.text)

    def __bool__(self) -> bool:
        return self.is_known


UNKNOWN = PartialDate("", EARLIEST, LATEST, Form.UNKNOWN)
# The day of the source is not known here, so ".." bounds nothing by itself: `attested` does that.
ONGOING = PartialDate("..", EARLIEST, LATEST, Form.ONGOING)


# Bound here because looking up a member of an Enum costs as much as making a date (Python 3.11).
_DAY, _YEAR, _DECADE, _WITHIN, _LASTING = Form.DAY, Form.YEAR, Form.DECADE, Form.WITHIN, Form.LASTING
# [0-9], not \d: \d also takes the digits of every other script.
_ELEMENT = re.compile(r"([0-9]{3})(?:X|([0-9])(?:-([0-9]{2})(?:-([0-9]{2}))?)?)[?~%]?").fullmatch
_LAST_DAY = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# First month, last month (14: February of the next year), form.
_MONTHS_OF = {n: (n, n, Form.MONTH) for n in range(1, 13)}
_MONTHS_OF |= {n: (3 * n - 60, 3 * n - 58, Form.SEASON) for n in range(21, 25)}


@lru_cache(maxsize=8192)
def _parse(text: str) -> PartialDate:
    value = _read(text)
    if value is None:
        raise BadDate(_explanation(" ".join(text.split())))
    return value


def _read(text: str) -> PartialDate | None:
    """None where the signs are in no known order; BadDate where they are, but there is no such date."""
    if len(text) > LONGEST:
        return None
    if "/" in text:
        return _read_pair(text, _LASTING, *text.split("/", 1))
    if text.startswith("[") and text.endswith("]"):
        if ".." in text:
            return _read_pair(text, _WITHIN, *text[1:-1].split("..", 1))
        return _read_list(text, text[1:-1].split(","))
    if text in ("", ".."):
        return ONGOING if text else UNKNOWN
    return _read_element(text)


# Cached of itself because intervals and lists are mostly made of dates seen before.
@lru_cache(maxsize=8192)
def _read_element(text: str) -> PartialDate | None:
    match = _ELEMENT(text)
    if match is None:
        return None
    head, unit, month, day = match.groups()
    earliest, latest, form = _dated(int(head + unit), month, day) if unit else _decade(int(head) * 10)
    return PartialDate(text, earliest, latest, form)


def _dated(year: int, month: str | None, day: str | None) -> tuple[date, date, Form]:
    if year == 0:
        raise BadDate(
            gettext("There is no year 0000: years run from 0001. Leave the date empty if it is unknown.")
        )
    if month is None:
        return date(year, 1, 1), date(year, 12, 31), _YEAR
    if day is None:
        return _month_or_season(year, int(month))
    try:
        exact = date(year, int(month), int(day))
    except ValueError:
        raise BadDate(_no_such_day(year, int(month), int(day))) from None
    return exact, exact, _DAY


def _decade(year: int) -> tuple[date, date, Form]:
    return _dated(year, None, None)[0], date(year + 9, 12, 31), _DECADE


def _month_or_season(year: int, month: int) -> tuple[date, date, Form]:
    if month not in _MONTHS_OF:
        raise BadDate(_no_such_month(year, month))
    first, last, form = _MONTHS_OF[month]
    if last <= 12:
        return date(year, first, 1), _month_end(year, last), form
    # The winter of 9999 would end in the year 10000.
    return date(year, first, 1), _month_end(year + 1, last - 12) if year < 9999 else LATEST, form


def _month_end(year: int, month: int) -> date:
    return date(year, month, 29 if month == 2 and isleap(year) else _LAST_DAY[month])


def _read_pair(text: str, form: Form, before: str, after: str) -> PartialDate | None:
    first = _read_element(before) if before else UNKNOWN
    last = _read_element(after) if after else UNKNOWN
    if after == ".." and form is _LASTING:
        last = ONGOING
    # "/" and "[..]" say nothing that an empty date does not.
    if first is None or last is None or not (before or after):
        return None
    if first.earliest > last.latest:
        right = f"{after}/{before}" if form is _LASTING else f"[{after}..{before}]"
        fault = gettext("%(date)s has its two dates in the wrong order. Write %(right)s.")
        raise BadDate(fault % {"date": text, "right": _spelled(right)})
    return PartialDate(text, first.earliest, last.latest, form, (first, last))


def _read_list(text: str, inside: list[str]) -> PartialDate | None:
    members = tuple(map(_read_element, inside))
    if None in members or len(members) == 1:
        return None
    if len(set(inside)) < len(inside):
        once = ",".join(dict.fromkeys(inside))
        fault = gettext("%(date)s names a date twice. Write %(right)s.")
        raise BadDate(fault % {"date": text, "right": f"[{once}]" if "," in once else _spelled(once)})
    earliest, latest = min(m.earliest for m in members), max(m.latest for m in members)
    return PartialDate(text, earliest, latest, Form.ONE_OF, members)


# From here on: saying what is wrong, which is only ever run for a text that is refused.
_MONTHS = (
    "january январь января қаңтар", "february февраль февраля ақпан", "march март марта наурыз",
    "april апрель апреля сәуір", "may май мая мамыр", "june июнь июня маусым", "july июль июля шілде",
    "august август августа тамыз", "september сентябрь сентября қыркүйек", "october октябрь октября қазан",
    "november ноябрь ноября қараша", "december декабрь декабря желтоқсан",
)  # fmt: skip
_SEASONS = ["spring весна көктем", "summer лето жаз", "autumn fall осень күз", "winter зима қыс"]
_NAMES = [(name, n) for n, row in [*enumerate(_MONTHS, 1), *enumerate(_SEASONS, 21)] for name in row.split()]
_IDLE_WORDS = {"of", "the", "in", "st", "nd", "rd", "th", "г", "год", "года", "году", "ж", "жыл", "жылғы"}

# Each is tried on the result of the one before.
_TIDYINGS = (
    (
        _("%(text)s holds what cannot be printed."),
        lambda t: "".join(c for c in t if c.isprintable() or c.isspace()),
    ),
    (
        _("%(text)s is not in the digits 0 to 9."),
        lambda t: "".join(str(int(c)) if c.isdecimal() else c for c in t),
    ),
    (
        _("%(text)s has signs that only look right."),
        lambda t: re.sub("[‐-―−]", "-", unicodedata.normalize("NFKC", t)),
    ),
    (
        _("%(text)s has one digit where two belong."),
        lambda t: re.sub(r"(?<![0-9])([0-9])(?![0-9])", r"0\1", t),
    ),
)
_D = r"[0-9]{3}[0-9X](?:-[0-9]{2}){0,2}"
_E = rf"({_D}[?~%]?)"
# (pattern of the whole text, what is wrong, right spellings, each alone or with the sentence that explains it).
# The first row that has advice wins; "" advises to leave the date empty.
_RESPELLINGS = (
    (r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9:.,+Z-]*", _("%(text)s holds a time of day, which is not kept."), r"\1"),
    (rf"(?:c|ca|circa|about|approx|ок|около|шамамен)\.? ?{_E}", _("%(text)s puts “about” in words."), r"\1~"),
    (r"([0-9]{3})(?:[xuх]|0[ '’-]*(?:s|[ех](?: годы)?|жж?\.))", _("%(text)s is not how a decade is written."), r"\1X"),
    (rf"\[?{_E} ?(?:-+|\.{{2,}}|to|до) ?{_E}\]?", _("%(text)s joins two dates by a sign that does not say how."),
     (r"\1/\2", _("%(date)s (it lasted from the one to the other)")),
     (r"[\1..\2]", _("%(date)s (one moment between the two)"))),
    (r"([0-9]{4})[-./]?([0-9]{2})[-./]?([0-9]{2})", _("%(text)s lacks the hyphens of a date."), r"\1-\2-\3"),
    (r"([0-9]{4})[./]?([0-9]{2})", _("%(text)s lacks the hyphens of a date."), r"\1-\2"),
    (r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})", _("%(text)s puts the day first."), r"\3-\2-\1"),
    (r"([0-9]{2})[-/]([0-9]{2})[-/]([0-9]{4})", _("%(text)s is day first to some, month first to others."),
     r"\3-\2-\1", r"\3-\1-\2"),
    (r"([0-9]{2})[-./]([0-9]{4})", _("%(text)s puts the month first."), r"\2-\1"),
    (r"'?([0-9]{2})", _("%(text)s has not the four digits of a year."), r"19\1", r"20\1"),
    (r"[0-9]{5,}|-[0-9]{4,}.*", _("%(text)s is outside the years 0001 to 9999."), ""),
    (rf"({_D})(?:\?~|~\?)", _("%(text)s has two marks where one says both."), r"\1%"),
    (rf"([?~%])({_D})", _("%(text)s puts the mark first."), r"\2\1"),
    (r"unknown|n/?a|[-?/]+|\[[., ]*\]|\.*/\.*|n\. ?d\.|неизвестно|белгісіз", _("%(text)s says nothing of a date."), ""),
    (rf"({_D})(?:-XX)+", _("%(text)s marks what is unknown, which is left out."), r"\1"),
    (r"[\[{](\S+)[\]}][?~%]?", _("%(text)s has brackets or a mark that a set does not take."), r"[\1]", r"\1"),
    (rf"[(\"'“]*{_E}[)\"'”.,;-]*", _("%(text)s carries signs that are not part of a date."), r"\1"),
    (rf"\.\./{_E}", _("%(text)s ends what has no start."), (r"/\1", _("%(date)s (the start is unknown)"))),
    (r"present|now|today|ongoing|н\. ?в\.|қазір", _("%(text)s is a word for what is still going on."), ".."),
)  # fmt: skip


# Spreadsheets count days from here; these are the numbers of the days of 1954 to 2064.
_DAY_NUMBER, _DAY_0 = re.compile(r"[2-5][0-9]{4}").fullmatch, date(1899, 12, 30)


def _explanation(text: str) -> str:
    shown = _shown(text)
    if len(text) > LONGEST:
        fault = gettext(
            "%(text)s has %(length)d characters, and a date at most %(most)d. Write it like 1993-02-14."
        )
        return fault % {"text": shown, "length": len(text), "most": LONGEST}
    for fault, tidy in _TIDYINGS:
        before, text = text, tidy(text).strip()
        if text != before and " " not in text and (advice := _advice([text])):
            return f"{fault % {'text': shown}} {advice}"
    if advice := _advice(["".join(text.split())]):
        return f"{gettext('%(text)s has blanks inside.') % {'text': shown}} {advice}"
    if advice := _advice(_worded(text)):
        return f"{gettext('%(text)s names the month or season in words.') % {'text': shown}} {advice}"
    if _DAY_NUMBER(text):
        day = _DAY_0 + timedelta(days=int(text))
        fault = gettext(
            "%(text)s is the number by which a spreadsheet keeps a day. If it was that of %(day)s, write %(day)s."
        )
        return fault % {"text": shown, "day": day}
    for pattern, fault, *spellings in _RESPELLINGS:
        match = re.fullmatch(pattern, text, re.IGNORECASE)
        if match and (advice := _advice(_expanded(match, spelling) for spelling in spellings)):
            return f"{fault % {'text': shown}} {advice}"
    fault = gettext(
        "%(text)s is not a date in this notation. Write it like 1993, 1993-02-14, [1992..1997] or 2012/2015."
    )
    return fault % {"text": shown}


def _expanded(match: re.Match, spelling: str | tuple[str, str]) -> tuple[str, str]:
    """A right spelling of what was matched, and the sentence that explains it, "" where there is none."""
    pattern, explained = (spelling, "") if isinstance(spelling, str) else spelling
    return match.expand(pattern), explained


def _advice(spellings: Iterable[str | tuple[str, str]]) -> str:
    """What to write, of the spellings that can be read; else why the first is refused; else nothing."""
    right, refused = [], ""
    for spelling in dict.fromkeys(spellings):
        text, explained = (spelling, "") if isinstance(spelling, str) else spelling
        try:
            if _read(text) is not None:
                right.append(explained % {"date": text} if explained else _spelled(text))
        except BadDate as error:
            refused = refused or str(error)
    if not right:
        return refused
    return _to_write(*right[:2]) if any(right) else gettext("Leave the date empty.")


def _to_write(one: str, other: str = "") -> str:
    if other:
        return gettext("Write %(one)s or %(other)s.") % {"one": one, "other": other}
    return gettext("Write %(one)s.") % {"one": one}


def _worded(text: str) -> list[str]:
    """14 Feb 1993; February 14, 1993; 14-16 февраля 1993 г.; 1993 жылғы ақпан; autumn 2001."""
    words = [word for word in re.findall(r"[^\W\d_]+", text.lower()) if word not in _IDLE_WORDS]
    years, days = (re.findall(rf"(?<![0-9])[0-9]{{{n}}}(?![0-9])", text) for n in (4, 2))
    named = {n for word in words for name, n in _NAMES if len(word) > 2 and name.startswith(word)}
    if (len(words), len(named), len(years)) != (1, 1, 1) or re.search(r"[^\w\s.,’'-]", text):
        return []
    month = f"{years[0]}-{named.pop():02}"
    return ["/".join(f"{month}-{day}" for day in days) or month]


def _spelled(spelling: str) -> str:
    """In quotation marks where its last sign could be taken for the end of the sentence."""
    return f"“{spelling}”" if spelling.endswith((".", "?", "~", "%", "/")) else spelling


def _shown(text: str) -> str:
    """Quoted, short, and without anything that a terminal or a page would act on."""
    plain = "".join(c if c.isprintable() else " " if c.isspace() else "\ufffd" for c in text[:40])
    return f"“{plain}{'…' * (len(text) > 40)}”"


def _no_such_month(year: int, month: int) -> str:
    fault = gettext("%(date)s does not exist: months run from 01 to 12, seasons from 21 to 24.")
    fault %= {"date": f"{year:04}-{month:02}"}
    if year % 100 < month:  # 1992-97
        last = f"{year // 100:02}{month:02}"
        advice = gettext("For two years write %(lasting)s or %(within)s.")
        advice %= {"lasting": f"{year:04}/{last}", "within": f"[{year:04}..{last}]"}
    else:
        advice = gettext("Write %(year)s if the month is unknown.") % {"year": f"{year:04}"}
    return f"{fault} {advice}"


def _no_such_day(year: int, month: int, day: int) -> str:
    month_of_it = f"{year:04}-{month:02}"
    written = {"date": f"{month_of_it}-{day:02}", "month": month_of_it}
    if 21 <= month <= 24:
        return gettext("%(date)s does not exist: a season has no days. Write %(month)s.") % written
    if not 1 <= month <= 12:
        fault = gettext("%(date)s does not exist: months run from 01 to 12.") % written
        turned = [f"{year:04}-{day:02}-{month:02}"]
        return f"{fault} {_advice(turned) if 0 < day < 13 else _to_write(f'{year:04}')}"
    if day == 0:
        fault = gettext("%(date)s does not exist: days run from 01. Write %(month)s if the day is unknown.")
        return fault % written
    last = _month_end(year, month).day
    name = get_month_names("wide", "stand-alone", get_language() or "en")[month]
    fault = gettext("%(date)s does not exist: %(name)s %(year)d had %(days)d days.")
    fault %= {"date": written["date"], "name": name, "year": year, "days": last}
    return f"{fault} {_to_write(f'{month_of_it}-{last}', month_of_it)}"
