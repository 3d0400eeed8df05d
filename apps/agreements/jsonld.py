"""An agreement in schema.org's vocabulary."""

from apps.agreements.models import AgreementLink
from apps.core.datewords import date_words
from apps.core.jsonld import document, iso, node, nodes, told

DRAWN_FROM = {
    AgreementLink.Kind.AMENDS,
    AgreementLink.Kind.EXTENDS,
    AgreementLink.Kind.IMPLEMENTS,
    AgreementLink.Kind.CONCLUDED_UNDER,
}


def agreement(row, request):
    """Legislation where it makes law between states, otherwise a work of its parties."""
    kind = told(row, "kind")
    signed, in_force = iso(row.signed), iso(row.in_force)
    legal = {"legislationType": kind, "legislationDate": signed, "legislationDateOfApplicability": in_force}
    other = {"genre": kind, "dateCreated": signed}
    drawn_from = [link.other for link in row.links.all() if link.kind in DRAWN_FROM]
    return document(
        row,
        request,
        type=row.schema_type,
        creator=nodes([party.party for party in row.parties.all()], request),
        locationCreated=node(row.place, request),
        keywords=[subject.name_en for subject in row.subjects.all()],
        isBasedOn=nodes(drawn_from, request),
        coverage=str(row.signed),
        when=date_words(row.signed),
        **(legal if row.is_legislation else other),
    )
