import pytest
from django.test import RequestFactory

from apps.core.asof import AsOfForm


def form(query):
    return AsOfForm.of(RequestFactory().get("/", query))


@pytest.mark.parametrize("text", ["2012", "2012-07", "2012-07-01", " 2012 "])
def test_day_month_and_year_are_read(text):
    assert str(form({"as_of": text}).day) == text.strip()


@pytest.mark.parametrize("query", [{}, {"as_of": ""}, {"other": "2012"}])
def test_no_day_asked_for_is_no_fault(query):
    asked = form(query)
    assert asked.day is None and not asked.errors


@pytest.mark.parametrize("text", ["2012?", "2012~", "199X", "2001-23", "[2001..2003]", "2001/2003", ".."])
def test_vague_time_is_no_question(text):
    asked = form({"as_of": text})
    assert asked.day is None
    assert asked.errors["as_of"] == ["Ask for a day, a month or a year: 2012-07-01, 2012-07 or 2012."]


def test_bad_date_is_answered_with_the_right_one():
    assert "2001-02-28" in form({"as_of": "2001-02-29"}).errors["as_of"][0]
