"""Events and projects in schema.org's vocabulary."""

from apps.core.datewords import date_words, span_words
from apps.core.jsonld import dated, document, interval, iso, node, nodes, told
from apps.events.models import Participant, ProjectParty

# Of roles that are not here, such as that of who stayed away, schema.org has no word that would be true.
IN_EVENTS = {
    Participant.Role.HOST: "attendee",
    Participant.Role.PARTICIPANT: "attendee",
    Participant.Role.SPEAKER: "performer",
    Participant.Role.ORGANIZER: "organizer",
    Participant.Role.AFFECTED: "about",
}
NOT_IN_IT = {ProjectParty.Role.OPPONENT, ProjectParty.Role.AFFECTED}


def event(row, request):
    parts = {}
    for part in row.participants.all():
        found = node(part.bearer, request)
        if part.role in IN_EVENTS and found not in parts.setdefault(IN_EVENTS[part.role], []):
            parts[IN_EVENTS[part.role]].append(found)
    return document(
        row,
        request,
        type=row.schema_type,
        description=row.summary,
        keywords=told(row, "kind"),
        location=node(row.place, request),
        coverage=str(row.date),
        when=date_words(row.date),
        **dated(row.date),
        **parts,
    )


def project(row, request):
    bearers = dict.fromkeys(part.bearer for part in row.parties.all() if part.role not in NOT_IN_IT)
    return document(
        row,
        request,
        type=row.schema_type,
        description=row.summary,
        keywords=[word for word in (told(row, "kind"), told(row, "stage")) if word],
        location=node(row.place, request),
        member=nodes(bearers, request),
        foundingDate=iso(row.start),
        dissolutionDate=iso(row.end),
        coverage=interval(row.start, row.end),
        when=span_words(row.start, row.end, row.attested),
    )
