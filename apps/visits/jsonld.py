"""A visit in schema.org's vocabulary."""

from apps.core.datewords import date_words
from apps.core.jsonld import dated, document, node, nodes, told


def visit(row, request):
    """An event, for its date and its place, and the action of who travelled."""
    there = nodes([row.host, *row.places.all()], request)
    return document(
        row,
        request,
        type=row.schema_type,
        description=row.occasion,
        keywords=told(row, "kind"),
        agent=node(row.visitor, request),
        participant=nodes(row.met.all(), request),
        toLocation=there,
        location=there,
        superEvent=node(row.event, request),
        result=nodes(row.outcomes.all(), request),
        coverage=str(row.date),
        when=date_words(row.date),
        **dated(row.date),
    )
