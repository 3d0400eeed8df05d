"""An entry that is the same as another is merged into it: what is led over, what stays, and what is in the way."""

import pytest

from apps.core.fixtures import fixture_models, kept_fields, whole_field
from apps.core.models import Entry
from apps.curation import workflow
from apps.curation.merge import merge, preview
from apps.curation.models import Step
from apps.curation.workflow import Refused
from apps.events.models import Event
from apps.organizations.models import Organization
from apps.relations.models import Tie
from tests import factories as make
from tests.curation.conftest import member_of
from tests.factories import (
    agreement,
    cite,
    event,
    link,
    membership,
    office,
    organization,
    participant,
    passage,
    person,
    place,
    project,
    state,
    succession,
    visit,
)
from tests.sampling import sample

pytestmark = pytest.mark.django_db
KINDS = Entry.__subclasses__()


@pytest.fixture
def reviewer(db):
    return member_of("reviewer")


@pytest.fixture
def merged(reviewer):
    def merged(entry, heir, comment="They are one."):
        plan = merge(entry, heir=heir, user=reviewer, comment=comment)
        entry.refresh_from_db()
        heir.refresh_from_db()
        return plan

    return merged


def said(plan_or_groups):
    return {group.title: group.rows for group in plan_or_groups}


def test_everything_that_refers_to_it_is_led_to_the_heir(merged, reviewer, client):
    entry, heir, met = person(slug="old", name_en="Old"), person(slug="new"), visit(occasion="a dinner")
    journey, post = visit(visitor=entry), office(holder_person=entry)
    part = participant(participant_person=entry)
    met.met.add(entry, person())
    plan = merged(entry, heir)
    for row in (journey, post, part, met, part.event):
        row.refresh_from_db()
    assert (journey.visitor, post.holder_person, part.participant_person) == (heir, heir, heir)
    assert heir in met.met.all() and entry not in met.met.all() and met.met.count() == 2
    assert {row.updated_by for row in (journey, post, met, part.event)} == {reviewer}
    for row in (journey, post, part, met, part.event, entry):
        record = row.history.first()
        assert (record.history_user, record.history_change_reason) == (reviewer, "They are one."), row
    assert {link.person_id for link in met.history.first().met.all()} == {pk.pk for pk in met.met.all()}
    assert sum(group.count for group in plan.led) == 4
    assert (entry.status, entry.heir, entry.withdrawn_because) == ("withdrawn", heir, "They are one.")
    step = Step.objects.get()
    assert (step.step, step.key, step.by, step.comment) == ("merged", entry.pk, reviewer, "They are one.")
    state("KAZ")
    answer = client.get("/people/old/", follow=True)
    assert answer.redirect_chain == [("/people/new/", 301)] and answer.status_code == 200
    assert not Tie.objects.filter(person=entry).exists()
    assert Tie.objects.filter(person=heir, entry__key=journey.pk, kind="visit").exists()


@pytest.mark.parametrize("model", sample(KINDS, [Organization, Event]))
def test_nothing_in_any_table_refers_to_what_was_merged(model, merged):
    """Of each foreign key and link to the kind, one row."""
    build = getattr(make, model._meta.model_name)
    entry, heir = build(), build()
    referring = []
    for kind in fixture_models():
        for field in kept_fields(kind):
            if field.related_model is model and field is not whole_field(kind):
                referring.append((kind, field, _row_with(kind, field, entry)))
    merged(entry, heir)
    for kind, field, row in referring:
        row = kind._base_manager.get(pk=row.pk)
        found = list(getattr(row, field.name).all()) if field.many_to_many else getattr(row, field.name)
        assert found == ([heir] if field.many_to_many else heir), (kind, field)


FACTORIES = {"agreementlink": "link", "projectparty": "project_party"}


def _row_with(kind, field, entry):
    build = getattr(make, FACTORIES.get(kind._meta.model_name, kind._meta.model_name))
    if not field.many_to_many:
        rest = {"party_state": state()} if field.name == "acting_through" else {}
        return build(**{field.name: entry}, **rest)
    row = build()
    getattr(row, field.name).add(entry)
    return row


def test_citations_move_and_twins_stay(merged):
    entry, heir, shared = person(), person(), passage()
    moved, twin = cite(entry), cite(entry, shared)
    kept = cite(heir, shared)
    other = cite(entry, shared, field="name_en")
    plan = merged(entry, heir)
    assert set(heir.citations.all()) == {kept, moved, other} and list(entry.citations.all()) == [twin]
    assert moved.history.first().history_change_reason == "They are one."
    assert said(plan.left) == {"Citations": [str(shared)]}


def test_names_become_other_names(merged, reviewer):
    entry = organization(name_en="The Bank", name_ru="Банк", aliases="EBRD\nThe old bank", abbreviation="BK")
    heir = organization(name_en="The bank", aliases="Ebrd\nA house")
    assert merged(entry, heir).names == ["Банк", "BK", "The old bank"]
    assert heir.alias_list == ["Ebrd", "A house", "Банк", "BK", "The old bank"]
    assert heir.updated_by == reviewer and heir.history.first().history_change_reason == "They are one."


def test_what_it_says_itself_stays_and_its_links_are_added(merged):
    one, two, both = place(), place(), place()
    entry, heir = visit(places=[one, both]), visit(places=[two, both])
    merged(entry, heir)
    assert set(heir.places.all()) == {one, two, both} and set(entry.places.all()) == {one, both}
    entry, heir = agreement(parties=[state("QXA")]), agreement(parties=[state("QXB")])
    plan = merged(entry, heir)
    assert [str(party) for party in entry.parties.all()] == ["State QXA"]
    assert [str(party) for party in heir.parties.all()] == ["State QXB"]
    assert said(plan.left) == {"Parties": ["State QXA"]}


def test_parties_of_one_agreement_are_in_the_way(merged, reviewer):
    entry, heir = state("QXA"), state("QXB")
    bound = agreement(parties=[entry, heir], title="A treaty")
    trip = visit(host=entry)
    with pytest.raises(Refused) as refused:
        merged(entry, heir)
    assert refused.value.messages == [
        "It cannot be merged yet:",
        "Party “State QXA (A treaty)”: This state is a party already. Delete one of the two first.",
    ]
    # As a whole.
    trip.refresh_from_db()
    entry.refresh_from_db()
    assert (trip.host, entry.status, Step.objects.count()) == (entry, "published", 0)
    assert preview(entry, heir=heir, user=reviewer, comment="x").in_the_way == refused.value.messages[1:]
    bound.parties.get(party_state=heir).delete()
    merged(entry, heir)
    assert [party.party_state for party in bound.parties.all()] == [heir]


def test_double_memberships_are_merged_first(merged):
    entry, heir, body = state(), state(), organization()
    double, kept = (membership(member_state=row, organization=body, start="1993") for row in (entry, heir))
    with pytest.raises(Refused, match="is recorded already. Merge it with its double first"):
        merged(entry, heir)
    merged(double, kept)
    plan = merged(entry, heir)
    double.refresh_from_db()
    # Nobody sees it any more, and the rule would refuse it.
    assert double.member_state == entry and len(said(plan.left)["Memberships"]) == 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (lambda a, b: succession(predecessor=a, successor=b), "does not succeed itself. Change or withdraw"),
        (
            lambda a, b: membership(member_organization=b, organization=a, member_state=None),
            "not a member of itself",
        ),
        (lambda a, b: _parted(b, a), r"would refer to itself \(part of\). Change that first."),
    ],
)
def test_what_would_refer_to_itself_is_in_the_way(merged, rows, words):
    entry, heir = organization(), organization()
    rows(entry, heir)
    with pytest.raises(Refused, match=words):
        merged(entry, heir)


def _parted(row, parent):
    row.parent = parent
    row.save()


def test_links_between_the_two_agreements(merged):
    entry, heir = agreement(), agreement(title="The heir")
    link(agreement=heir, other=entry)
    with pytest.raises(Refused, match="An agreement does not bear on itself. Change or delete it first."):
        merged(entry, heir)
    heir.links.all().delete()
    link(agreement=entry, other=heir)
    merged(entry, heir)


def test_only_a_reviewer_merges_with_a_reason_and_what_may_be(merged, reviewer, django_user_model):
    entry, heir = person(name_en="One"), person(name_en="Two")
    for user, into, comment, words in [
        (django_user_model.objects.create_user("x"), heir, "x", "Only a reviewer"),
        (reviewer, heir, " ", "Say why it is merged"),
        (reviewer, entry, "x", "not merged into itself"),
        (reviewer, state(), "x", "of one kind"),
        (reviewer, person(status="draft"), "x", "is not published. Publish it first"),
        (
            reviewer,
            person(status="withdrawn", name_en="Gone"),
            "x",
            r"“Gone” \([\w-]+\) is withdrawn. Reinstate it first",
        ),
    ]:
        for take in (merge, preview):
            with pytest.raises(Refused, match=words):
                take(entry, heir=into, user=user, comment=comment)
    with pytest.raises(Refused, match="Reinstate it first"):
        merged(person(status="withdrawn"), heir)


@pytest.mark.parametrize("which", ["One", "Two"])
def test_neither_has_a_pending_revision(merged, reviewer, which):
    entry, heir = person(name_en="One"), person(name_en="Two")
    row = entry if which == "One" else heir
    version = workflow.version_of(row)
    version["own"]["note"] = "More."
    workflow.propose(row, version, user=reviewer, reason="more")
    with pytest.raises(Refused, match=rf"“{which}” \([\w-]+\) has a pending revision"):
        merged(entry, heir)


def test_a_pending_revision_of_what_refers_to_it_follows(merged, reviewer, settings):
    settings.FOUR_EYES = False
    entry, heir = person(), person()
    trip = visit(visitor=entry)
    cite(trip)
    version = workflow.version_of(trip)
    version["own"]["occasion"] = "a dinner"
    workflow.propose(trip, version, user=reviewer, reason="more")
    merged(entry, heir)
    workflow.send(trip, user=reviewer)
    workflow.publish(trip, user=reviewer)
    trip.refresh_from_db()
    assert (trip.visitor, trip.occasion) == (heir, "a dinner")


@pytest.mark.parametrize("part", ["entry", "citation"])
def test_nobody_brings_their_own_words_to_readers_by_merging_a_draft(merged, reviewer, settings, part):
    settings.FOUR_EYES = True
    heir = person()
    cite(heir)
    entry = person(status="draft", updated_by=None if part == "citation" else reviewer)
    cited = cite(entry)
    if part == "citation":
        cited._history_user = reviewer
        cited.save()
    with pytest.raises(Refused, match="another reviewer merges the two"):
        merged(entry, heir)
    assert not heir.alias_list and heir.citations.count() == 1
    merge(entry, heir=heir, user=member_of("reviewer", "another"), comment="They are one.")


def test_a_draft_may_be_merged_and_its_address_stays_unknown(merged, client):
    state("KAZ")
    entry, heir = person(status="draft", slug="draft"), person(status="draft", slug="heir")
    trip = visit(status="draft", visitor=entry)
    merged(entry, heir)
    trip.refresh_from_db()
    assert trip.visitor == heir
    assert client.get("/people/draft/").status_code == client.get("/api/v1/people/draft/").status_code == 404


def test_reinstated_it_is_itself_again_and_what_was_led_over_stays(merged, reviewer, client):
    state("KAZ")
    entry, heir = person(slug="old"), person(slug="new")
    trip, shared = visit(visitor=entry), passage()
    cite(entry, shared), cite(heir, shared)
    merged(entry, heir)
    workflow.reinstate(entry, user=reviewer, comment="They are two after all.")
    entry.refresh_from_db()
    trip.refresh_from_db()
    assert (entry.status, entry.heir, trip.visitor) == ("published", None, heir)
    assert client.get("/people/old/").status_code == 200


def test_preview_changes_nothing(reviewer):
    entry, heir = person(name_en="One"), person(name_en="Two")
    trip = visit(visitor=entry)
    cite(entry)
    before = trip.history.count(), workflow.version_of(entry), workflow.version_of(heir)
    plan = preview(entry, heir=heir, user=reviewer, comment="x")
    assert said(plan.led) == {"Visits": [str(trip)], "Citations": [str(entry.citations.get().passage)]}
    assert (plan.names, plan.in_the_way) == (["One"], [])
    trip.refresh_from_db()
    assert trip.visitor == entry
    assert (trip.history.count(), workflow.version_of(entry), workflow.version_of(heir)) == before
    assert not Step.objects.exists()


def test_groups_show_the_first_rows(reviewer):
    entry = person()
    for _number in range(23):
        visit(visitor=entry)
    (group,) = preview(entry, heir=person(), user=reviewer, comment="x").led
    assert (len(group.rows), group.count, group.rest) == (20, 23, 3)


def test_events_and_projects(merged):
    one, two = event(), event()
    held = agreement(concluded_at=one)
    merged(one, two)
    held.refresh_from_db()
    assert held.concluded_at == two
    one, two = project(), project()
    built = agreement(projects=[one])
    merged(one, two)
    assert list(built.projects.all()) == [two]
