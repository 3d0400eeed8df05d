"""Entries as linked data: JSON-LD in the vocabulary of schema.org.

Each app says in its own `jsonld` what its kinds are there. Two things are told apart: `#entry` at the address of a page
names what the entry is about, a state or a journey, and `subjectOf` is the page that speaks of it, with its sources.

schema.org takes dates as ISO 8601, and only what that can say stands in its properties of dates: 1993, 1993-02 or
1993-02-14. Whatever else is known of a date is given in full, in EDTF, as the `temporalCoverage` of the page.
"""

import json

from django.urls import reverse
from django.utils import translation
from django.utils.html import mark_safe

from apps.core.addresses import root
from apps.core.citing import DATABASE
from apps.core.dates import Form
from apps.core.languages import in_language
from apps.core.models import Entry
from apps.core.serializers import address

MEDIA_TYPE = "application/ld+json"
CONTEXT = "https://schema.org/"
WIKIDATA = "http://www.wikidata.org/entity/"
PLAIN = (Form.DAY, Form.MONTH, Form.YEAR)
# What could end the element of a page in which the text stands, or a line of a script.
ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


def embedded(document):
    """As the text of a `<script>` of a page, which it cannot end."""
    return mark_safe(json.dumps(document, ensure_ascii=False).translate(ESCAPES))


def given(**properties):
    """Those that have a value; "type", "id" and "context" take the @ of JSON-LD."""
    named = {
        f"@{name}" if name in ("type", "id", "context") else name: properties[name] for name in properties
    }
    return {name: value for name, value in named.items() if value not in (None, "", [], {})}


def document(row, request, type, coverage="", when="", **properties):
    """The whole of what is said of a row; `coverage` is EDTF, and `when` the same in words.

    Always in English, but for names in other languages, so that page and API say the same. Only the page that speaks
    of it is the one in the reader's language.
    """
    language = translation.get_language() or "en"
    with translation.override("en"):
        return given(
            context=CONTEXT,
            type=type,
            id=identity(row, request),
            name=names(row),
            **properties,
            sameAs=f"{WIKIDATA}{row.wikidata_id}" if getattr(row, "wikidata_id", "") else None,
            subjectOf=record(row, request, coverage, when, language),
        )


def record(row, request, coverage, when, language):
    """The page that speaks of it: its language, when it was changed, of which time it tells, what it rests on."""
    inferred = f"Inferred: {row.note}" if getattr(row, "is_inferred", False) else ""
    return given(
        type="WebPage",
        url=page_of(row, request, language),
        inLanguage=language,
        isPartOf=dataset_node(request),
        dateModified=row.updated_at.date().isoformat() if hasattr(row, "updated_at") else None,
        temporalCoverage=coverage,
        description=". ".join(filter(None, [str(when), inferred])),
        citation=nodes(getattr(row, "supporting_sources", ()), request),
    )


def dataset_node(request):
    """The database as a whole, of which every page is a part."""
    home = root(request) + reverse("home")
    return given(type="Dataset", id=f"{home}#dataset", name=DATABASE, url=home)


def page_of(row, request, language="en"):
    """The address of its page in a language, or, where it has none, that in the API."""
    if hasattr(row, "get_absolute_url"):
        return root(request) + in_language(row.get_absolute_url(), language)
    return address(row, request)


def identity(row, request):
    return f"{page_of(row, request)}#entry"


def names(row):
    """In each language in which it is recorded; what has a title, has it in one."""
    if not hasattr(row, "name_en"):
        return str(row) if isinstance(row, Entry) else row.title
    recorded = {language: getattr(row, f"name_{language}") for language in ("en", "kk", "ru")}
    return [{"@value": name, "@language": language} for language, name in recorded.items() if name]


def node(row, request):
    """What points at another row; None where there is none that is public."""
    if row is None or not getattr(row, "is_public", True):
        return None
    return given(type=row.schema_type, id=identity(row, request), name=names(row))


def nodes(rows, request):
    return [found for row in rows if (found := node(row, request))]


def told(row, field):
    """A choice in words; None where it only says that nothing is told."""
    return (
        None
        if getattr(row, field) in ("other", "not_stated")
        else str(getattr(row, f"get_{field}_display")())
    )


def iso(date):
    """A PartialDate in ISO 8601, as precise as it is; None where that cannot say what is known."""
    plain = date.form in PLAIN and not date.uncertain and not date.approximate
    return str(date) if plain else None


def dated(date, first="startDate", last="endDate"):
    """The properties of when something was: of what lasted, both sides, as far as ISO 8601 can say them."""
    start, end = date.parts if date.is_lasting else (date, None)
    return given(**{first: iso(start), last: end and iso(end)})


def interval(start, end):
    """Two sides as one in EDTF, a side that is not known being empty: "1992/..", "1991-12-16/"."""
    return f"{start}/{end}" if start or end else ""
