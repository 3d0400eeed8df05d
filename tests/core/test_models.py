"""Rules that hold for every model."""

from functools import wraps

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

import tests.agreements.test_models as agreements
import tests.events.test_models as events
import tests.figures.test_models as figures
import tests.organizations.test_models as organizations
import tests.sources.test_models as sources
import tests.states.test_models as states
import tests.visits.test_models as visits
from apps.core.fields import PartialDateField
from apps.core.fixtures import file_name, fixture_models
from apps.core.models import Entry, Named, Recorded, Revision, Span
from apps.sources.models import Citation
from tests import factories
from tests.constraints import check

pytestmark = pytest.mark.django_db

ALL = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
# What is worked out from the entries, or about them (the app curation, tested there), and not curated.
DERIVED = {
    Revision,
    *apps.get_app_config("relations").get_models(),
    *apps.get_app_config("curation").get_models(),
}
OURS = [model for model in ALL if not model.__name__.startswith("Historical") and model not in DERIVED]
ENTRIES = [model for model in OURS if issubclass(model, Entry)]
NAMED = [model for model in OURS if issubclass(model, Named)]
SPANS = [model for model in OURS if issubclass(model, Span)]
CITATIONS = [model for model in OURS if issubclass(model, Citation)]


def for_each(models_):
    """Tries all of them in one test, each a subtest: a test of its own would cost more than what most of them try."""

    def over_all(test):
        @wraps(test, assigned=("__name__", "__doc__"))
        def tried(subtests):
            for model in models_:
                with subtests.test(model=model.__name__):
                    test(model)

        del tried.__wrapped__  # By it pytest would look for a fixture `model`.
        return tried

    return over_all


def make(model, **fields):
    if issubclass(model, Citation):
        entry = fields.pop("entry", None) or make(model.entry_model())
        return factories.cite(entry, **fields)
    names = {"agreementlink": "link", "projectparty": "project_party"}
    name = names.get(model._meta.model_name, model._meta.model_name)
    return getattr(factories, name)(**fields)


# -- What there is of each


def test_there_are_models_to_test():
    assert all([ENTRIES, NAMED, SPANS])
    assert len(CITATIONS) == len(ENTRIES)


@for_each(ENTRIES)
def test_every_entry_has_a_table_of_citations(model):
    citation = model.citations.rel.related_model
    assert citation.__name__ == f"{model.__name__}Citation"
    assert issubclass(citation, Citation)
    assert citation._meta.get_field("entry").remote_field.on_delete is models.CASCADE
    assert citation._meta.get_field("passage").remote_field.on_delete is models.PROTECT


@for_each(ENTRIES + CITATIONS)
def test_every_entry_and_citation_keeps_its_history(model):
    assert issubclass(model, Recorded)
    row = make(model)
    row.note = "Changed."
    row.save()
    later, first = row.history.all()
    assert (later.history_type, later.note, first.history_type) == ("~", "Changed.", "+")
    row.delete()
    assert model.history.filter(history_type="-").count() == 1


@for_each([model for model in OURS if issubclass(model, Recorded) and model._meta.many_to_many])
def test_history_keeps_many_to_many_fields(model):
    kept = {field.name for field in model.history.model._history_m2m_fields}
    assert kept == {field.name for field in model._meta.many_to_many}


@for_each(OURS)
def test_every_model_has_a_natural_key(model):
    row = make(model)
    assert model in fixture_models()
    assert model._default_manager.get_by_natural_key(*row.natural_key()) == row


@for_each(OURS)
def test_every_model_has_a_fixture_file(model):
    assert (settings.BASE_DIR / "fixtures" / file_name(model)).exists()


@for_each(OURS)
def test_every_model_is_in_the_admin(model):
    """By itself, or on the page of what it is a part of."""
    inlines = {inline.model for page in admin.site._registry.values() for inline in page.inlines}
    assert model in admin.site._registry or model in inlines


@for_each(ENTRIES)
def test_every_entry_has_an_api_and_an_address(model):
    row = make(model)
    assert resolve(row.api_url).view_name == f"api:{model._meta.model_name}-detail"
    if model._meta.model_name != "succession":
        assert resolve(row.get_absolute_url()).view_name == f"{model._meta.model_name}-detail"


@for_each(ENTRIES)
def test_every_kind_of_entry_has_what_pages_need(model):
    row = make(model)
    for word in ("for_title", "for_list", "for_detail"):
        assert getattr(model.objects, word)().get(pk=row.pk) == row
    with CaptureQueriesContext(connection) as asked:
        assert str(model.objects.for_title().get(pk=row.pk))
    assert len(asked) == 1


@for_each(OURS)
def test_every_order_is_settled(model):
    """The last field of it tells any two rows apart, so that pages never repeat or lose a row."""
    last = model._meta.ordering[-1].lstrip("-")
    assert last == "pk" or model._meta.get_field(last).unique


@for_each(OURS)
def test_a_row_is_spelled_out(model):
    assert str(make(model)).strip()


@for_each(OURS)
def test_rows_made_for_tests_are_valid(model):
    make(model).full_clean()


@for_each(OURS)
def test_rows_are_protected_from_what_they_refer_to(model):
    """Only a part goes with its whole."""
    keys = [field for field in model._meta.concrete_fields if field.many_to_one]
    cascading = [field.name for field in keys if field.remote_field.on_delete is models.CASCADE]
    assert cascading in ([], ["entry"], ["agreement"], ["event"], ["project"], ["party"], ["source"])
    assert all(field.remote_field.on_delete in (models.PROTECT, models.CASCADE) for field in keys)


@for_each(OURS)
def test_text_is_never_null(model):
    """One way to say nothing: blank."""
    texts = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField))
    ]
    assert not [field.name for field in texts if field.null]


@for_each(OURS)
def test_every_partial_date_has_bounds(model):
    names = {field.name for field in model._meta.concrete_fields}
    for field in model._meta.concrete_fields:
        if isinstance(field, PartialDateField) and field.bounded:
            assert {f"{field.name}_earliest", f"{field.name}_latest"} <= names


# -- The constraints that many tables share, and a test for each of the others


def status_unknown(model):
    return lambda: make(model, status="secret")


def inferred(model, **fields):
    return lambda: make(model, basis="inferred", **fields)


def repeated(model):
    row = make(model)
    return make(model, entry=row.entry, passage=row.passage)


def disordered(model):
    row = make(model)
    model.objects.filter(pk=row.pk).update(start_earliest="2000-01-01", start_latest="1999-01-01")


SHARED = {}
for _model in ENTRIES:
    SHARED[f"{_model._meta.label_lower.replace('.', '_')}_status_known"] = (
        lambda model=_model: [make(model, status=status) for status in model.Status],
        status_unknown(_model),
    )
    SHARED[f"{_model._meta.label_lower.replace('.', '_')}_inferred_has_note"] = (
        inferred(_model, note="From the next sentence."),
        inferred(_model),
    )
    SHARED[f"{_model._meta.label_lower.replace('.', '_')}_only_withdrawn_has_reason"] = (
        lambda model=_model: make(model, status="withdrawn", withdrawn_because="Twice the same."),
        lambda model=_model: make(model, withdrawn_because="Twice the same."),
    )
for _model in NAMED:
    SHARED[f"{_model._meta.label_lower.replace('.', '_')}_has_name"] = (
        lambda model=_model: make(model, name_en="A"),
        lambda model=_model: make(model, name_en=""),
    )
for _model in SPANS:
    SHARED[f"{_model._meta.label_lower.replace('.', '_')}_bounds_in_order"] = (
        lambda model=_model: make(model, start="1992", end="1992"),
        lambda model=_model: disordered(model),
    )
for _model in CITATIONS:
    SHARED[f"{_model._meta.label_lower.replace('.', '_')}_unique"] = (
        lambda model=_model: make(model, field="note"),
        lambda model=_model: repeated(model),
    )
    SHARED[f"{_model._meta.label_lower.replace('.', '_')}_contradiction_has_claim"] = (
        lambda model=_model: make(model, stance="contradicts", claim="In 1994."),
        lambda model=_model: make(model, stance="contradicts"),
    )
OWN = [module.CONSTRAINTS for module in (sources, states, organizations, visits, agreements, events, figures)]


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", SHARED)
def test_shared_constraint(name):
    check(name, *SHARED[name])


def test_every_constraint_is_tested():
    there = {constraint.name for model in OURS for constraint in model._meta.constraints}
    assert there == set(SHARED).union(*OWN)


@for_each(OURS)
def test_every_check_says_what_is_wrong(model):
    """In words for the curator, not by the name of the constraint."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            assert str(constraint.violation_error_message).endswith("."), constraint.name
            assert "Constraint" not in str(constraint.violation_error_message), constraint.name


@for_each(ENTRIES)
def test_an_inferred_entry_is_refused_in_words(model):
    row = make(model)
    row.basis = "inferred"
    with pytest.raises(ValidationError, match="needs a note that says how it was concluded"):
        row.full_clean()


@for_each(ENTRIES)
def test_public_identifiers_are_unique(model):
    row = make(model)
    twin = make(model)
    setattr(twin, model.public_id_field, row.public_id)
    with pytest.raises(ValidationError, match="already exists"):
        twin.full_clean()
