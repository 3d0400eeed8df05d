import os
from datetime import date

import pytest
from django.conf import settings
from hypothesis import given, strategies as st

from apps.core import datewords
from apps.core.dates import EARLIEST, LATEST, PartialDate
from apps.core.datewords import bounds_words, date_words, span_words

# gettext needs settings; alone, without the project's, these tests bring the fewest that will do.
if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    settings.configure(USE_I18N=False)

parse = PartialDate.parse
NNBSP = "\u202f"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "date not recorded"),
        ("..", "ongoing"),
        ("1993-02-14", "14 February 1993"),
        ("1993-02", "February 1993"),
        ("1993", "1993"),
        ("199X", "the 1990s"),
        ("2001-21", "spring 2001"),
        ("2001-22", "summer 2001"),
        ("2001-23", "autumn 2001"),
        ("2001-24", "winter 2001–2002"),
        ("2004~", "about 2004"),
        ("1993?", "perhaps 1993"),
        ("1993-02%", "perhaps about February 1993"),
        ("[1992..1997]", "some time in 1992–1997"),
        ("[1992-02..1997]", "some time between February 1992 and 1997"),
        ("[1992?..1997]", "some time between perhaps 1992 and 1997"),
        ("[1992..]", "1992 or later"),
        ("[..2007-04]", "April 2007 or earlier"),
        ("[2008,2010]", "2008 or 2010"),
        ("[2008,2010~,2012-05]", "2008, about 2010 or May 2012"),
        ("2012/2015", "2012 to 2015"),
        ("2012-05/2012-07~", "May 2012 to about July 2012"),
        ("2012/..", "since 2012, ongoing"),
        ("2012/", "since 2012; end not recorded"),
        ("/2012", "until 2012; start not recorded"),
        ("/..", "ongoing; start not recorded"),
        ("2005/2005", "began and ended in 2005"),
        ("2012-05-02/2012-05-02", "2 May 2012"),
        ("2012-05-02/2012-05-05", "2–5 May 2012"),
        ("2012-04-28/2012-05-02", "28 April – 2 May 2012"),
        ("2012-12-30/2013-01-02", "30 December 2012 to 2 January 2013"),
    ],
)
def test_date_words(text, words):
    # Babel sets some of its intervals with thin spaces.
    assert date_words(parse(text)).replace("\u2009", " ") == words


@pytest.mark.parametrize(
    ("text", "locale", "words"),
    [
        ("1993-02-14", "ru", f"14 февраля 1993{NNBSP}г."),
        ("1993-02", "ru", f"февраль 1993{NNBSP}г."),
        ("1993-02-14", "kk", f"1993{NNBSP}ж. 14 ақпан"),
        ("1993-02", "kk", f"1993{NNBSP}ж. ақпан"),
        ("1993-02-14", "en-us", "February 14, 1993"),
    ],
)
def test_months_are_in_the_readers_language(text, locale, words):
    assert date_words(parse(text), locale) == words


def test_days_of_one_month_are_joined_in_the_readers_language():
    value = parse("2012-05-02/2012-05-05")
    assert " ".join(date_words(value, "ru").split()) == "2–5 мая 2012 г."
    assert " ".join(date_words(value, "kk").split()) == "2012 ж. 2–5 мамыр"


@pytest.mark.parametrize(
    ("start", "end", "attested", "words"),
    [
        ("1992-01", "2005", "", "January 1992 to 2005"),
        ("1992-01", "2005", "1999", "January 1992 to 2005, attested 1999"),
        ("1992", "..", "", "since 1992, ongoing"),
        ("1992", "..", "2015", "since 1992, last attested 2015"),
        ("1995", "", "", "since 1995; end not recorded"),
        ("1995", "", "2013", "since 1995, attested 2013; end not recorded"),
        ("", "2005", "", "until 2005; start not recorded"),
        ("", "2005", "1999", "until 2005, attested 1999; start not recorded"),
        ("", "..", "", "ongoing; start not recorded"),
        ("", "..", "2015", "ongoing, last attested 2015; start not recorded"),
        ("", "", "", "dates not recorded"),
        ("", "", "2013", "attested 2013"),
        ("", "", "2003/2004", "attested 2003 to 2004"),
        ("1992", "1992", "", "began and ended in 1992"),
        ("1992~", "1992~", "", "about 1992 to about 1992"),
        ("2012-05-02", "2012-05-05", "", "2–5 May 2012"),
        ("[1991-03..2001]", "2001", "", "began some time between March 1991 and 2001; ended 2001"),
        ("1992", "[2005..2007]", "2000", "began 1992; ended some time in 2005–2007; attested 2000"),
        ("[1992..1997]", "..", "2015", "since some time in 1992–1997, last attested 2015"),
    ],
)
def test_span_words(start, end, attested, words):
    assert span_words(parse(start), parse(end), parse(attested)) == words


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        (date(1993, 2, 1), date(1993, 2, 28), "between 1 February 1993 and 28 February 1993"),
        (date(1993, 2, 1), date(1993, 2, 1), "on 1 February 1993"),
        (date(1993, 2, 1), LATEST, "on 1 February 1993 or later; no latest day recorded"),
        (EARLIEST, date(1993, 2, 1), "on 1 February 1993 or earlier; no earliest day recorded"),
        (EARLIEST, LATEST, "on any day; neither an earliest nor a latest is recorded"),
    ],
)
def test_bounds_words(earliest, latest, words):
    assert bounds_words(earliest, latest) == words


def test_phrases_are_translated_whole(monkeypatch):
    swedish = {
        "about %(date)s": "omkring %(date)s",
        "since %(start)s, last attested %(attested)s": "belagd %(attested)s, sedan %(start)s",
    }
    monkeypatch.setattr(datewords, "gettext", lambda phrase: swedish.get(phrase, phrase))
    words = span_words(parse("1992~"), parse(".."), parse("2015"), "sv")
    assert words == "belagd 2015, sedan omkring 1992"


# Spans that `span_bounds` refuses too: a page of a bad row must still be shown.
TEXTS = [
    "",
    "..",
    "1993",
    "1993-02?",
    "1993-02-14",
    "199X~",
    "9999-24",
    "[1992..]",
    "[..1997]",
    "[2008,2010]",
]
TEXTS += ["2012/2015", "2012/..", "/2012", "2012/", "/.."]
texts = st.sampled_from(TEXTS).map(parse)


UNKNOWN_WORDS = {
    "en": ("end not recorded", "start not recorded", "dates not recorded"),
    "kk": ("аяқталуы көрсетілмеген", "басталуы көрсетілмеген", "күндері көрсетілмеген"),
    "ru": ("окончание не указано", "начало не указано", "даты не указаны"),
}


@given(texts, texts, texts, st.sampled_from(["en", "ru", "kk"]))
def test_span_words_says_what_is_unknown_and_never_fails(start, end, attested, locale):
    words = span_words(start, end, attested, locale)
    assert words == words.strip() and words
    assert "%(" not in words and "None" not in words
    no_end, no_start, neither = UNKNOWN_WORDS[locale]
    if not end and start:
        assert words.endswith(no_end)
    if not start and end:
        assert no_start in words
    if not (start or end or attested):
        assert words == neither
