import pytest
from django.core.exceptions import ValidationError

from apps.agreements.models import Action, Agreement, AgreementLink, Party
from tests.constraints import check
from tests.factories import action, agreement, link, organization, party, state

pytestmark = pytest.mark.django_db


def party_again(**fields):
    row = party(**fields)
    return party(agreement=row.agreement, **fields)


def action_again(**fields):
    row = action(date="1994")
    return action(party=row.party, **{"date": "1994", **fields})


def link_again(**fields):
    row = link()
    return link(agreement=row.agreement, other=row.other, **fields)


def link_to_itself():
    row = agreement()
    return link(agreement=row, other=row)


CONSTRAINTS = {
    "agreements_agreement_has_title": (agreement, lambda: agreement(title="")),
    "agreements_agreement_amount_has_currency": (
        lambda: agreement(amount=5, currency="USD"),
        lambda: agreement(amount=5),
    ),
    "agreements_agreement_amount_not_negative": (
        lambda: agreement(amount=0, currency="USD"),
        lambda: agreement(amount=-1, currency="USD"),
    ),
    "agreements_agreement_has_instruments": (
        lambda: agreement(instruments=20, instruments_approximate=True),
        lambda: agreement(instruments=0),
    ),
    "agreements_agreement_signed_before_ended": (
        lambda: agreement(signed="1994", ended="1994-02"),
        lambda: agreement(signed="1994", ended="1993"),
    ),
    "agreements_party_one_party": (
        lambda: (party(party_state=state()), party(party_organization=organization())),
        lambda: party(party_state=None),
    ),
    "agreements_party_state_once": (
        lambda: party(agreement=party().agreement),
        lambda: party_again(party_state=state()),
    ),
    "agreements_party_organization_once": (
        lambda: party(party_organization=party(party_organization=organization()).party_organization),
        lambda: party_again(party_organization=organization()),
    ),
    "agreements_action_once": (lambda: action_again(kind="ratification"), action_again),
    "agreements_agreementlink_of_two": (link, link_to_itself),
    "agreements_agreementlink_once": (lambda: link_again(kind="extends"), link_again),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraint(name):
    check(name, *CONSTRAINTS[name])


def test_an_agreement_does_not_end_before_it_is_signed():
    with pytest.raises(ValidationError) as error:
        Agreement(signed="1994", ended="1993").clean()
    assert error.value.message_dict == {"ended": ["It cannot have ended before it was signed."]}


def test_parts_go_with_the_agreement():
    row = agreement(parties=[state(), organization()])
    action(party=row.parties.first()), link(agreement=row)
    row.delete()
    assert not (Party.objects.exists() or Action.objects.exists() or AgreementLink.objects.exists())


def test_rows_say_what_they_are():
    row = agreement(title="Treaty")
    bound = party(agreement=row, party_state=state(name_en="China"))
    assert str(bound) == "China"
    assert str(action(party=bound, kind="ratification")) == "ratification, China"
    assert str(link(agreement=row, kind="amends", other=agreement(title="Other"))) == "Treaty amends Other"
