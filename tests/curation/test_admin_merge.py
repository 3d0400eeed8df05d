"""The page on which a reviewer merges an entry into another."""

import pytest

from apps.people.models import Person
from tests.adminpages import address
from tests.factories import agreement, cite, organization, person, state, visit
from tests.sampling import sample

pytestmark = pytest.mark.django_db


def page(row):
    return address(type(row), "merge", row.pk)


def text_of(response):
    return " ".join(response.content.decode().split())


def test_looked_at_first_and_then_confirmed(as_role):
    client = as_role("reviewer")
    entry, heir = person(name_en="One"), person(name_en="Two")
    trip = visit(visitor=entry)
    cite(entry)
    assert page(entry) in client.get(address(Person, "review", entry.pk)).content.decode()
    assert client.get(page(entry)).status_code == 200
    shown = client.post(page(entry), {"heir": heir.pk, "reason": "One man"})
    text = text_of(shown)
    assert "Led over to “Two”" in text and f"<li>{trip}</li>" in text and "Visits (1)" in text
    assert "Merge into " in text and "is not led back" in text
    entry.refresh_from_db()
    assert entry.status == "published"
    sent = {field.html_name: field.value() for field in shown.context["form"]}
    done = client.post(page(entry), sent | {"_merge": "x"}, follow=True)
    assert "“One” was merged into “Two”." in text_of(done)
    assert "Merged into “Two” (" in text_of(done)
    entry.refresh_from_db()
    trip.refresh_from_db()
    assert (entry.heir, entry.withdrawn_because, trip.visitor) == (heir, "One man", heir)
    assert page(entry) not in done.content.decode()


def test_another_heir_than_the_one_looked_at_is_looked_at_first(as_role):
    client = as_role("reviewer")
    entry, heir, other = person(), person(), person()
    sent = {"heir": other.pk, "reason": "x", "previewed": heir.pk, "_merge": "x"}
    assert client.post(page(entry), sent).context["plan"].heir == other
    entry.refresh_from_db()
    assert entry.status == "published"


def test_what_is_in_the_way_is_listed_and_there_is_no_button(as_role):
    client = as_role("reviewer")
    entry, heir = state("QXA"), state("QXB")
    agreement(parties=[entry, heir], title="A treaty")
    text = text_of(client.post(page(entry), {"heir": heir.pk, "reason": "x"}))
    assert "In the way" in text and "This state is a party already. Delete one of the two first." in text
    assert 'name="_merge"' not in text
    sent = {"heir": heir.pk, "reason": "x", "previewed": heir.pk, "_merge": "x"}
    assert "It cannot be merged yet:" in text_of(client.post(page(entry), sent))
    entry.refresh_from_db()
    assert entry.status == "published"


WRONG = [
    ({}, "heir"),
    ({"heir": "1" + "0" * 30, "reason": "x"}, "heir"),
    ({"heir": "abc\0", "reason": "x"}, "heir"),
    ({"heir": "0", "reason": "x"}, "heir"),
    ({"heir": "itself", "reason": "x"}, "heir"),
    ({"heir": "heir", "reason": " "}, "reason"),
    ({"heir": "heir", "reason": "x" * 301}, "reason"),
    ({"heir": "heir", "reason": "a\x01b"}, "reason"),
    ({"heir": "heir", "reason": "x", "previewed": "1" * 50, "_merge": "x"}, "previewed"),
    ({"heir": "draft", "reason": "x"}, "__all__"),
]


@pytest.mark.parametrize(("given", "field"), sample(WRONG, WRONG[::3]))
def test_what_is_wrong_is_said_at_its_field(as_role, given, field):
    client = as_role("reviewer")
    keys = {"itself": person(), "heir": person(), "draft": person(status="draft")}
    given = given | ({"heir": keys[given["heir"]].pk} if given.get("heir") in keys else {})
    shown = client.post(page(keys["itself"]), given)
    assert shown.status_code == 200 and field in shown.context["form"].errors
    assert shown.context["plan"] is None


def test_only_reviewers_and_only_what_may_be_merged(as_role):
    row = organization()
    assert as_role("editor").get(page(row)).status_code == 403
    client = as_role("reviewer")
    gone = organization(status="withdrawn")
    done = client.get(page(gone), follow=True)
    assert "What is withdrawn, or has a pending revision, is not merged." in text_of(done)
    assert client.get(address(Person, "merge", 10**30)).status_code == 404


def test_every_kind_has_its_heir_offered_by_typing(as_role):
    client = as_role("reviewer")
    entry, heir = person(name_en="One"), person(name_en="Two")
    where = "/admin/autocomplete/?app_label=people&model_name=person&field_name=heir&term=two"
    assert [row["id"] for row in client.get(where).json()["results"]] == [str(heir.pk)]
    assert 'data-field-name="heir"' in client.get(page(entry)).content.decode()
