import pytest

from apps.states.models import Place, State
from tests.factories import cite, place, state

pytestmark = pytest.mark.django_db


def test_focus(settings):
    state("CHN")
    row = state("KAZ")
    assert State.objects.focus() == row
    settings.FOCUS_STATE = "USA"
    assert State.objects.focus() is None
    state("USA", status="draft")
    assert State.objects.focus() is None


def test_for_detail_reads_all_at_once(django_assert_num_queries):
    union = state()
    cite(union)
    state(predecessor=union)
    with django_assert_num_queries(3):
        row = State.objects.for_detail().get(code=union.code)
        assert [str(found) for found in row.successors.all()]
        assert [str(found.passage) for found in row.citations.all()]
        assert row.predecessor is None


@pytest.mark.parametrize("text", ["Семей", "СЕМЕЙ", "semipalat", "Sémey"])
def test_matching_finds_a_place_by_any_of_its_names(text):
    row = place(name_en="Semey", name_ru="Семей", aliases="Semipalatinsk")
    place()
    assert Place.objects.matching(text).get() == row


def test_natural_keys():
    for row in (state(), place()):
        assert type(row).objects.get_by_natural_key(*row.natural_key()) == row


def test_for_detail_has_no_successor_that_is_hidden():
    union = state("SUN")
    shown = state(predecessor=union)
    state(predecessor=union, status="draft")
    assert list(State.objects.for_detail().get(code="SUN").successors.all()) == [shown]
