from datetime import date

import pytest

from apps.events.models import Event, Participant, Project, ProjectParty
from apps.relations.models import Tie
from tests.factories import (
    agreement,
    cite,
    event,
    figure,
    organization,
    participant,
    person,
    place,
    project,
    project_party,
    state,
    visit,
)

pytestmark = pytest.mark.django_db


def in_two_roles(bearer, **fields):
    row = event([bearer, state()], **fields)
    participant(event=row, role="host", **{f"participant_{bearer._meta.model_name}": bearer})
    return row


def test_concerning_a_state_names_an_event_once():
    china = state("CHN")
    row = in_two_roles(china)
    event([state()])
    assert Event.objects.concerning(china).get() == row


def test_concerning_a_state_that_stayed_away():
    row = participant(role="absent")
    assert Event.objects.concerning(row.participant_state).get() == row.event


def test_linking_two_states():
    ours, theirs = state("KAZ"), state("CHN")
    row = in_two_roles(ours)
    (
        participant(event=row, participant_state=theirs),
        participant(event=row, participant_state=theirs, role="affected"),
    )
    event([ours]), event([theirs])
    assert Event.objects.linking(ours, theirs).get() == Event.objects.linking(theirs, ours).get() == row


def test_with_an_organization_and_with_a_person():
    union, speaker = organization(), person()
    of_union, of_speaker = in_two_roles(union), in_two_roles(speaker)
    event([organization(), person()])
    assert Event.objects.with_organization(union).get() == of_union
    assert Event.objects.with_person(speaker).get() == of_speaker


def test_words_keep_to_what_is_published():
    china, kazakhstan, union, speaker = state("CHN"), state("KAZ"), organization(), person()
    everybody = [china, kazakhstan, union, speaker]
    shown = event(everybody)
    for status in ("draft", "in_review", "withdrawn"):
        event(everybody, status=status)
    published = Event.objects.published()
    for found in (
        published.concerning(china),
        published.linking(china, kazakhstan),
        published.with_organization(union),
        published.with_person(speaker),
        published.as_of(date(2000, 1, 1)),
    ):
        assert found.get() == shown


def test_between_as_of_and_latest_first_go_by_the_date():
    first, second, undated = event(date="1994-04"), event(date="1996"), event()
    assert list(Event.objects.latest_first()) == [second, first, undated]
    found = Event.objects.between(date(1994, 1, 1), date(1994, 12, 31))
    assert set(found) == {first, undated}
    known = {row: row.holds for row in Event.objects.as_of(date(1996, 7, 1))}
    assert known == {first: "certain", second: "possible", undated: "possible"}


def test_matching_looks_at_the_title():
    row, line = event(title="Summit in Astana"), project(title="Öl Pipeline")
    event(), project()
    assert Event.objects.matching("SUMMIT").get() == row
    assert Project.objects.matching("ol pipe").get() == line


def test_public_participants_are_those_that_readers_may_see():
    row = event([state(), organization(), person()])
    for hidden in (state(status="draft"), organization(status="in_review"), person(status="withdrawn")):
        participant(event=row, **{f"participant_{hidden._meta.model_name}": hidden})
    assert [part.participant.is_published for part in Participant.objects.public()] == [True] * 3
    line = project([state(), organization(), state(status="draft"), organization(status="withdrawn")])
    assert [part.party.is_published for part in ProjectParty.objects.public()] == [True] * 2
    assert len(Project.objects.for_list().get(pk=line.pk).parties.all()) == 2


def test_for_detail_of_an_event_has_the_public_ones_of_what_is_told_of_it():
    row = event()
    shown = {visit(event=row), agreement(concluded_at=row), figure(event=row)}
    visit(event=row, status="draft"), visit(event=row, visitor=person(status="draft"))
    agreement(concluded_at=row, status="withdrawn")
    figure(event=row, status="in_review"), figure(event=row, of_state=state(status="draft"))
    figure(event=row, with_organization=organization(status="draft"))
    found = Event.objects.for_detail().get(pk=row.pk)
    assert {
        each for name in ("visits", "outcomes", "figures") for each in getattr(found, name).all()
    } == shown


def test_for_detail_of_a_project_has_the_public_ones_of_what_is_told_of_it():
    row = project()
    shown = {agreement(projects=[row]), figure(project=row)}
    agreement(projects=[row], status="draft"), figure(project=row, status="draft")
    found = Project.objects.for_detail().get(pk=row.pk)
    assert {each for name in ("agreements", "figures") for each in getattr(found, name).all()} == shown


def test_what_is_told_of_an_event_stands_latest_first():
    row = event()
    dates = ["1994", "", "1996", "1995-02"]
    figures = [figure(event=row, date=text) for text in dates]
    found = Event.objects.for_detail().get().figures.all()
    assert list(found) == [figures[2], figures[3], figures[0], figures[1]]


def test_projects_by_state_and_organization():
    china, kazakhstan, bank = state("CHN"), state("KAZ"), organization()
    row = project([china, kazakhstan, bank])
    project_party(project=row, party_state=china, role="lender")
    project_party(project=row, party_organization=bank, role="lender")
    other = project([china])
    project([kazakhstan, organization()])
    assert set(Project.objects.concerning(china)) == {row, other}
    assert Project.objects.concerning(china).count() == 2
    assert Project.objects.linking(china, kazakhstan).get() == row
    assert Project.objects.with_organization(bank).get() == row
    row.status = "draft"
    row.save()
    assert Project.objects.published().concerning(china).get() == other


def test_projects_as_of_a_day_are_those_that_ran():
    ran, ongoing, over = (
        project(start="1992", end="2000"),
        project(start="1993", end=".."),
        project(end="1990"),
    )
    found = {row: row.holds for row in Project.objects.as_of(date(1995, 7, 1))}
    assert found.pop(ran) == "certain"
    assert ongoing in found and over not in found


def test_for_detail_reads_all_at_once(django_assert_max_num_queries):
    row = event([state(), organization(), person()], place=place())
    visit(event=row), agreement(concluded_at=row), figure(event=row), cite(row), cite(row)
    with django_assert_max_num_queries(6):
        found = Event.objects.for_detail().get(pk=row.pk)
        assert str(found.place)
        assert [str(part.participant) for part in found.participants.all()]
        for name in ("visits", "outcomes", "figures"):
            assert [str(each) for each in getattr(found, name).all()]
        assert [str(citation.passage) for citation in found.citations.all()]


def test_for_detail_of_a_project_reads_all_at_once(django_assert_max_num_queries):
    row = project([state(), organization()], place=place())
    agreement(projects=[row]), figure(project=row), cite(row)
    with django_assert_max_num_queries(5):
        found = Project.objects.for_detail().get(pk=row.pk)
        assert str(found.place)
        assert [str(part.party) for part in found.parties.all()]
        assert [str(each) for name in ("agreements", "figures") for each in getattr(found, name).all()]
        assert [str(citation.passage) for citation in found.citations.all()]


def test_nothing_runs_before_it_is_proposed(db):
    row = project(proposed="2005")
    first, last = date(2004, 1, 1), date(2004, 12, 31)
    assert not Project.objects.between(first, last)
    assert not Project.objects.as_of(last)
    assert list(Project.objects.as_of(date(2006, 1, 1))) == [row]
    assert not Tie.objects.one_each().filter(kind="project").as_of(last)


def test_events_by_a_part_that_somebody_has(db):
    row = event()
    participant(event=row, role="absent")
    event(participants=[state()])
    assert list(Event.objects.with_role("absent")) == [row]
