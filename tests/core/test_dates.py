import pickle
import re
import warnings
from contextlib import suppress
from datetime import date, timedelta
from itertools import combinations_with_replacement, product
from math import inf

import pytest
from hypothesis import assume, given, settings, strategies as st

from apps.core import dates
from apps.core.dates import EARLIEST, LATEST, ONGOING, UNKNOWN, BadDate, Form, PartialDate
from apps.core.spans import Holds, holds_during, holds_on, span_bounds

# edtf builds its grammar in ways that the current pyparsing warns of.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from edtf import parse_edtf
    from edtf.parser.edtf_exceptions import EDTFParseException

parse = PartialDate.parse

# -- What the notation means -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form", "earliest", "latest"),
    [
        ("", Form.UNKNOWN, EARLIEST, LATEST),
        ("1993", Form.YEAR, date(1993, 1, 1), date(1993, 12, 31)),
        ("1993-02", Form.MONTH, date(1993, 2, 1), date(1993, 2, 28)),
        ("1992-02", Form.MONTH, date(1992, 2, 1), date(1992, 2, 29)),
        ("1900-02", Form.MONTH, date(1900, 2, 1), date(1900, 2, 28)),
        ("1993-12", Form.MONTH, date(1993, 12, 1), date(1993, 12, 31)),
        ("1993-02-14", Form.DAY, date(1993, 2, 14), date(1993, 2, 14)),
        ("199X", Form.DECADE, date(1990, 1, 1), date(1999, 12, 31)),
        ("2001-21", Form.SEASON, date(2001, 3, 1), date(2001, 5, 31)),
        ("2001-22", Form.SEASON, date(2001, 6, 1), date(2001, 8, 31)),
        ("2001-23", Form.SEASON, date(2001, 9, 1), date(2001, 11, 30)),
        ("2003-24", Form.SEASON, date(2003, 12, 1), date(2004, 2, 29)),
        ("9999-24", Form.SEASON, date(9999, 12, 1), LATEST),
        ("0001", Form.YEAR, EARLIEST, date(1, 12, 31)),
        ("9999", Form.YEAR, date(9999, 1, 1), LATEST),
        ("[1992..1997]", Form.WITHIN, date(1992, 1, 1), date(1997, 12, 31)),
        ("[1992..]", Form.WITHIN, date(1992, 1, 1), LATEST),
        ("[..2007-04]", Form.WITHIN, EARLIEST, date(2007, 4, 30)),
        ("[2008,2010]", Form.ONE_OF, date(2008, 1, 1), date(2010, 12, 31)),
        ("[2010,2008,2012-05]", Form.ONE_OF, date(2008, 1, 1), date(2012, 5, 31)),
        ("2012/2015", Form.LASTING, date(2012, 1, 1), date(2015, 12, 31)),
        ("2012-05-02/2012-07", Form.LASTING, date(2012, 5, 2), date(2012, 7, 31)),
        ("2005/2005", Form.LASTING, date(2005, 1, 1), date(2005, 12, 31)),
        ("2005-06/2005", Form.LASTING, date(2005, 6, 1), date(2005, 12, 31)),
        ("2012/..", Form.LASTING, date(2012, 1, 1), LATEST),
        ("2012/", Form.LASTING, date(2012, 1, 1), LATEST),
        ("/2012", Form.LASTING, EARLIEST, date(2012, 12, 31)),
        ("/..", Form.LASTING, EARLIEST, LATEST),
        ("..", Form.ONGOING, EARLIEST, LATEST),
    ],
)
def test_parse_gives_form_and_bounds(text, form, earliest, latest):
    value = parse(text)
    assert (value.text, value.form, value.earliest, value.latest) == (text, form, earliest, latest)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1993", ()),
        ("2012/2015~", (parse("2012"), parse("2015~"))),
        ("2012/..", (parse("2012"), ONGOING)),
        ("/2012", (UNKNOWN, parse("2012"))),
        ("[1992..]", (parse("1992"), UNKNOWN)),
        ("[2008,2010?]", (parse("2008"), parse("2010?"))),
    ],
)
def test_parse_gives_parts(text, parts):
    assert parse(text).parts == parts


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate"),
    [
        ("1993", False, False),
        ("1993?", True, False),
        ("1993~", False, True),
        ("1993%", True, True),
        ("199X~", False, True),
        ("2001-23?", True, False),
        ("2012?/2015~", True, True),
        ("[1992..1997~]", False, True),
        ("[2008,2010?]", True, False),
    ],
)
def test_parse_reads_marks(text, uncertain, approximate):
    value = parse(text)
    assert (value.uncertain, value.approximate) == (uncertain, approximate)


def test_parse_drops_blanks_around():
    assert parse("\u00a0 1993-02\n") == parse("1993-02")
    assert parse(" \t") is UNKNOWN


@pytest.mark.parametrize("value", [None, 1993, b"1993", date(1993, 1, 1), ["1993"]])
def test_parse_takes_strings_only(value):
    with pytest.raises(TypeError, match="written as a string"):
        parse(value)


def test_values_are_immutable_and_compare_by_text():
    value = parse("1993")
    with pytest.raises(AttributeError):
        value.text = "1994"
    assert value == parse("1993") and hash(value) == hash(parse("1993"))
    assert value != parse("1993?") and value != "1993"


def test_only_unknown_is_false():
    assert not UNKNOWN and not UNKNOWN.is_known
    assert ONGOING and ONGOING.is_ongoing and not ONGOING.is_lasting
    assert parse("1993") and not parse("1993").is_ongoing
    assert parse("2012/..").is_lasting and not parse("2012/..").is_ongoing


# -- What is refused, and what the curator is told -------------------------------------------------

SHAPES = "Write it like 1993, 1993-02-14, [1992..1997] or 2012/2015."
MONTHS = "months run from 01 to 12, seasons from 21 to 24."
NO_YEAR_0 = "There is no year 0000: years run from 0001. Leave the date empty if it is unknown."
JOINED = (
    "joins two dates by a sign that does not say how. "
    "Write 1992/1997 (it lasted from the one to the other) or [1992..1997] (one moment between the two)."
)
REFUSED = [
    ("2001-02-29", "2001-02-29 does not exist: February 2001 had 28 days. Write 2001-02-28 or 2001-02."),
    ("1993-04-31", "1993-04-31 does not exist: April 1993 had 30 days. Write 1993-04-30 or 1993-04."),
    ("1992/2001-02-29", "2001-02-29 does not exist: February 2001 had 28 days. Write 2001-02-28 or 2001-02."),
    ("1993-02-00", "1993-02-00 does not exist: days run from 01. Write 1993-02 if the day is unknown."),
    ("1993-13", f"1993-13 does not exist: {MONTHS} Write 1993 if the month is unknown."),
    ("1993-00", f"1993-00 does not exist: {MONTHS} Write 1993 if the month is unknown."),
    ("1992-97", f"1992-97 does not exist: {MONTHS} For two years write 1992/1997 or [1992..1997]."),
    ("1993-14-02", "1993-14-02 does not exist: months run from 01 to 12. Write 1993-02-14."),
    ("1993-14-30", "1993-14-30 does not exist: months run from 01 to 12. Write 1993."),
    ("2001-21-05", "2001-21-05 does not exist: a season has no days. Write 2001-21."),
    ("0000", NO_YEAR_0),
    ("0000-01-01", NO_YEAR_0),
    ("000X", NO_YEAR_0),
    (
        "39904",
        "“39904” is the number by which a spreadsheet keeps a day. If it was that of 2009-04-01, write 2009-04-01.",
    ),
    ("10000", "“10000” is outside the years 0001 to 9999. Leave the date empty."),
    ("-0044", "“-0044” is outside the years 0001 to 9999. Leave the date empty."),
    ("2005/2003", "2005/2003 has its two dates in the wrong order. Write 2003/2005."),
    ("2005~/2003?", "2005~/2003? has its two dates in the wrong order. Write “2003?/2005~”."),
    ("[1997..1992]", "[1997..1992] has its two dates in the wrong order. Write [1992..1997]."),
    ("[2008,2008]", "[2008,2008] names a date twice. Write 2008."),
    ("[2008,2010,2008]", "[2008,2010,2008] names a date twice. Write [2008,2010]."),
    ("1993-2", "“1993-2” has one digit where two belong. Write 1993-02."),
    ("1993-2-4", "“1993-2-4” has one digit where two belong. Write 1993-02-04."),
    ("1993-2-30", "“1993-2-30” has one digit where two belong. 1993-02-30 does not exist: "
     "February 1993 had 28 days. Write 1993-02-28 or 1993-02."),
    ("Feb 1993", "“Feb 1993” names the month or season in words. Write 1993-02."),
    ("February 1993", "“February 1993” names the month or season in words. Write 1993-02."),
    ("14 Feb 1993", "“14 Feb 1993” names the month or season in words. Write 1993-02-14."),
    ("Feb 14, 1993", "“Feb 14, 1993” names the month or season in words. Write 1993-02-14."),
    ("14th of May 1993", "“14th of May 1993” names the month or season in words. Write 1993-05-14."),
    ("14–16 Feb 1993", "“14–16 Feb 1993” names the month or season in words. Write 1993-02-14/1993-02-16."),
    ("4 сент. 1993 г.", "“4 сент. 1993 г.” names the month or season in words. Write 1993-09-04."),
    ("1993 ж. 14 ақпан", "“1993 ж. 14 ақпан” names the month or season in words. Write 1993-02-14."),
    ("autumn 2001", "“autumn 2001” names the month or season in words. Write 2001-23."),
    ("14.02.1993", "“14.02.1993” puts the day first. Write 1993-02-14."),
    ("4.2.1993", "“4.2.1993” puts the day first. Write 1993-02-04."),
    ("31.02.1993", "“31.02.1993” puts the day first. 1993-02-31 does not exist: February 1993 had 28 days. "
     "Write 1993-02-28 or 1993-02."),
    ("14/02/1993", "“14/02/1993” is day first to some, month first to others. Write 1993-02-14."),
    ("04/02/1993",
     "“04/02/1993” is day first to some, month first to others. Write 1993-02-04 or 1993-04-02."),
    ("02.1993", "“02.1993” puts the month first. Write 1993-02."),
    ("1993/02", "“1993/02” lacks the hyphens of a date. Write 1993-02."),
    ("1993.02.14", "“1993.02.14” lacks the hyphens of a date. Write 1993-02-14."),
    ("19930214", "“19930214” lacks the hyphens of a date. Write 1993-02-14."),
    ("1993-02-14T10:00", "“1993-02-14T10:00” holds a time of day, which is not kept. Write 1993-02-14."),
    ("c. 1993", "“c. 1993” puts “about” in words. Write “1993~”."),
    ("около 1993", "“около 1993” puts “about” in words. Write “1993~”."),
    ("1990s", "“1990s” is not how a decade is written. Write 199X."),
    ("1990-е годы", "“1990-е годы” is not how a decade is written. Write 199X."),
    ("199x", "“199x” is not how a decade is written. Write 199X."),
    ("1992-1997", f"“1992-1997” {JOINED}"),
    ("1992–1997", f"“1992–1997” {JOINED}"),
    ("1992 - 1997", f"“1992 - 1997” {JOINED}"),
    ("1992..1997", f"“1992..1997” {JOINED}"),
    ("93", "“93” has not the four digits of a year. Write 1993 or 2093."),
    ("１９９３", "“１９９３” is not in the digits 0 to 9. Write 1993."),
    ("١٩٩٣-٠٢", "“١٩٩٣-٠٢” is not in the digits 0 to 9. Write 1993-02."),
    ("1993–02–14", "“1993–02–14” has signs that only look right. Write 1993-02-14."),
    ("1993 ?", "“1993 ?” has blanks inside. Write “1993?”."),
    ("[2008, 2010]", "“[2008, 2010]” has blanks inside. Write [2008,2010]."),
    ("1993?~", "“1993?~” has two marks where one says both. Write “1993%”."),
    ("~1993", "“~1993” puts the mark first. Write “1993~”."),
    ("1993-XX", "“1993-XX” marks what is unknown, which is left out. Write 1993."),
    ("[2008]", "“[2008]” has brackets or a mark that a set does not take. Write 2008."),
    ("{2008,2010}", "“{2008,2010}” has brackets or a mark that a set does not take. Write [2008,2010]."),
    ("[1992..1997]?", "“[1992..1997]?” has brackets or a mark that a set does not take. Write [1992..1997]."),
    ("(1993)", "“(1993)” carries signs that are not part of a date. Write 1993."),
    ("../2012", "“../2012” ends what has no start. Write /2012 (the start is unknown)."),
    ("present", "“present” is a word for what is still going on. Write “..”."),
    ("unknown", "“unknown” says nothing of a date. Leave the date empty."),
    ("/", "“/” says nothing of a date. Leave the date empty."),
    ("[..]", "“[..]” says nothing of a date. Leave the date empty."),
    ("19\x0093", "“19�93” holds what cannot be printed. Write 1993."),
    ("\x1b[31m", f"“�[31m” is not a date in this notation. {SHAPES}"),
    ("19\u202e93", "“19�93” holds what cannot be printed. Write 1993."),
    ("1993 2", f"“1993 2” is not a date in this notation. {SHAPES}"),
    ("１993 or so", f"“１993 or so” is not a date in this notation. {SHAPES}"),
    ("{1993 or so}", f"“{{1993 or so}}” is not a date in this notation. {SHAPES}"),
    ("Maybe 1993", f"“Maybe 1993” is not a date in this notation. {SHAPES}"),
    ("199X-02", f"“199X-02” is not a date in this notation. {SHAPES}"),
    ("[2008,2010..2012]", f"“[2008,2010..2012]” is not a date in this notation. {SHAPES}"),
    ("..?", f"“..?” is not a date in this notation. {SHAPES}"),
    ("9" * 65, f"“{'9' * 40}…” has 65 characters, and a date at most 64. Write it like 1993-02-14."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_parse_refuses_with_the_nearest_right_spelling(text, message):
    with pytest.raises(BadDate) as refusal:
        parse(text)
    assert str(refusal.value) == message


def test_every_month_name_is_advised():
    rows = {
        "January": "01",
        "март": "03",
        "июля": "07",
        "тамыз": "08",
        "қар": "11",
        "Dec.": "12",
        "зима": "24",
    }
    for name, month in rows.items():
        with pytest.raises(BadDate, match=f"Write 1993-{month}\\."):
            parse(f"{name} 1993")


# -- Properties of single dates --------------------------------------------------------------------

years = st.integers(10, 9998).map("{:04}".format)
decades = st.integers(1, 999).map("{:03}X".format)
months = st.builds("{}-{:02}".format, years, st.integers(1, 12))
seasons = st.builds("{}-{}".format, years, st.integers(21, 24))
days = st.dates(date(10, 1, 1), date(9998, 12, 31)).map(str)
marks = st.sampled_from(["", "", "?", "~", "%"])
plain = years | months | days
elements = st.builds("{}{}".format, plain | decades | seasons, marks)
pairs = st.tuples(elements, elements).filter(lambda pair: parse(pair[0]).earliest <= parse(pair[1]).latest)
sets = (
    pairs.map("[{0[0]}..{0[1]}]".format)
    | elements.map("[{}..]".format)
    | elements.map("[..{}]".format)
    | st.lists(elements, min_size=2, max_size=4, unique=True).map(lambda parts: f"[{','.join(parts)}]")
)
lasting = pairs.map("/".join) | elements.map("{}/..".format) | elements.map("/{}".format)
moments = elements | sets | st.just("")
notation = moments | lasting | st.just("..")
near_notation = st.text("0123456789X-/[].,?~% ", max_size=70)
hostile = st.text(max_size=80) | near_notation | st.text("Feb mar19930.-–/ж\x00\n１²", max_size=20)


@given(notation)
def test_round_trip(text):
    value = parse(text)
    again = pickle.loads(pickle.dumps(value))
    assert str(value) == text and parse(str(value)) == value == again
    assert again.earliest == value.earliest and again.parts == value.parts


@given(notation)
def test_bounds_are_ordered_and_hold_the_parts(text):
    value = parse(text)
    assert EARLIEST <= value.earliest <= value.latest <= LATEST
    if value.form is Form.ONE_OF:
        assert all(value.earliest <= part.earliest <= part.latest <= value.latest for part in value.parts)
    elif value.parts:
        assert value.earliest == value.parts[0].earliest and value.latest == value.parts[1].latest


@given(st.dates())
def test_narrower_never_lies_outside_wider(day):
    text = day.isoformat()
    season = f"{text[:5]}{20 + day.month // 3}" if day.month > 2 else text
    chain = [text, season, text[:4]] if day.month < 12 else [text]
    chains = [chain, [text, text[:7], text[:4]]]
    if day.year >= 10:
        chains.append([text[:4], f"{text[:3]}X"])
    for chain in chains:
        values = [parse(text) for text in chain]
        for narrow, wide in zip(values, values[1:], strict=False):
            assert wide.earliest <= narrow.earliest <= narrow.latest <= wide.latest


@given(plain | decades | seasons)
def test_marks_keep_the_bounds(text):
    value = parse(text)
    for mark in "?~%":
        marked = parse(text + mark)
        assert (marked.earliest, marked.latest, marked.form) == (value.earliest, value.latest, value.form)


@given(hostile)
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_date_or_a_sentence(text):
    try:
        assert parse(text).text == text.strip()
    except BadDate as error:
        message = str(error)
        assert message.isprintable() and message.endswith(".") and len(message) < 300
        # Whatever the curator is told to write can be written.
        for advised in re.findall(r"[Ww]rite “?([^ “”]+?)”?(?:\.(?= |$)| or | if | \()", message):
            assert parse(advised)


def test_refusing_is_quick_for_any_length():
    with pytest.raises(BadDate, match="has 1000000 characters"):
        parse("[" * 1_000_000)
    assert dates.LONGEST == 64


# -- The edtf package as oracle --------------------------------------------------------------------

marked = st.tuples(plain, marks).map("".join)


def in_order(texts):
    return st.tuples(texts, texts).filter(lambda pair: parse(pair[0]).earliest <= parse(pair[1]).latest)


# What both read alike; the rest is named in ORACLE_DIFFERS.
common_notation = (
    marked
    | st.tuples(decades, marks).map("".join)
    | seasons.filter(lambda text: not text.endswith("24"))
    | in_order(marked).map("/".join)
    | marked.map("{}/..".format)
    | st.one_of(map(in_order, (years, months, days))).map("[{0[0]}..{0[1]}]".format)
    | plain.map("[{}..]".format)
    | plain.map("[..{}]".format)
    | st.lists(plain, min_size=2, max_size=3, unique=True).map(lambda parts: f"[{','.join(parts)}]")
)


def oracle_bounds(text):
    def day(bound):
        return {-inf: EARLIEST, inf: LATEST}[bound] if isinstance(bound, float) else date(*bound[:3])

    value = parse_edtf(text)
    return day(value.lower_strict()), day(value.upper_strict())


@pytest.mark.exhaustive
@given(common_notation)
@settings(max_examples=60, deadline=None)
def test_bounds_are_those_of_edtf(text):
    value = parse(text)
    assert (value.earliest, value.latest) == oracle_bounds(text)


@given(st.tuples(plain | decades, marks).map("".join))
@settings(max_examples=25, deadline=None)
def test_marks_are_those_of_edtf(text):
    value, oracle = parse(text), parse_edtf(text)
    both = bool(getattr(oracle, "is_uncertain_and_approximate", False))
    assert (value.uncertain, value.approximate) == (
        oracle.is_uncertain or both,
        oracle.is_approximate or both,
    )


ORACLE_DIFFERS = {
    "winter ends with its year": ("2001-24", (date(2001, 12, 1), date(2001, 12, 31))),
    "a blank side is ten years wide": ("2012/", (date(2012, 1, 1), date(2022, 1, 1))),
    "an open start is taken": ("../2012", (EARLIEST, date(2012, 12, 31))),
    "a reversed interval is taken": ("2005/2003", (date(2005, 1, 1), date(2003, 12, 31))),
    "a reversed set is taken": ("[1997..1992]", (date(1997, 1, 1), date(1992, 12, 31))),
    "a member named twice is taken": ("[2008,2008]", (date(2008, 1, 1), date(2008, 12, 31))),
}
ORACLE_REFUSES = {
    "a marked season": "2001-23~",
    "a mark in a set": "[1992?..1997~]",
    "limits of two precisions": "[1992..1997-03]",
    "a decade in a set": "[199X..2001]",
    "a season in a set": "[2001-21,2004]",
    "still going on": "..",
    "unknown": "",
}


@pytest.mark.parametrize(("text", "bounds"), ORACLE_DIFFERS.values(), ids=ORACLE_DIFFERS)
def test_edtf_differs_as_named(text, bounds):
    assert oracle_bounds(text) == bounds
    with suppress(BadDate):
        assert (parse(text).earliest, parse(text).latest) != bounds


@pytest.mark.parametrize("text", ORACLE_REFUSES.values(), ids=ORACLE_REFUSES)
def test_edtf_refuses_what_is_taken_here(text):
    with pytest.raises(EDTFParseException):
        parse_edtf(text)
    parse(text)


def test_edtf_takes_days_that_do_not_exist():
    assert parse_edtf("2001-02-29")
    with pytest.raises(BadDate):
        parse("2001-02-29")


# -- Spans -----------------------------------------------------------------------------------------


def bounds_of(start="", end="", attested=""):
    return span_bounds(parse(start), parse(end), parse(attested))


@pytest.mark.parametrize(
    ("span", "bounds"),
    [
        (("", "", ""), (EARLIEST, LATEST, EARLIEST, LATEST)),
        (("1992", "..", "2015"), (date(1992, 1, 1), date(1992, 12, 31), date(2015, 1, 1), LATEST)),
        (("1992", "", "2015"), (date(1992, 1, 1), date(1992, 12, 31), date(2015, 1, 1), LATEST)),
        (("1992", "..", ""), (date(1992, 1, 1), date(1992, 12, 31), date(1992, 1, 1), LATEST)),
        (("", "", "2013-05-02"), (EARLIEST, date(2013, 5, 2), date(2013, 5, 2), LATEST)),
        (("", "", "2003/2004"), (EARLIEST, date(2003, 12, 31), date(2004, 1, 1), LATEST)),
        (("", "", "2003/.."), (EARLIEST, date(2003, 12, 31), date(2003, 1, 1), LATEST)),
        (("", "", "/2004"), (EARLIEST, date(2004, 12, 31), date(2004, 1, 1), LATEST)),
        (("", "", "2005/2005-06"), (EARLIEST, date(2005, 6, 30), date(2005, 6, 1), LATEST)),
        (("", "", "2005-06/2005"), (EARLIEST, date(2005, 6, 30), date(2005, 6, 1), LATEST)),
        (("2009-01-01", "", ""), (date(2009, 1, 1), date(2009, 1, 1), date(2009, 1, 1), LATEST)),
        (("", "2009-01-01", ""), (EARLIEST, date(2009, 1, 1), date(2009, 1, 1), date(2009, 1, 1))),
        (("2005", "2005", ""), (date(2005, 1, 1), date(2005, 12, 31)) * 2),
        (
            ("[1992..]", "1997", ""),
            (date(1992, 1, 1), date(1997, 12, 31), date(1997, 1, 1), date(1997, 12, 31)),
        ),
    ],
)
def test_span_bounds(span, bounds):
    assert bounds_of(*span) == bounds


LASTS = "lasts: write its two sides as the start and the end of the span."
ONLY_AN_END = "“..” (still going on) can only be an end. Leave the"
CONTRADICTIONS = [
    (("2005", "2003", ""), "end", "Start 2005 contradicts end 2003: it cannot end before it begins."),
    (("1992", "", "1990"), "attested", "Attested 1990 contradicts start 1992: it began only then."),
    (("", "2015", "2020~"), "attested", "Attested 2020~ contradicts end 2015: it was over by then."),
    (("2005", "", "2003/2010"), "attested", "Attested 2003/2010 contradicts start 2005: it began only then."),
    (("", "2005", "2003/2010"), "attested", "Attested 2003/2010 contradicts end 2005: it was over by then."),
    (("2012/..", "", ""), "start", f"2012/.. {LASTS}"),
    (("", "2003/2004", ""), "end", f"2003/2004 {LASTS}"),
    (("..", "", ""), "start", f"{ONLY_AN_END} start empty."),
    (("", "", ".."), "attested", f"{ONLY_AN_END} attested empty."),
]


@pytest.mark.parametrize(("span", "part", "message"), CONTRADICTIONS)
def test_span_bounds_refuses(span, part, message):
    with pytest.raises(BadDate) as refusal:
        bounds_of(*span)
    assert (str(refusal.value), refusal.value.part) == (message, part)


def test_joined_in_1992_ongoing_attested_2015():
    bounds = bounds_of("1992", "..", "2015")
    assert holds_on(bounds, date(1991, 12, 31)) is None
    assert holds_on(bounds, date(1992, 1, 1)) is Holds.POSSIBLE
    assert holds_on(bounds, date(1992, 12, 30)) is Holds.POSSIBLE
    assert holds_on(bounds, date(1992, 12, 31)) is Holds.CERTAIN
    assert holds_on(bounds, date(2015, 1, 1)) is Holds.CERTAIN
    assert holds_on(bounds, date(2015, 1, 2)) is Holds.POSSIBLE
    assert holds_on(bounds, LATEST) is Holds.POSSIBLE


def test_holds_during_wants_every_day_for_certain_and_one_for_possible():
    bounds = bounds_of("1992", "2005")
    assert holds_during(bounds, date(1993, 1, 1), date(2004, 12, 31)) is Holds.CERTAIN
    assert holds_during(bounds, date(1992, 1, 1), date(1993, 12, 31)) is Holds.POSSIBLE
    assert holds_during(bounds, date(1980, 1, 1), date(1992, 1, 1)) is Holds.POSSIBLE
    assert holds_during(bounds, date(1980, 1, 1), date(1991, 12, 31)) is None
    assert holds_during(bounds, date(2006, 1, 1), LATEST) is None


def test_holds_during_refuses_a_reversed_period():
    with pytest.raises(ValueError, match="ends before it begins"):
        holds_during(bounds_of(), date(2005, 1, 2), date(2005, 1, 1))


def test_holds_is_its_word_in_a_template():
    assert f"{Holds.CERTAIN} {Holds.POSSIBLE}" == "certain possible"


@given(moments, moments | st.just(".."), moments | lasting, st.dates())
def test_span_properties(start, end, attested, day):
    try:
        bounds = bounds_of(start, end, attested)
    except BadDate:
        assume(False)
    assert bounds.start_earliest <= bounds.start_latest <= bounds.end_latest
    assert bounds.start_earliest <= bounds.end_earliest <= bounds.end_latest
    held = holds_on(bounds, day)
    if not bounds.start_earliest <= day <= bounds.end_latest:
        assert held is None
    # What is attested turns possible into certain, and touches nothing else.
    before = holds_on(bounds_of(start, end), day)
    assert held == before or (before, held) == (Holds.POSSIBLE, Holds.CERTAIN)


# -- Spans against a model: all worlds of a calendar of six days -----------------------------------
# A world is a pair of days on which the span began and ended. Days 1 to 4 are written and asked about; 0 and
# 5 stand for all that lies before and after.

DAY_ZERO = date(2000, 1, 10)
WORLDS = list(combinations_with_replacement(range(6), 2))


def day_of(number):
    return DAY_ZERO + timedelta(number)


def calendar_moments():
    """Text of each moment that can be written of days 1 to 4, with the days on which it may fall."""
    yield "", range(6)
    for first, last in combinations_with_replacement(range(1, 5), 2):
        text = f"[{day_of(first)}..{day_of(last)}]" if first < last else str(day_of(first))
        yield text, range(first, last + 1)
    for number in range(1, 5):
        yield f"[..{day_of(number)}]", range(number + 1)
        yield f"[{day_of(number)}..]", range(number, 6)


def calendar_lasting():
    """Text of what lasted, with the days on which it may have begun and ended."""
    for first, last in combinations_with_replacement(range(1, 5), 2):
        yield f"{day_of(first)}/{day_of(last)}", [first], [last]
    for number in range(1, 5):
        yield f"{day_of(number)}/", [number], range(6)
        yield f"/{day_of(number)}", range(6), [number]


def attested_worlds():
    for text, may_fall in calendar_moments():
        yield text, {(s, e) for s, e in WORLDS if any(s <= day <= e for day in may_fall)}
    for text, begins, ends in calendar_lasting():
        held = [(x, y) for x, y in product(begins, ends) if x <= y]
        yield text, {(s, e) for s, e in WORLDS if any(s <= x and y <= e for x, y in held)}


def expected(worlds, first, last):
    if all(start <= first and last <= end for start, end in worlds):
        return Holds.CERTAIN
    return Holds.POSSIBLE if any(start <= last and first <= end for start, end in worlds) else None


def assert_holds_as_in(worlds, bounds):
    for first, last in combinations_with_replacement(range(1, 5), 2):
        assert holds_during(bounds, day_of(first), day_of(last)) is expected(worlds, first, last)


def test_certain_is_in_all_worlds_and_possible_in_some():
    starts = [(parse(text), {(s, e) for s, e in WORLDS if s in may}) for text, may in calendar_moments()]
    ends = [(parse(text), {(s, e) for s, e in WORLDS if e in may}) for text, may in calendar_moments()]
    ends.append((ONGOING, set(WORLDS)))
    attestations = [(parse(text), worlds) for text, worlds in attested_worlds()]
    models = set()
    for (start, of_start), (end, of_end), (attested, of_attested) in product(starts, ends, attestations):
        worlds = frozenset(of_start & of_end & of_attested)
        if worlds:
            models.add((worlds, span_bounds(start, end, attested)))
        else:
            with pytest.raises(BadDate):
                span_bounds(start, end, attested)
    # Different texts often leave the same worlds: each outcome is checked once.
    assert len(models) > 100
    for worlds, bounds in models:
        assert_holds_as_in(worlds, bounds)
