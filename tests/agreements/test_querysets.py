from datetime import date

import pytest
from django.db import connection

from apps.agreements.models import Agreement
from tests.factories import action, agreement, cite, link, organization, party, state, subject

pytestmark = pytest.mark.django_db


def test_concerning_a_state():
    china = state("CHN")
    row = agreement(parties=[china, state()])
    agreement(parties=[state()])
    assert Agreement.objects.concerning(china).get() == row


def test_with_a_party_has_the_same_rows_however_they_are_found():
    china, other = state("CHN"), state()
    rows = {agreement(parties=[china, other]), agreement(parties=[china])}
    agreement(parties=[other]), agreement()
    assert set(Agreement.objects.with_party(china)) == rows
    assert set(Agreement.objects.with_party(china).looked_up()) == rows
    both = Agreement.objects.with_party(china).with_party(other)
    assert both.get() == both.looked_up().get() == Agreement.objects.linking(china, other).get()


def test_with_an_action_of_several_parties_names_an_agreement_once():
    china, other = state("CHN"), state()
    both, one, neither = (agreement(parties=[china, other]) for _ in range(3))
    for ratifying in (*both.parties.all(), one.parties.get(party_state=other)):
        action(party=ratifying, kind="ratification")
        action(party=ratifying, kind="ratification", date="1999")
    action(party=neither.parties.first(), kind="approval")
    for asked, rows in (
        (Agreement.objects.with_action("ratification"), [both, one]),
        (Agreement.objects.with_action("ratification", china), [both]),
    ):
        assert [*asked.order_by("pk")] == [*asked.looked_up().order_by("pk")] == rows
        assert {*asked.looked_up(once=False)} == {*rows}


def test_with_an_action_of_who_is_not_public():
    row = agreement(parties=[state(status="draft"), state()])
    action(party=row.parties.first(), kind="approval")
    assert not Agreement.objects.with_action("approval").exists()
    assert not Agreement.objects.with_action("approval").looked_up(once=False).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads few rows without an index.")
def test_rare_actions_are_found_by_their_kind():
    asked = Agreement.objects.published().with_action("approval")
    plan = asked.looked_up(once=False).order_by().explain()
    assert "agreements_action_by_kind (kind=?)" in plan and "SCAN" not in plan
    # Of common ones it must not begin with all of that kind, for each agreement.
    assert "agreements_action_by_kind (kind=? AND party_id=?)" in asked.latest_first().explain()


def test_linking_two_states():
    ours, theirs = state("KAZ"), state("CHN")
    row = agreement(parties=[ours, theirs, state()])
    agreement(parties=[ours]), agreement(parties=[theirs])
    assert Agreement.objects.linking(ours, theirs).get() == row


def test_with_an_organization_as_party_or_through_which_one_acted():
    bank = organization()
    rows = {agreement(parties=[bank]), party(acting_through=bank).agreement}
    agreement(parties=[organization()])
    assert set(Agreement.objects.with_organization(bank)) == rows


def test_with_an_organization_names_an_agreement_once():
    bank = organization()
    row = agreement(parties=[bank])
    party(agreement=row, acting_through=bank)
    assert Agreement.objects.with_organization(bank).get() == row


def test_between_and_latest_first_go_by_the_signature():
    first, second, undated = agreement(signed="1994-04"), agreement(signed="1996"), agreement(in_force="1999")
    assert list(Agreement.objects.latest_first()) == [second, first, undated]
    found = Agreement.objects.between(date(1994, 1, 1), date(1994, 12, 31))
    assert set(found) == {first, undated}


def test_matching_looks_at_the_title():
    row = agreement(title="Treaty on the State Border")
    agreement()
    assert Agreement.objects.matching("state border").get() == row


def test_for_detail_reads_all_at_once(django_assert_max_num_queries):
    row = agreement(parties=[state(), organization()], subjects=[subject()])
    action(party=row.parties.first()), link(agreement=row), link(other=row), cite(row)
    with django_assert_max_num_queries(14):
        found = Agreement.objects.for_detail().get(pk=row.pk)
        assert [str(bound.party) for bound in found.parties.all()]
        assert [str(each) for bound in found.parties.all() for each in bound.actions.all()]
        assert [str(each.other) for each in found.links.all()]
        assert [str(each.agreement) for each in found.links_in.all()]
        assert [str(each.passage) for each in found.citations.all()]


def test_natural_keys():
    by_state = action(date="1994")
    by_body = action(party=party(party_organization=organization()), date="1995")
    rows = [by_state, by_state.party, by_body, by_body.party, by_body.party.agreement, link(), subject()]
    for row in rows:
        assert type(row).objects.get_by_natural_key(*row.natural_key()) == row
