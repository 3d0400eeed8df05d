"""Rows that refer to one of their own kind never come back to themselves."""

import pytest
from django.core.exceptions import ValidationError

from apps.core.circles import in_circles, own_kind_fields, refuse_circles
from apps.core.models import Entry
from apps.curation import workflow
from apps.curation.versions import version_of
from apps.organizations.models import Organization
from apps.states.models import State
from tests.adminpages import errors, saved, submit
from tests.curation.conftest import member_of
from tests.factories import cite, organization, state

pytestmark = pytest.mark.django_db


def test_fields_that_lead_to_the_own_kind_are_found_but_for_the_heir():
    found = {f"{field}" for model in Entry.__subclasses__() for field in own_kind_fields(model)}
    assert found == {"organizations.Organization.parent", "states.State.predecessor"}


def test_parents_in_a_circle_are_refused_however_long_the_way(admin_client, django_assert_num_queries):
    top = organization(name_en="CIS", status="draft")
    middle = organization(parent=top)
    bottom = organization(name_en="Joint force", parent=middle)
    response = submit(admin_client, Organization, top.pk, parent=bottom)
    assert errors(response) == {
        "parent": "“Joint force” leads back to this one by its own “part of”. "
        "Choose another, or change that one first."
    }
    top.refresh_from_db()
    assert top.parent is None
    assert saved(submit(admin_client, Organization, top.pk, parent=organization(parent=organization())))
    bottom.parent = top
    with django_assert_num_queries(3):
        refuse_circles(bottom)


def test_nothing_is_its_own_predecessor(admin_client):
    row = state("SUN", status="draft")
    assert errors(submit(admin_client, State, row.pk, predecessor=row)) == {
        "predecessor": "This is the entry itself. Choose another, or none."
    }


def test_a_circle_that_is_there_already_can_be_opened_and_does_not_hold_up_what_hangs_on_it():
    first = organization()
    second = organization(parent=first)
    Organization.objects.filter(pk=first.pk).update(parent=second)
    organization(parent=first).validate_unique()
    first.refresh_from_db()
    with pytest.raises(ValidationError):
        first.validate_unique()
    first.parent = None
    first.validate_unique()


@pytest.mark.parametrize(
    ("above", "found"),
    [
        ({}, set()),
        ({1: 2, 2: 3}, set()),
        ({1: 1}, {1}),
        ({1: 2, 2: 3, 3: 2}, {2, 3}),
        ({1: 2, 2: 1, 3: 4, 4: 3, 5: 1}, {1, 2, 3, 4}),
    ],
)
def test_circles_are_found_and_not_what_leads_into_them(above, found):
    assert in_circles(above) == found


def test_two_revisions_that_make_a_circle_together_are_not_both_published():
    """Each is right beside what readers see, until the other is published."""
    first, second = organization(name_en="First"), organization(name_en="Second")
    cite(first), cite(second)
    editor, reviewer = member_of("editor"), member_of("reviewer")
    for row, other in ((first, second), (second, first)):
        version = version_of(row)
        version["own"]["parent_id"] = other.pk
        workflow.propose(row, version, user=editor, reason="its statute")
        workflow.send(row, user=editor)
    workflow.publish(first, user=reviewer)
    with pytest.raises(workflow.Refused, match="“First” leads back to this one"):
        workflow.publish(second, user=reviewer)
    second.refresh_from_db()
    assert second.parent is None
