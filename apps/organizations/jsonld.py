"""Organizations, and who belongs to them or holds posts in them, in schema.org's vocabulary."""

from apps.core.datewords import date_words, span_words
from apps.core.jsonld import dated, document, given, interval, iso, node, nodes
from apps.states.models import State


def organization(row, request):
    return document(
        row,
        request,
        type=row.schema_type,
        alternateName=list(filter(None, [row.abbreviation, *row.alias_list])),
        foundingDate=iso(row.founded),
        dissolutionDate=iso(row.dissolved),
        location=node(row.seat, request),
        parentOrganization=node(row.parent, request),
        coverage=interval(row.founded, row.dissolved),
    )


def succession(row, request):
    return document(
        row,
        request,
        type=row.schema_type,
        about=nodes([row.predecessor, row.successor], request),
        coverage=str(row.date),
        when=date_words(row.date),
        **dated(row.date),
    )


def membership(row, request):
    founder = ", founding member" if row.founder else ""
    return role(
        row, request, f"{row.get_standing_display()}{founder}", row.member, node(row.organization, request)
    )


def office(row, request):
    """A post in a state is one in a body that governs it, and which body is not always known."""
    body = node(row.body, request)
    if isinstance(row.body, State):
        body = given(type="GovernmentOrganization", areaServed=body)
    return role(row, request, str(row.called), row.holder, body)


def role(row, request, called, bearer, body):
    """That the bearer has a part in the body for some time, as schema.org puts a role between the two."""
    return document(
        row,
        request,
        type=row.schema_type,
        roleName=called,
        member=node(bearer, request),
        memberOf=body,
        startDate=iso(row.start),
        endDate=iso(row.end),
        coverage=interval(row.start, row.end),
        when=span_words(row.start, row.end, row.attested),
    )
