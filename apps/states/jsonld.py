"""States and places in schema.org's vocabulary."""

from apps.core.jsonld import document, given, interval, node


def state(row, request):
    codes = {"ISO 3166-1 alpha-3": row.code, "ISO 3166-1 alpha-2": row.alpha2, "UN M49": row.numeric}
    region = given(type="Place", name=str(row.get_region_display()), identifier=row.region)
    return document(
        row,
        request,
        type=row.schema_type,
        alternateName=row.alias_list,
        identifier=[
            given(type="PropertyValue", propertyID=name, value=code) for name, code in codes.items() if code
        ],
        containedInPlace=region if row.region else None,
        coverage=interval(row.begin, row.ended),
    )


def place(row, request):
    return document(
        row,
        request,
        type=row.schema_type,
        alternateName=row.alias_list,
        containedInPlace=node(row.state, request),
    )
