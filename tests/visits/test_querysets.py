from datetime import date

import pytest

from apps.visits.models import Visit
from tests.factories import cite, person, place, state, visit

pytestmark = pytest.mark.django_db


def test_latest_first_puts_undated_visits_last():
    rows = [visit(date=text) for text in ("", "1993", "2004-05", "1993-06")]
    assert list(Visit.objects.latest_first()) == [rows[2], rows[3], rows[1], rows[0]]


def test_latest_first_is_settled_where_dates_are_the_same():
    rows = [visit(date="1993") for _ in range(3)]
    assert list(Visit.objects.latest_first()) == rows


def test_between_keeps_what_may_lie_within():
    rows = {visit(date="1993"), visit(date="[1992..1997]"), visit()}
    visit(date="1994")
    assert set(Visit.objects.between(date(1993, 3, 1), date(1993, 3, 31))) == rows


def test_as_of_says_whether_it_had_happened():
    before, maybe = visit(date="1992"), visit(date="1993")
    visit(date="1994")
    found = Visit.objects.as_of(date(1993, 7, 1))
    assert {row: row.holds for row in found} == {before: "certain", maybe: "possible"}


def test_concerning_to_and_sent_by():
    china = state("CHN")
    there, back = visit(host=china), visit(sent_by_state=china)
    visit()
    assert set(Visit.objects.concerning(china)) == {there, back}
    assert Visit.objects.to(china).get() == there
    assert Visit.objects.sent_by(china).get() == back


def test_linking_two_states_either_way():
    ours, theirs = state("KAZ"), state("CHN")
    rows = {visit(sent_by_state=ours, host=theirs), visit(sent_by_state=theirs, host=ours)}
    visit(sent_by_state=ours), visit(host=theirs), visit(sent_by_state=ours, host=ours)
    assert set(Visit.objects.linking(ours, theirs)) == rows


def test_with_a_person_as_visitor_or_met():
    somebody = person()
    rows = {visit(visitor=somebody), visit(met=[somebody, person()])}
    visit()
    assert set(Visit.objects.with_person(somebody)) == rows
    assert Visit.objects.with_person(somebody).count() == 2


def test_matching_looks_at_the_visitor():
    row = visit(visitor=person(name_en="Hu Jintao", aliases="Ху Цзиньтао"))
    visit()
    assert Visit.objects.matching("ЦЗИНЬТАО").get() == row


def test_for_detail_reads_all_at_once(django_assert_max_num_queries):
    row = visit(places=[place(), place()], met=[person(), person()])
    cite(row), cite(row)
    with django_assert_max_num_queries(7):
        found = Visit.objects.for_detail().get()
        assert str(found), found.sent_by
        assert [str(each) for name in ("places", "met", "outcomes") for each in getattr(found, name).all()]
        assert [str(citation.passage) for citation in found.citations.all()]
