from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from apps.figures.models import Figure
from tests.constraints import check
from tests.factories import figure, organization, state

pytestmark = pytest.mark.django_db

MONEY = {"unit": "money", "currency": "USD"}


def with_itself():
    row = state()
    return figure(of_state=row, with_state=row)


def organization_with_itself():
    body = organization()
    figure(of_organization=body, with_organization=body)


CONSTRAINTS = {
    "figures_figure_has_title": (figure, lambda: figure(title="")),
    "figures_figure_money_has_currency": (
        lambda: (figure(**MONEY), figure(unit="km")),
        lambda: figure(unit="money"),
    ),
    "figures_figure_not_negative": (lambda: figure(value=0), lambda: figure(value=-1)),
    "figures_figure_of_one": (
        lambda: (figure(of_state=state()), figure(of_organization=organization())),
        lambda: figure(of_state=state(), of_organization=organization()),
    ),
    "figures_figure_with_one": (
        lambda: (figure(with_state=state()), figure(with_organization=organization())),
        lambda: figure(with_state=state(), with_organization=organization()),
    ),
    "figures_figure_with_another": (lambda: figure(of_state=state(), with_state=state()), with_itself),
    "figures_figure_with_another_organization": (
        lambda: figure(of_organization=organization(), with_organization=organization()),
        organization_with_itself,
    ),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraint(name):
    check(name, *CONSTRAINTS[name])


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("figures_figure_money_has_currency", {"unit": "km", "currency": "USD"}),
        ("figures_figure_of_one", {"of_state": None}),
    ],
)
def test_constraint_from_its_other_side(name, wrong):
    check(name, figure, lambda: figure(**wrong))


def test_an_organization_may_share_a_figure_with_any_state():
    other = state()
    assert figure(of_organization=organization(), with_state=other).shared_with == other


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value": 27_000_000_000, **MONEY}, "27,000,000,000 US dollars"),
        ({"value": 1, **MONEY}, "1 US dollar"),
        ({"value": "1500000.5", **MONEY}, "1,500,000.5 US dollars"),
        ({"value": 5, "unit": "money", "currency": "EUR"}, "5 euros"),
        ({"value": 5, "unit": "money", "currency": "XQX"}, "5 XQX"),
        ({"value": 7500, "unit": "km"}, "7,500 kilometres"),
        ({"value": "0.25", "unit": "km"}, "0.25 kilometres"),
        ({"value": 1, "unit": "km"}, "1 kilometre"),
        ({"value": "300.5", "unit": "ha"}, "300.5 hectares"),
        ({"value": 10, "unit": "years"}, "10 years"),
        ({"value": 1, "unit": "years"}, "1 year"),
        ({"value": 3_400_000, "unit": "people"}, "3,400,000 people"),
        ({"value": 41, "unit": "states"}, "41 states"),
        ({"value": 12, "unit": "members"}, "12 members"),
        ({"value": 3, "unit": "sites"}, "3 sites"),
        ({"value": 20, "unit": "instruments"}, "20 instruments"),
        ({"value": 9, "unit": "rank"}, "number 9"),
        ({"value": "1000.1234", "unit": "other"}, "1,000.1234"),
        ({"value": 0, "unit": "people"}, "0 people"),
        ({"value": 1, "unit": "people"}, "1 person"),
        ({"value": 1, "unit": "states"}, "1 state"),
        ({"value": 1, "unit": "members"}, "1 member"),
        ({"value": 1, "unit": "sites"}, "1 site"),
        ({"value": 1, "unit": "instruments"}, "1 instrument"),
        ({"value": "1.5", "unit": "members"}, "1.5 members"),
        ({"value": "1.2345", **MONEY}, "1.2345 US dollars"),
        ({"value": "0.1234", "unit": "km"}, "0.1234 kilometres"),
    ],
)
def test_words_of_a_unit(fields, words):
    row = figure(**fields)
    row.refresh_from_db()
    assert row.words == words


@pytest.mark.parametrize(
    ("comparison", "approximate", "words"),
    [
        ("exactly", False, "300 kilometres"),
        ("exactly", True, "about 300 kilometres"),
        ("at_least", False, "at least 300 kilometres"),
        ("more_than", False, "more than 300 kilometres"),
        ("more_than", True, "more than about 300 kilometres"),
        ("up_to", False, "up to 300 kilometres"),
    ],
)
def test_words_of_a_comparison(comparison, approximate, words):
    assert figure(comparison=comparison, approximate=approximate).words == words


@pytest.mark.parametrize("value", ["300", "300.0000", "3E+2"])
def test_words_have_no_more_decimals_than_the_number(value):
    assert figure(value=Decimal(value)).words == "300 kilometres"


def test_every_unit_has_words_in_every_language():
    for language in ("en", "kk", "ru"):
        with translation.override(language):
            for unit in Figure.Unit.values:
                currency = "USD" if unit == "money" else ""
                for comparison in Figure.Comparison.values:
                    row = Figure(
                        value=27, unit=unit, currency=currency, comparison=comparison, approximate=True
                    )
                    assert "27" in row.words, (language, unit)


@pytest.mark.parametrize(("language", "word"), [("kk", "километр"), ("ru", "километров")])
def test_words_are_in_the_readers_language(language, word):
    with translation.override(language):
        assert word in Figure(value=7500, unit="km").words


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (MONEY | {"currency": ""}, "Money needs its currency, and nothing else has one."),
        ({"currency": "USD"}, "Money needs its currency, and nothing else has one."),
        ({"value": -1}, "The value is not negative."),
    ],
)
def test_wrong_figure_is_refused_with_what_to_do(fields, message):
    given = {"slug": "x", "title": "X", "measure": "length", "value": 1, "unit": "km", "of_state": state()}
    with pytest.raises(ValidationError) as error:
        Figure(**given | fields).full_clean()
    assert error.value.messages == [message]


def test_rows_say_what_they_are():
    ours, union = state(name_en="Kazakhstan"), organization(name_en="Union")
    row = figure(title="Trade", of_state=ours, with_organization=union)
    assert (str(row), row.of, row.shared_with) == ("Trade", ours, union)
    assert figure(of_organization=union).shared_with is None


def test_natural_key():
    row = figure()
    assert Figure.objects.get_by_natural_key(*row.natural_key()) == row
