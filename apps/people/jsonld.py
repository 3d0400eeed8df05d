"""A person in schema.org's vocabulary."""

from apps.core.jsonld import document


def person(row, request):
    return document(row, request, type=row.schema_type, alternateName=row.alias_list)
