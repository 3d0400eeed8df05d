import pytest
from django.core.exceptions import ValidationError

from apps.organizations.models import Membership, Organization
from tests.constraints import check
from tests.factories import membership, office, organization, person, state, succession

pytestmark = pytest.mark.django_db


def same_again(row, member):
    """Another row of the same membership."""
    return membership(
        organization=row.organization,
        start=row.start,
        standing=row.standing,
        **{member: getattr(row, member)},
    )


def other_standing(row, member):
    return membership(organization=row.organization, standing="observer", **{member: getattr(row, member)})


def of_itself():
    row = organization()
    return membership(organization=row, member_organization=row)


def succeeding_itself():
    row = organization()
    return succession(predecessor=row, successor=row)


CONSTRAINTS = {
    "organizations_organization_founded_before_dissolved": (
        lambda: organization(founded="1992", dissolved="1992-03"),
        lambda: organization(founded="1992", dissolved="1991"),
    ),
    "organizations_succession_of_two": (succession, succeeding_itself),
    "organizations_membership_one_member": (
        lambda: (membership(member_state=state()), membership(member_organization=organization())),
        lambda: membership(member_state=state(), member_organization=organization()),
    ),
    "organizations_membership_not_of_itself": (
        lambda: membership(member_organization=organization()),
        of_itself,
    ),
    "organizations_membership_of_state_unique": (
        lambda: other_standing(membership(start="1992"), "member_state"),
        lambda: same_again(membership(start="1992"), "member_state"),
    ),
    "organizations_membership_of_organization_unique": (
        lambda: other_standing(membership(member_organization=organization()), "member_organization"),
        lambda: same_again(membership(member_organization=organization()), "member_organization"),
    ),
    "organizations_office_one_holder": (
        lambda: (office(holder_person=person()), office(holder_state=state())),
        lambda: office(holder_person=person(), holder_state=state()),
    ),
    "organizations_office_one_body": (
        lambda: (office(body_state=state()), office(body_organization=organization())),
        lambda: office(body_state=None),
    ),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraint(name):
    check(name, *CONSTRAINTS[name])


def test_an_organization_is_not_dissolved_before_it_is_founded():
    row = Organization(slug="x", name_en="X", kind="forum", founded="1992", dissolved="1991-12")
    with pytest.raises(ValidationError) as error:
        row.clean()
    assert error.value.message_dict == {"dissolved": ["It cannot have been dissolved before it was founded."]}


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"start": "1995", "end": "1994"}, "end"),
        ({"start": "1995", "attested": "1994"}, "attested"),
        ({"end": "1994", "attested": "1995"}, "attested"),
        ({"start": ".."}, "start"),
        ({"attested": ".."}, "attested"),
        ({"start": "1992/1994"}, "start"),
        ({"end": "1992/1994"}, "end"),
    ],
)
def test_the_dates_of_a_span_agree(dates, field):
    with pytest.raises(ValidationError) as error:
        Membership(**dates).clean()
    assert list(error.value.message_dict) == [field]


def test_a_wrong_date_of_a_span_is_left_to_its_own_field():
    Membership(start="soon", end="1994").clean()


def test_a_membership_says_whose_it_is():
    row = membership(
        member_state=state(name_en="Kyrgyzstan"),
        organization=organization(name_en="Pact", abbreviation="P"),
        standing="observer",
    )
    assert (str(row), row.member.name_en) == ("Kyrgyzstan, observer of P", "Kyrgyzstan")


def test_an_office_is_called_as_its_source_has_it():
    row = office(holder_person=person(name_en="A"), body_state=state(name_en="B"))
    assert str(row) == "A, head of state, B"
    row.title = "Premier"
    assert str(row) == "A, Premier, B"


def test_a_succession_says_what_became_of_what():
    row = succession(
        predecessor=organization(name_en="A"), successor=organization(name_en="B"), kind="merged"
    )
    assert str(row) == "A merged into B"
