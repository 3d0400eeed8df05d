import pytest

from apps.people.models import Person
from tests.factories import office, person, state, visit

pytestmark = pytest.mark.django_db


def test_concerning_a_state():
    china = state("CHN")
    officer = office(body_state=china).holder_person
    envoy = visit(sent_by_state=china).visitor
    visit(host=china)
    office(body_state=china, status="draft")
    person()
    assert set(Person.objects.concerning(china)) == {officer, envoy}


def test_concerning_names_a_person_once():
    china = state("CHN")
    officer = office(body_state=china).holder_person
    office(body_state=china, holder_person=officer)
    visit(sent_by_state=china, visitor=officer)
    assert Person.objects.concerning(china).get() == officer


def test_matching():
    row = person(name_en="Vladimir Putin", name_ru="Владимир Путин")
    person()
    assert Person.objects.matching("ПУТИН").get() == row
    assert not Person.objects.matching("%").exists()
