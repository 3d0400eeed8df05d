import pytest
from django.db.models import ProtectedError

from tests.constraints import check
from tests.factories import organization, person, state, visit

pytestmark = pytest.mark.django_db

CONSTRAINTS = {
    "visits_visit_one_sender": (
        lambda: (visit(sent_by_state=state()), visit(sent_by_organization=organization())),
        lambda: visit(sent_by_state=state(), sent_by_organization=organization()),
    ),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraint(name):
    check(name, *CONSTRAINTS[name])


def test_a_visit_says_who_went_where_and_when():
    row = visit(visitor=person(name_en="A"), host=state(name_en="B"), date="1993-02")
    assert str(row) == "A to B, February 1993"
    row.date = ""
    assert str(row) == "A to B, date not recorded"


def test_a_visit_is_sent_by_one():
    sender = organization()
    assert visit(sent_by_organization=sender).sent_by == sender


def test_who_was_met_cannot_be_deleted_with_the_visit():
    met = person()
    visit(met=[met]).delete()
    met.refresh_from_db()


def test_a_visitor_cannot_be_deleted():
    with pytest.raises(ProtectedError):
        visit().visitor.delete()
