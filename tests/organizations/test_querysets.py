from datetime import date

import pytest

from apps.core.spans import holds_during, span_bounds
from apps.organizations.models import Membership, Office, Organization, Succession
from tests.factories import membership, office, organization, state, succession

pytestmark = pytest.mark.django_db

DAYS = [
    date(1991, 6, 1),
    date(1992, 1, 1),
    date(1992, 7, 1),
    date(1995, 1, 1),
    date(2004, 7, 1),
    date(2020, 1, 1),
]
SPANS = [
    {},
    {"start": "1992"},
    {"start": "1992", "end": ".."},
    {"start": "1992", "end": "..", "attested": "2015"},
    {"start": "1992-01-01", "end": "1995-01-01"},
    {"start": "[1991..1992]", "end": "[2004..]"},
    {"attested": "2003/2004"},
    {"end": "1994"},
]


@pytest.mark.parametrize("dates", SPANS)
def test_as_of_is_the_rule_of_the_dates(dates):
    """Asked of the database and computed, for days and for periods, the answer is the same."""
    row = membership(**dates)
    bounds = span_bounds(row.start, row.end, row.attested)
    for first in DAYS:
        for last in (day for day in DAYS if day >= first):
            found = Membership.objects.as_of(first, last).values_list("holds", flat=True).first()
            assert found == holds_during(bounds, first, last), (first, last)


def test_as_of_a_day():
    row = membership(start="1992", end="1999")
    assert Membership.objects.as_of(date(1995, 1, 1)).get().holds == "certain"
    assert Membership.objects.as_of(date(1992, 7, 1)).get().holds == "possible"
    assert not Membership.objects.as_of(date(1991, 7, 1)).exists()
    assert row in Membership.objects.as_of(date(1999, 12, 31))


def test_between():
    row = membership(start="1992", end="1999")
    assert Membership.objects.between(date(1990, 1, 1), date(1992, 1, 1)).get() == row
    assert Membership.objects.between(date(1999, 12, 31), date(2010, 1, 1)).get() == row
    assert not Membership.objects.between(date(2000, 1, 1), date(2010, 1, 1)).exists()


def test_of_state():
    row = membership()
    membership()
    assert Membership.objects.of_state(row.member_state).get() == row


def test_organizations_concerning_a_state():
    china = state("CHN")
    joined = membership(member_state=china).organization
    membership(member_state=china, organization=joined, standing="observer")
    own = organization(state=china)
    membership(member_state=china, status="draft")
    membership()
    assert set(Organization.objects.concerning(china)) == {joined, own}
    assert Organization.objects.concerning(china).count() == 2


def test_offices_concerning_a_state():
    china = state("CHN")
    rows = {office(holder_state=china), office(body_state=china), office(from_state=china)}
    office()
    assert set(Office.objects.concerning(china)) == rows


def test_successions_concerning_an_organization():
    body = organization()
    rows = {succession(predecessor=body), succession(successor=body)}
    succession()
    assert set(Succession.objects.concerning(body)) == rows


def test_organizations_match_by_abbreviation_kept_as_alias():
    row = organization(name_en="Shanghai Cooperation Organisation", aliases="SCO\nШОС")
    organization()
    assert Organization.objects.matching("шос").get() == row
