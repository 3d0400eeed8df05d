"""How values read on a page: dates in words, amounts, the names of fields."""

import re
from functools import lru_cache

from babel.numbers import format_decimal
from django import template
from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext as _

from apps.core.datewords import bounds_words, date_words, day_words, moment_words, span_words

register = template.Library()
ENGLISH_CODE = settings.LANGUAGE_CODE
# In a text in Kazakh or Russian: a run of words in Latin letters, which come from a name in English.
WORD = r"\(?[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9’'./&-]*\)?"
ENGLISH = re.compile(rf"{WORD}(?:[ ,:;–—-]+(?:{WORD}|[0-9(&][0-9)]*))*")
ROMAN = re.compile("[IVXLCDM]+")
CYRILLIC = re.compile("[Ѐ-ӿ]")


def language():
    """The reader's language."""
    return get_language() or "en"


@register.filter
def in_words(value):
    """A PartialDate as a reader says it: "February 1993"."""
    return date_words(value, language())


@register.filter
def span_in_words(entry):
    """The span of a membership or an office: "since 1992, last attested 2015"."""
    return span_words(entry.start, entry.end, entry.attested, language())


@register.filter(expects_localtime=True)
def day(value):
    """A day of the calendar, or that of a moment: "14 February 1993"."""
    return day_words(value, language())


@register.filter(expects_localtime=True)
def moment(value):
    """A moment to the minute: "14 February 1993, 08:05"."""
    return moment_words(value, language())


@register.filter(expects_localtime=True)
def to_the_second(value):
    """A moment as the history tells it: "14 February 1993, 08:05:09"."""
    return moment_words(value, language(), seconds=True)


@register.filter
def bounds(value):
    """The notation and the days between which a PartialDate lies, for whoever wants them exactly."""
    return f"{value}: {bounds_words(value.earliest, value.latest, language())}" if value.is_known else ""


@register.filter
def span_bounds(entry):
    """When a span began and ended at the earliest and at the latest."""
    begun = bounds_words(entry.start_earliest, entry.start_latest, language())
    ended = bounds_words(entry.end_earliest, entry.end_latest, language())
    return _("began %(start)s; ended %(end)s") % {"start": begun, "end": ended}


@register.filter
def named(row):
    """A name or a title in the reader's language; what is recorded in English only is marked as that.

    `{{ state|named }}` of what has names, `{{ visit.headline|named }}` of titles and other texts, in which the parts
    in Latin letters count as English. Not within attributes, where the plain `{{ state.name }}` belongs.
    """
    code = language()[:2]
    if code == ENGLISH_CODE:
        return str(row)
    if hasattr(row, "name_en"):
        return getattr(row, f"name_{code}") or marked(row.name_en)
    return with_english_marked(str(row))


@register.filter
def in_english(text):
    """A text that is recorded in English whatever the reader's language, such as a note: its language is told."""
    if not text or language()[:2] == ENGLISH_CODE:
        return text
    return format_html('<span lang="en">{}</span>', text)


@register.filter
def written_in(text, source):
    """Words of a source, such as its title or the name of a section, which are in its language."""
    return in_language(text, source.language)


def in_language(text, code):
    """A text in the language of that code, which is told where it is not the reader's."""
    if not text or code == language()[:2]:
        return text
    return format_html('<span lang="{}">{}</span>', code, text)


@register.filter
def titled(entry):
    """What an entry is called: a title is in English, and names are in the reader's language."""
    return in_english(entry.title) if entry.is_titled else named(entry)


def with_english_marked(text):
    if not CYRILLIC.search(text):
        return marked(text) if ENGLISH.search(text) else text
    parts, end = [], 0
    for found in ENGLISH.finditer(text):
        if ROMAN.fullmatch(found[0]):
            continue
        parts += [conditional_escape(text[end : found.start()]), marked(found[0])]
        end = found.end()
    # Every part is escaped, or made by format_html.
    return mark_safe("".join([*parts, conditional_escape(text[end:])]))  # nosec B308 B703


def marked(text):
    """Told by its language for machines, and by a small mark for readers, which `english_mark.html` explains."""
    mark = '<span lang="en">{}</span><sup class="in-english" title="{}">en</sup>'
    return format_html(mark, text, _("Recorded in English only"))


@register.filter
def main_date(entry):
    """The PartialDate by which an entry of a dated kind stands in the order of time."""
    return getattr(entry, entry.main_date)


@register.filter
def money(amount):
    """An amount with the reader's separators, and no more decimals than it has."""
    return format_decimal(amount.normalize(), format="#,##0.##", locale=language())


@register.filter
def grouped(number):
    """A whole number with the reader's separators."""
    if -1000 < number < 1000:  # Which has none, and of which a picture has hundreds.
        return str(number)
    return _grouped(number, language())


@lru_cache(maxsize=4096)
def _grouped(number, locale):
    return format_decimal(number, format="#,##0", locale=locale)


@register.filter
def field_label(entry, name):
    """The reader's word for the field, or the part, of an entry that a citation speaks of."""
    field = next((f for f in entry._meta.get_fields() if f.name == name), None)
    return getattr(field, "verbose_name", None) or name.replace("_", " ")


@register.filter
def by_passage(citations):
    """[(passage, what it says where it differs)], each passage once, in the order of the citations."""
    claims = {}
    for citation in citations:
        claim = citation.claim if citation.stance == citation.Stance.CONTRADICTS else ""
        claims[citation.passage] = claims.get(citation.passage) or claim
    return claims.items()


@register.filter
def beside(cells, heads):
    """[(head, cell)] of a row of a table whose columns have these heads."""
    return list(zip(heads, cells, strict=True))
