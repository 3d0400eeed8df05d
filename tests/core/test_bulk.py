"""Rows written many at a time are what rows saved one by one are."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from apps.core.bulk import insert, reserve, update
from apps.core.writing import Writer
from apps.organizations.models import Membership
from apps.people.models import Person
from tests.factories import membership, organization, person, state

pytestmark = pytest.mark.django_db


def people(*names):
    return [Person(slug=name, name_en=name.title(), status="published") for name in names]


def test_insert_writes_what_save_would():
    (row,) = insert_all(Person(slug="a", name_en="Ә", aliases="B\nÉ"))
    saved = Person.objects.get(pk=row.pk)
    assert (saved.name_en, saved.search_text, saved.updated_at) == ("Ә", "ә\nb\ne", row.updated_at)
    span = Membership(slug="m", member_state=state(), organization=organization(), start="1992", end="..")
    insert(Membership, [span])
    other = membership(start="1992", end="..")
    bounds = ("start_earliest", "start_latest", "end_earliest", "end_latest", "start", "end")
    rows = Membership.objects.values(*bounds)
    assert rows.get(pk=span.pk) == rows.get(pk=other.pk)


def insert_all(*rows):
    insert(type(rows[0]), list(rows))
    return rows


def test_keys_follow_those_that_there_are_and_are_never_given_twice():
    first = person()
    a, b = insert_all(*people("a", "b"))
    last = b.pk
    assert first.pk < a.pk < last
    b.delete()
    (c,) = insert_all(*people("c"))
    assert last < c.pk < person().pk


def test_reserved_keys_differ():
    keys = [*reserve(Person, 3)]
    assert len({*keys}) == 3


def test_what_is_refused_has_no_key():
    rows = people("a", "a")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Person, rows)
    assert [row.pk for row in rows] == [None, None]


def test_update_writes_all_columns():
    one, other = person(name_en="A"), person(name_en="B")
    one.name_en, other.note = "Ж", "New."
    update(Person, [one, other])
    assert [*Person.objects.order_by("pk").values_list("name_en", "note", "search_text")] == [
        ("Ж", "", "ж"),
        ("B", "New.", "b"),
    ]


class Given:
    """What a Writer is given."""

    def __init__(self, instance):
        self.instance, self.links = instance, {}


def test_the_rows_that_the_database_refuses_are_found_and_the_others_written():
    person(slug="c")
    drafts = [Given(row) for row in people(*"abcdeafgh")]
    left = Writer(reason="x").write(Person, drafts)
    assert [drafts.index(draft) for draft, _error in left] == [2, 5]
    assert sorted(Person.objects.values_list("slug", flat=True)) == [*"abcdefgh"]
    assert Person.history.filter(history_change_reason="x").count() == 7
    assert [draft.instance.pk for draft, _error in left] == [None, None]


def test_a_label_is_that_of_the_readers_language():
    for language in ("en", "ru"):
        with translation.override(language):
            label = str(Membership.Standing.OBSERVER.label)
            assert Membership(standing="observer").get_standing_display() == label
    assert Membership(standing="odd").get_standing_display() == "odd"
