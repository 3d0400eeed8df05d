import pytest
from django.core.exceptions import ValidationError

from apps.events.models import Participant, Project, ProjectParty
from tests.constraints import check
from tests.factories import event, organization, participant, person, project, project_party, state

pytestmark = pytest.mark.django_db


def participant_again(bearer, **fields):
    """The same in the same event twice."""
    side = {f"participant_{bearer._meta.model_name}": bearer}
    row = participant(**side)
    return participant(event=row.event, **side, **fields)


def party_again(bearer, **fields):
    side = {f"party_{bearer._meta.model_name}": bearer}
    row = project_party(**side)
    return project_party(project=row.project, **side, **fields)


CONSTRAINTS = {
    "events_event_has_title": (event, lambda: event(title="")),
    "events_participant_one_participant": (
        lambda: event(participants=[state(), organization(), person()]),
        lambda: participant(participant_state=state(), participant_organization=organization()),
    ),
    "events_participant_state_once": (
        lambda: participant_again(state(), role="host"),
        lambda: participant_again(state()),
    ),
    "events_participant_organization_once": (
        lambda: participant_again(organization(), role="organizer"),
        lambda: participant_again(organization()),
    ),
    "events_participant_person_once": (
        lambda: participant_again(person(), role="speaker"),
        lambda: participant_again(person()),
    ),
    "events_project_has_title": (project, lambda: project(title="")),
    "events_projectparty_one_party": (
        lambda: project(parties=[state(), organization()]),
        lambda: project_party(party_state=state(), party_organization=organization()),
    ),
    "events_projectparty_state_once": (
        lambda: party_again(state(), role="owner"),
        lambda: party_again(state()),
    ),
    "events_projectparty_organization_once": (
        lambda: party_again(organization(), role="lender"),
        lambda: party_again(organization()),
    ),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraint(name):
    check(name, *CONSTRAINTS[name])


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: participant(participant_state=None), "events_participant_one_participant"),
        (lambda: project_party(party_state=None), "events_projectparty_one_party"),
    ],
)
def test_a_part_is_somebodys(make, name):
    check(name, lambda: None, make)


def test_a_wrong_part_is_refused_with_what_to_do():
    both = Participant(event=event(), participant_state=state(), participant_person=person())
    with pytest.raises(ValidationError) as error:
        both.full_clean()
    assert error.value.messages == ["Give one of a state, an organization and a person."]
    given = participant()
    again = Participant(event=given.event, participant_state=given.participant_state)
    with pytest.raises(ValidationError) as error:
        again.full_clean()
    assert error.value.messages == ["This participant has this role already."]


def test_project_does_not_end_before_it_starts():
    with pytest.raises(ValidationError):
        Project(start="2005", end="2003").clean()


def test_parts_go_with_the_whole():
    summit, line = event([state(), person()]), project([state(), organization()])
    summit.delete(), line.delete()
    assert not (Participant.objects.exists() or ProjectParty.objects.exists())


def test_roles_stand_in_the_order_in_which_readers_ask_for_them():
    places = [Participant(role=role).role_place for role in ("host", "organizer", "participant", "absent")]
    assert places == sorted(places)
    places = [ProjectParty(role=role).role_place for role in ("owner", "operator", "participant", "affected")]
    assert places == sorted(places)


def test_rows_say_what_they_are():
    summit, line = event(title="Summit"), project(title="Pipeline")
    assert (str(summit), str(line)) == ("Summit", "Pipeline")
    absent = participant(event=summit, participant_state=state(name_en="China"), role="absent")
    assert (str(absent), absent.participant.name) == ("China, absent", "China")
    speaker = participant(event=summit, participant_person=person(name_en="Hu Jintao"), role="speaker")
    assert str(speaker) == "Hu Jintao, speaker"
    lender = project_party(project=line, party_organization=organization(name_en="Bank"), role="lender")
    assert (str(lender), lender.party.name) == ("Bank, lender", "Bank")


@pytest.mark.parametrize(
    ("dates", "known"),
    [({}, False), ({"proposed": "1994"}, False), ({"start": "1994"}, True), ({"attested": "1994"}, True)],
)
def test_project_has_a_span_where_anything_is_known_of_it(dates, known):
    assert project(**dates).has_span is known


def test_natural_keys():
    rows = [
        event(),
        project(),
        participant(),
        participant(participant_organization=organization(), role="host"),
        participant(participant_person=person(), role="speaker"),
        project_party(),
        project_party(party_organization=organization(), role="owner"),
    ]
    for row in rows:
        assert type(row).objects.get_by_natural_key(*row.natural_key()) == row


def test_natural_key_tells_the_roles_of_one_participant_apart():
    row = participant(role="host")
    again = participant(event=row.event, participant_state=row.participant_state, role="initiator")
    assert row.natural_key() == (row.event.slug, row.participant_state.code, "host")
    assert Participant.objects.get_by_natural_key(*again.natural_key()) == again
