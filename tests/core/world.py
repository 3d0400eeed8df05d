"""Entries of every kind, tied to each other in every way that there is."""

from tests import factories


@factories.at_once
def world(**fields):
    """One entry of every kind with all that it can have, each cited and made with `fields` besides."""
    host, sender = factories.state(region="143", **fields), factories.state(begin="1949-10-01", **fields)
    former = factories.state(kind="former", ended="1991-12", **fields)
    after = factories.state(predecessor=former, **fields)
    seat = factories.place(state=host)
    union = factories.organization(seat=seat, founded="[1992..1997]", dissolved="..", state=host, **fields)
    body = factories.organization(parent=union, **fields)
    person = factories.person(aliases="Another\nName", name_kk="Ат", **fields)
    event = factories.event(
        [host, sender, union, person], place=seat, date="1994-04", summary="They met.", **fields
    )
    factories.participant(event=event, participant_state=host, role="host", note="in the capital")
    project = factories.project(
        [host, body],
        place=seat,
        proposed="1991",
        start="1992~",
        end="..",
        stage="in_operation",
        stage_date="2013",
        **fields,
    )
    visit = factories.visit(
        visitor=person,
        sent_by_state=sender,
        host=host,
        places=[seat],
        met=[factories.person(**fields)],
        date="1994-04",
        event=event,
        **fields,
    )
    agreement = factories.agreement(
        signed="1994-04-26",
        place=seat,
        concluded_during=visit,
        concluded_at=event,
        projects=[project],
        subjects=[factories.subject()],
        period="2012/2015",
        amount=5,
        currency="USD",
        **fields,
    )
    party = factories.party(agreement=agreement, party_state=host, acting_through=body)
    factories.party(agreement=agreement, party_organization=union)
    factories.action(party=party, kind="signature", date="1994-04-26")
    factories.action(party=party, kind="ratification")
    factories.link(agreement=agreement, other=factories.agreement(**fields))
    factories.link(agreement=factories.agreement(**fields), other=agreement)
    entries = [
        host,
        after,
        union,
        body,
        person,
        visit,
        agreement,
        event,
        project,
        factories.figure(
            of_state=host,
            with_state=sender,
            event=event,
            project=project,
            agreement=agreement,
            value="27000000000.5",
            unit="money",
            currency="USD",
            date="1994",
            according_to="official estimate",
            **fields,
        ),
        factories.figure(of_organization=union, with_organization=body, event=event, **fields),
        factories.succession(predecessor=body, successor=union, date="199X", **fields),
        factories.membership(
            member_state=host, organization=union, start="1992", end="..", attested="2015", **fields
        ),
        factories.membership(member_organization=body, organization=union, **fields),
        factories.office(holder_person=person, body_state=host, start="[..2007-04]", **fields),
        factories.office(holder_state=host, body_organization=union, from_state=sender, **fields),
    ]
    for entry in entries:
        factories.cite(entry)
        factories.cite(entry, stance="contradicts", claim="Otherwise.")
    return entries
