import pytest

from apps.organizations.models import Membership, Office, Organization, Succession
from tests.adminpages import address, errors, saved, submit
from tests.factories import membership, office, organization, person, state

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

DRAFT = {"basis": "stated"}
ORGANIZATION = {**DRAFT, "name_en": "Shanghai Five", "kind": "forum"}


def of_membership(**values):
    made = {"member_state": state("KAZ"), "organization": organization(slug="sco"), "standing": "member"}
    return {**DRAFT, **made, **values}


def of_office(**values):
    made = {"holder_person": person(slug="tokayev"), "role": "foreign_minister", "body_state": state("KAZ")}
    return {**DRAFT, **made, **values}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"kind": ""}, "kind"),
        ({"founded": "2001", "dissolved": "1996"}, "dissolved"),
        ({"founded": "2001-06-31"}, "founded"),
        ({"basis": "inferred"}, "note"),
    ],
)
def test_what_organizations_must_not_be(values, field, admin_client):
    assert errors(submit(admin_client, Organization, **ORGANIZATION | values)).keys() == {field}


def test_organization_is_entered(admin_client):
    assert saved(submit(admin_client, Organization, **ORGANIZATION, founded="1996-04", dissolved="2001"))
    assert saved(submit(admin_client, Organization, **ORGANIZATION, abbreviation="S5"))
    assert set(Organization.objects.values_list("slug", flat=True)) == {"shanghai-five", "s5"}


def test_succession_is_of_two(admin_client):
    five, sco = organization(slug="five"), organization(slug="sco")
    typed = {**DRAFT, "predecessor": five, "kind": "transformed", "date": "2001"}
    assert errors(submit(admin_client, Succession, **typed, successor=five)).keys() == {"successor"}
    assert saved(submit(admin_client, Succession, **typed, successor=sco))
    assert Succession.objects.get().slug == "five-sco"


@pytest.mark.parametrize(
    ("values", "slug"),
    [
        ({}, "kaz-sco"),
        ({"standing": "dialogue_partner"}, "kaz-sco-dialogue-partner"),
        ({"start": "[1992..1997]", "end": "..", "attested": "2013"}, "kaz-sco"),
    ],
)
def test_membership_is_entered(values, slug, admin_client):
    assert saved(submit(admin_client, Membership, **of_membership(**values)))
    assert Membership.objects.get().slug == slug


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"member_state": ""}, "member_organization"),
        ({"member_organization": organization}, "member_organization"),
        ({"start": "2001", "end": "1996"}, "end"),
        ({"start": "2001", "attested": "1996"}, "attested"),
        ({"end": "1996", "attested": "2001"}, "attested"),
        ({"start": ".."}, "start"),
        ({"start": "1992/1996"}, "start"),
        ({"end": "ongoing"}, "end"),
        ({"standing": "x"}, "standing"),
        ({"basis": "inferred"}, "note"),
    ],
)
def test_what_memberships_must_not_be(values, field, admin_client):
    made = {name: value() if callable(value) else value for name, value in values.items()}
    assert errors(submit(admin_client, Membership, **of_membership(**made))).keys() == {field}
    assert not Membership.objects.exists()


def test_organization_is_no_member_of_itself(admin_client):
    un = organization()
    typed = of_membership(member_state="", member_organization=un, organization=un)
    assert errors(submit(admin_client, Membership, **typed)).keys() == {"organization"}


@pytest.mark.parametrize("member", [{"member_state": state}, {"member_organization": organization}])
def test_membership_that_exists_is_refused(member, admin_client):
    made = {name: make() for name, make in member.items()}
    known = membership(**made, start="1996")
    typed = of_membership(**{"member_state": "", **made}, organization=known.organization)
    assert errors(submit(admin_client, Membership, **typed, start="1996")).keys() == {"start"}
    assert saved(submit(admin_client, Membership, **typed, start="2001"))


def test_office_is_entered(admin_client):
    assert saved(submit(admin_client, Office, **of_office(start="1994", end="1999-10")))
    assert Office.objects.get().slug == "tokayev-foreign-minister-kaz"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"holder_person": ""}, "holder_state"),
        ({"holder_state": state}, "holder_state"),
        ({"body_state": ""}, "body_organization"),
        ({"body_organization": organization}, "body_organization"),
        ({"start": "2001", "end": "1996"}, "end"),
        ({"basis": "inferred"}, "note"),
    ],
)
def test_what_offices_must_not_be(values, field, admin_client):
    made = {name: value() if callable(value) else value for name, value in values.items()}
    assert errors(submit(admin_client, Office, **of_office(**made))).keys() == {field}
    assert not Office.objects.exists()


def test_list_of_memberships_by_the_year_in_which_they_may_have_held(admin_client):
    held, over, unknown = (
        membership(start="1992", end=".."),
        membership(start="1992", end="1995"),
        membership(),
    )
    rows = admin_client.get(address(Membership, "changelist"), {"when": "2001"}).context["cl"].result_list
    assert {*rows} == {held, unknown}
    assert over not in rows


def test_office_is_found_by_holder_and_body(admin_client):
    wanted = office(
        holder_person=person(name_en="Kassym-Jomart Tokayev"), body_state=state(name_en="Kazakhstan")
    )
    office()
    rows = admin_client.get(address(Office, "changelist"), {"q": "TOKAYEV kazakh"}).context["cl"].result_list
    assert [*rows] == [wanted]
