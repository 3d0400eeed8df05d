import pytest

from apps.people.models import Person
from tests.adminpages import errors, saved, submit

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

TYPED = {"name_en": "Nursultan Nazarbayev", "basis": "stated"}


def test_person_gets_a_slug_of_the_name(admin_client):
    assert saved(submit(admin_client, Person, **TYPED))
    assert Person.objects.get().slug == "nazarbayev-nursultan"


def test_slug_typed_by_the_curator_is_taken(admin_client):
    assert saved(submit(admin_client, Person, **TYPED | {"name_en": "Xi Jinping", "slug": "xi-jinping"}))
    assert Person.objects.get().slug == "xi-jinping"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"name_en": "习近平"}, "slug"),
        ({"slug": "si tszinpin"}, "slug"),
        ({"basis": "inferred"}, "note"),
        ({"aliases": "a\0b"}, "aliases"),
    ],
)
def test_what_the_database_refuses_is_answered_at_the_field(values, field, admin_client):
    assert errors(submit(admin_client, Person, **TYPED | values)).keys() == {field}
    assert not Person.objects.exists()
