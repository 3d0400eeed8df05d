from datetime import date

import pytest

from apps.core.dates import PartialDate
from apps.organizations.models import Organization
from apps.people.models import Person
from apps.relations.state_ties import StateTies
from apps.relations.ties import (
    SHOWN,
    OrganizationTies,
    PersonTies,
    count_ties,
    with_entry_counts,
    with_member_counts,
)
from apps.states.models import State
from tests.factories import agreement, membership, office, organization, person, state, succession, visit

Y2012 = PartialDate.parse("2012")


def test_shared_memberships_are_those_of_both(focus, china):
    both, only_ours, only_theirs = organization(), organization(), organization()
    for where in (both, only_ours):
        membership(member_state=focus, organization=where)
    for where in (both, only_theirs):
        membership(member_state=china, organization=where)
    ties = StateTies(china, focus)
    assert [shared.organization for shared in ties.shared_memberships] == [both]
    assert [row.organization for row in ties.own_memberships] == [only_theirs]


def test_shared_membership_holds_certainly_only_where_both_do(focus, china):
    where = organization()
    membership(member_state=focus, organization=where, start="2001", end="2020")
    theirs = membership(member_state=china, organization=where, start="2012", end="2020")
    assert StateTies(china, focus).shared_memberships[0].holds is None
    assert StateTies(china, focus, Y2012).shared_memberships[0].holds == "possible"
    theirs.start = "2005"
    theirs.save()
    assert StateTies(china, focus, Y2012).shared_memberships[0].holds == "certain"


def test_membership_that_had_ended_is_not_shared_then(focus, china):
    where = organization()
    membership(member_state=focus, organization=where)
    membership(member_state=china, organization=where, start="2001", end="2005")
    assert StateTies(china, focus, Y2012).shared_memberships == []


def test_visits_are_told_apart_by_direction(focus, china):
    out = visit(sent_by_state=focus, host=china)
    back = visit(sent_by_state=china, host=focus)
    visit(sent_by_state=focus)
    visit(sent_by_state=china)
    ties = StateTies(china, focus)
    assert (ties.visits_in.rows, ties.visits_out.rows) == ([out], [back])


def test_focal_state_takes_part_in_everything_of_its_own(focus, china):
    out, back = visit(sent_by_state=focus), visit(host=focus)
    visit(host=china)
    joined = membership(member_state=focus)
    signed = agreement(parties=[focus, state()])
    agreement(parties=[china])
    ties = StateTies(focus, focus)
    assert (ties.visits_out.rows, ties.visits_in.rows) == ([out], [back])
    assert (ties.own_memberships, ties.shared_memberships) == ([joined], [])
    assert ties.agreements.rows == [signed]


def test_agreements_need_both_as_parties(focus, china):
    bilateral = agreement(parties=[focus, china], signed="2001")
    multilateral = agreement(parties=[china, state(), focus], signed="2005")
    agreement(parties=[china, state()])
    assert StateTies(china, focus).agreements.rows == [multilateral, bilateral]


def test_offices_are_held_by_the_state_in_it_or_for_it(focus, china):
    rows = {
        office(holder_state=china, body_organization=organization()),
        office(body_state=china),
        office(body_organization=organization(), from_state=china),
    }
    office()
    assert set(StateTies(china, focus).offices.rows) == rows


def test_unpublished_rows_tie_nothing(focus, china):
    for status in ("draft", "in_review", "withdrawn"):
        visit(sent_by_state=focus, host=china, status=status)
        office(body_state=china, status=status)
        where = organization()
        membership(member_state=focus, organization=where)
        membership(member_state=china, organization=where, status=status)
        bound = agreement(parties=[focus, china])
        bound.status = status
        bound.save()
    ties = StateTies(china, focus)
    assert ties.is_empty
    count_ties([china], focus)
    assert (china.shared_count, china.out_count, china.agreement_count) == (0, 0, 0)


def test_as_of_marks_what_had_happened_then(focus, china):
    visit(sent_by_state=focus, host=china, date="2011", slug="before")
    visit(sent_by_state=focus, host=china, date="[2010..2015]", slug="perhaps")
    visit(sent_by_state=focus, host=china, date="2013", slug="after")
    rows = StateTies(china, focus, Y2012).visits_in.rows
    assert {row.slug: row.holds for row in rows} == {"before": "certain", "perhaps": "possible"}


@pytest.mark.parametrize(
    ("dates", "years"),
    [
        ([], None),
        ([""], None),
        (["1993-02", ""], (1993, 1993)),
        (["[1992..1997]", "2014-05"], (1992, 2014)),
        (["[2001..]"], None),
    ],
)
def test_years_leave_open_ends_out(focus, china, dates, years):
    for written in dates:
        visit(sent_by_state=focus, host=china, date=written)
    assert StateTies(china, focus).years == years


def test_long_list_is_cut_and_counted(focus, china):
    for number in range(SHOWN + 2):
        visit(sent_by_state=focus, host=china, date=f"{1990 + number % 30}")
    listing = StateTies(china, focus).visits_in
    assert (len(listing.rows), listing.total, listing.rest) == (SHOWN, SHOWN + 2, 2)
    assert StateTies(china, focus, detailed=True).visits_in.rest == 0


def test_counts_of_states(focus, china):
    where = organization()
    membership(member_state=focus, organization=where, start="2001", end="2020")
    membership(member_state=china, organization=where, start="2001", end="2020")
    membership(member_state=china, organization=where, standing="observer", start="[2000..2013]")
    visit(sent_by_state=focus, host=china, date="2010")
    visit(sent_by_state=focus, host=china, date="2014")
    visit(sent_by_state=china, host=focus, date="2011")
    agreement(parties=[focus, china, state()], signed="2012")
    count_ties([china], focus)
    assert (china.shared_count, china.out_count, china.in_count, china.agreement_count) == (
        1,
        2,
        1,
        1,
    )
    count_ties([then := State.objects.get(code="CHN")], focus, Y2012)
    assert (then.shared_count, then.shared_certain, then.out_count, then.in_count) == (1, 1, 1, 1)


def test_counts_of_organizations(db):
    where = organization()
    membership(organization=where, start="2001", end="2020")
    membership(organization=where, start="2012", end="2020")
    membership(organization=where, start="2014")
    membership(organization=where, status="draft")
    assert with_member_counts(Organization.objects.all()).get(pk=where.pk).member_count == 3
    then = with_member_counts(Organization.objects.all(), Y2012).get(pk=where.pk)
    assert (then.member_count, then.member_certain) == (2, 1)


def test_counts_of_people(db):
    somebody = person()
    office(holder_person=somebody)
    visit(visitor=somebody)
    visit(visitor=somebody, status="draft")
    counted = with_entry_counts(Person.objects.all()).get(pk=somebody.pk)
    assert (counted.office_count, counted.visit_count) == (1, 1)


def test_members_stand_by_status_then_time_then_name(db):
    where = organization()
    observer = membership(organization=where, standing="observer", start="1990")
    second = membership(organization=where, start="2001", member_state=state(name_en="B"))
    first = membership(organization=where, start="2001", member_state=state(name_en="A"))
    assert OrganizationTies(where).members_by_status == [
        ("member", [first, second]),
        ("observer", [observer]),
    ]


def test_organization_ties(db):
    where, other = organization(), organization()
    belongs = membership(member_organization=where, organization=other)
    officer = office(body_organization=where)
    party = agreement(parties=[where])
    journey = visit(sent_by_organization=where)
    part = organization(parent=where)
    after = succession(predecessor=where, successor=other)
    ties = OrganizationTies(where)
    assert (ties.belongs_to.rows, ties.officers.rows, ties.agreements.rows) == ([belongs], [officer], [party])
    assert (ties.visits.rows, ties.parts, ties.successors, ties.predecessors) == (
        [journey],
        [part],
        [after],
        [],
    )


def test_person_ties(db):
    somebody = person()
    post, journey = office(holder_person=somebody), visit(visitor=somebody)
    met = visit(met=[somebody])
    ties = PersonTies(somebody)
    assert (ties.offices.rows, ties.visits.rows, ties.meetings.rows) == ([post], [journey], [met])


def test_organization_as_of_a_day(db):
    where = organization()
    membership(organization=where, start="2001-06-15", end="2005")
    assert len(OrganizationTies(where, PartialDate.parse("2001-06-15")).members) == 1
    assert OrganizationTies(where, PartialDate.parse("2001-06-14")).members == []
    assert date(2001, 6, 15) == OrganizationTies(where).members[0].start_earliest
