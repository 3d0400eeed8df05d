"""The words of values on a page."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from apps.core.dates import PartialDate
from apps.core.templatetags import reading
from tests.factories import agreement, cite, membership, passage


def test_bounds_give_the_notation_and_the_days():
    assert (
        reading.bounds(PartialDate.parse("1993-02"))
        == "1993-02: between 1 February 1993 and 28 February 1993"
    )
    assert reading.bounds(PartialDate.parse("")) == ""


def test_span_bounds_say_both_ends(db):
    words = reading.span_bounds(membership(start="1992", end="2005"))
    assert words == (
        "began between 1 January 1992 and 31 December 1992; ended between 1 January 2005 and 31 December 2005"
    )


@pytest.mark.parametrize(
    ("amount", "language", "words"),
    [
        ("1000000000.00", "en", "1,000,000,000"),
        ("978100000.50", "en", "978,100,000.5"),
        ("0", "en", "0"),
        ("1234567.89", "ru", "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,89"),
    ],
)
def test_money(amount, language, words):
    with override(language):
        assert reading.money(Decimal(amount)) == words


def test_a_passage_cited_twice_has_one_mark(db):
    entry, here, there = agreement(), passage(), passage()
    cite(entry, here)
    cite(entry, here, field="signed")
    cite(entry, there)
    cite(entry, there, stance="contradicts", claim="1994", field="signed")
    assert list(reading.by_passage(entry.citations.all())) == [(here, ""), (there, "1994")]


def test_field_labels_are_words_also_for_parts(db):
    entry = agreement()
    assert reading.field_label(entry, "in_force") == "entry into force"
    assert reading.field_label(entry, "parties") == "parties"
