import pytest

from apps.core.text import fold, lines
from apps.people.models import Person
from apps.states.models import State
from tests.factories import cite, person, state

pytestmark = pytest.mark.django_db


def test_published():
    row = person()
    for status in ("draft", "in_review", "withdrawn"):
        person(status=status)
    assert Person.objects.published().get() == row


def test_uncited():
    """A passage that contradicts an entry does not support it."""
    cited, bare, doubted = person(), person(), person()
    cite(cited), cite(cited)
    cite(doubted, stance="contradicts", claim="Somebody else.")
    assert set(Person.objects.uncited()) == {bare, doubted}


def test_with_citations_costs_one_query_however_many_rows(django_assert_num_queries):
    for _ in range(3):
        cite(person())
    with django_assert_num_queries(2):
        for row in Person.objects.with_citations():
            assert [str(citation.passage) for citation in row.citations.all()]


@pytest.mark.parametrize("text", ["қазақстан", "ҚАЗАҚСТАН", "Kazakstan", "республика  казахстан", "kazakhs"])
def test_matching(text):
    row = state(
        name_en="Kazakhstan",
        name_kk="Қазақстан",
        name_ru="Казахстан",
        aliases="Kazakstan\nРеспублика Казахстан",
    )
    state()
    assert State.objects.matching(text).get() == row


@pytest.mark.parametrize("text", ["%", "_", "\\", "x" * 1000])
def test_matching_takes_signs_as_they_are(text):
    state(name_en="A")
    assert not State.objects.matching(text).exists()


def test_matching_does_not_run_from_one_name_into_the_next():
    state(name_en="One", aliases="Two")
    assert not State.objects.matching("one two").exists()


def test_fold():
    assert fold("  ÉLYSÉE\t Palace ") == "elysee palace"
    assert fold("ŞANGHAY ß") == "sanghay ss"
    assert fold("Ёлкин") == "елкин"


def test_lines():
    assert lines(" a \r\n\n b") == ["a", "b"]
