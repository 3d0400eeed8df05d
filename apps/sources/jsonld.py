"""A source in schema.org's vocabulary."""

from apps.core.datewords import date_words
from apps.core.jsonld import dated, document, given


def source(row, request):
    return document(
        row,
        request,
        type=row.schema_type,
        author=[author(name) for name in row.author_list],
        isPartOf=given(type="CreativeWork", name=row.container) if row.container else None,
        publisher=given(type="Organization", name=row.publisher) if row.publisher else None,
        inLanguage=row.language,
        url=row.url,
        archivedAt=row.archived_url,
        when=f"Published {date_words(row.date)} ({row.date})" if row.date else "",
        **dated(row.date, "datePublished"),
    )


def author(name):
    """Who is written "Surname, First name" is a person; of another it is not known what it is."""
    surname, comma, first = (part.strip() for part in name.partition(","))
    if not comma:
        return {"name": name}
    return given(type="Person", name=f"{first} {surname}".strip(), familyName=surname, givenName=first)
