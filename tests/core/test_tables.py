"""The cells of a dataset: whatever a row has comes back from them as it was."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from hypothesis import given, strategies as st

from apps.core.dates import PartialDate
from apps.core.fields import PartialDateField
from apps.core.fixture_files import Wrong
from apps.core.fixtures import fixture_models, kept_fields
from apps.core.public_rows import key_fields, public_id
from apps.core.tables import (
    Column,
    columns,
    key_text,
    list_text,
    plain_text,
    read_key,
    read_list,
    safe_cell,
    unsafe_cell,
)
from apps.core.text import NOT_XML
from tests.factories import organization, place, state, visit

# No database keeps a NUL byte, and no encoding half a character.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
keys = st.lists(texts.filter(bool), min_size=1, max_size=4).map(tuple)


@given(keys)
def test_a_key_comes_back(key):
    assert read_key(key_text(key)) == key


@given(st.lists(keys, unique=True))
def test_a_list_of_keys_comes_back(rows):
    assert read_list(list_text(rows)) == sorted(rows)


@given(texts)
def test_a_safe_cell_comes_back_and_is_no_formula(text):
    safe = safe_cell(text)
    assert unsafe_cell(safe) == text
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe == text or safe == f"'{text}"


@pytest.mark.parametrize(
    ("text", "safe"),
    [("=1+1", "'=1+1"), ("'=1", "''=1"), ("-5", "'-5"), ("'Abd", "'Abd"), ("", ""), ("a=b", "a=b")],
)
def test_safe_cell_changes_only_what_a_spreadsheet_would_run(text, safe):
    assert (safe_cell(text), unsafe_cell(safe)) == (safe, text)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (("KAZ",), "KAZ"),
        (("paper", "p-1"), "paper/p-1"),
        (("loan", "KAZ", "signature", "2012/2015"), r"loan/KAZ/signature/2012\/2015"),
        ((("visit",), ("paper", "p 1"), "", "supports"), r"visit/paper/p\ 1//supports"),
    ],
)
def test_how_keys_are_written(key, text):
    assert key_text(key) == text


def test_blanks_around_keys_are_dropped():
    assert read_list(" almaty ; paper / p-1 ") == [("almaty",), ("paper", "p-1")]


def test_a_cell_of_any_length_is_read():
    blanks = " " * 1_000_000
    assert read_key(f"\\x{blanks}y{blanks}") == (f"x{blanks}y",)
    assert read_list(f"\\ a\\ {blanks};{blanks}b") == [(" a ",), ("b",)]
    assert read_key("a\\\\ ") == ("a\\",)


def test_a_backslash_at_the_end_is_refused():
    with pytest.raises(Wrong, match="ends with a backslash"):
        read_key("paper\\")


VALUES = {
    models.BooleanField: st.booleans(),
    models.PositiveIntegerField: st.integers(1, 2**31 - 1),
    models.DecimalField: st.decimals(0, 10**12, places=2, allow_nan=False, allow_infinity=False),
    models.DateField: st.dates(),
    models.TextField: texts.filter(lambda text: not NOT_XML.search(text)),
}


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_a_value_comes_back(kind, data):
    field = kind(
        blank=True, **({"max_digits": 20, "decimal_places": 2} if kind is models.DecimalField else {})
    )
    value = data.draw(VALUES[kind])
    assert Column(field).read(plain_text(value)) == value


@pytest.mark.parametrize("text", ["", "1993", "1993-02", "[1992..1997]", "2012/2015", "199X", "1993?"])
def test_a_partial_date_comes_back(text):
    date_of = Column(PartialDateField())
    assert date_of.read(text) == PartialDate.parse(text)
    assert plain_text(date_of.read(text)) == text


BLANKS = {
    "text": (models.TextField(blank=True), ""),
    "text with a default": (models.CharField(default="en", max_length=2), "en"),
    "number or nothing": (models.PositiveIntegerField(null=True, blank=True, default=1), None),
    "truth": (models.BooleanField(default=False), False),
    "day": (models.DateField(null=True, blank=True), None),
}


@pytest.mark.parametrize(("field", "value"), BLANKS.values(), ids=BLANKS)
def test_what_a_blank_cell_stands_for(field, value):
    assert Column(field).read("") == value


WRONG = {
    "missing": (models.TextField(), "", "missing"),
    "truth": (models.BooleanField(), "yes", "write true or false"),
    "number": (models.IntegerField(), "1.5", "write a whole number"),
    "digits of another script": (models.IntegerField(), "١", "write a whole number"),
    "exponent": (models.DecimalField(max_digits=9, decimal_places=2), "2.7E+10", "without an exponent"),
    "day": (models.DateField(), "31.05.2016", "write a day as 2016-05-31"),
    "no such day": (models.DateField(), "2016-02-30", "invalid date"),
    "date": (PartialDateField(), "1993-13", "13"),
    "NUL": (models.TextField(), "a\0b", "NUL byte"),
    "half a character": (models.TextField(), "\ud800", "half a character"),
    "too long": (models.CharField(max_length=2), "abc", "at most 2"),
}


@pytest.mark.parametrize(("field", "text", "words"), WRONG.values(), ids=WRONG)
def test_what_no_cell_can_hold(field, text, words):
    with pytest.raises((Wrong, ValidationError), match=words):
        Column(field).read(text)


def test_a_spreadsheets_words_are_read():
    assert Column(models.BooleanField()).read("TRUE") is True
    assert Column(models.DateField()).read(" 2016-05-31 ") == date(2016, 5, 31)
    assert Column(models.DecimalField(max_digits=9, decimal_places=2)).read("12.5") == Decimal("12.50")


# -- What must hold of all models for the cells to be unambiguous


@pytest.mark.parametrize("model", fixture_models(), ids=lambda model: model.__name__)
def test_no_text_can_be_nothing_as_well_as_empty(model):
    for field in kept_fields(model):
        if isinstance(field, (models.CharField, models.TextField)):
            assert not field.null, field


@pytest.mark.parametrize("model", fixture_models(), ids=lambda model: model.__name__)
def test_what_rows_refer_to_is_found_by_its_key(model):
    """One column has it, or it begins with that of the whole."""
    for field in kept_fields(model):
        if field.is_relation and not public_id(field.related_model):
            whole, *_rest = key_fields(field.related_model)
            assert whole.many_to_one and public_id(whole.related_model), field


# -- Rows


@pytest.mark.django_db
def test_cell_names_only_what_is_public():
    hidden, shown = state(status="draft"), state("CHN")
    assert cells(organization(state=hidden))["state"] == ""
    assert cells(organization(state=shown))["state"] == "CHN"
    row = visit(host=shown)
    row.places.set([place(slug="b"), place(slug="a")])
    assert cells(row)["places"] == "a;b"


def cells(row):
    return {column.name: column.cell(row) for column in columns(type(row))}
