"""A public entry gets another slug by a revision, and its old address leads to the new one."""

import pytest

from apps.organizations.models import Organization
from apps.people.models import Person
from apps.states.models import State
from tests.adminpages import address, errors, saved, submit
from tests.factories import cite, organization, state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def focus(db):
    return state("KAZ")


def accept(as_role, row):
    for role, step in (("editor", "send"), ("reviewer", "publish")):
        answer = as_role(role).post(address(type(row), "step", row.pk), {"step": step}, follow=True)
        assert "done" in " ".join(map(str, answer.context["messages"]))


def rename(as_role, row, **identifier):
    assert saved(submit(as_role("editor"), type(row), row.pk, change_reason="as it is called", **identifier))


def test_readers_see_the_old_address_until_it_is_accepted_and_are_led_on_then(as_role, client):
    row = organization(slug="old")
    cite(row)
    rename(as_role, row, slug="new")
    assert client.get("/organizations/old/").status_code == 200
    assert client.get("/organizations/new/").status_code == 404
    accept(as_role, row)
    for prefix in ("", "/api/v1"):
        answer = client.get(
            f"{prefix}/organizations/old/?x=1" if not prefix else f"{prefix}/organizations/old/"
        )
        assert (answer.status_code, answer["Location"].split("?")[0]) == (301, f"{prefix}/organizations/new/")
        assert client.get(f"{prefix}/organizations/new/").status_code == 200
    # Back again: its own old address is its own.
    rename(as_role, row, slug="old")
    accept(as_role, row)
    assert client.get("/organizations/new/")["Location"] == "/organizations/old/"
    assert client.get("/organizations/old/").status_code == 200


def test_code_that_was_another_states(as_role):
    """The admin changes no codes; a package of data may."""
    row = state("QAA")
    row.code = "QAB"
    row.save()
    page = submit(as_role("editor"), State, code="qaa", name_en="Another")
    assert "was the public address of another" in errors(page)["code"]


def test_no_other_entry_gets_an_address_that_was_public(as_role):
    row = organization(slug="taken", name_en="Taken")
    row.slug = "moved"
    row.save()
    editor = as_role("editor")
    new = {"name_en": "Taken", "kind": "forum"}
    page = submit(editor, Organization, slug="TAKEN", **new)
    assert "was the public address of another" in errors(page)["slug"]
    # Nor one that is made of its name.
    assert saved(submit(editor, Organization, **new))
    assert Organization.objects.latest("pk").slug == "taken-2"
    assert saved(submit(editor, Person, slug="taken", name_en="A person"))
