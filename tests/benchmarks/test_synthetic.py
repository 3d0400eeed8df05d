"""The synthetic databases are as sound as an import's: at the smallest size, which is made in the same way."""

import pytest
from django.db import transaction

from apps.core.fixtures import fixture_models
from apps.core.models import Entry
from apps.relations.index import rebuild
from tests.benchmarks.synthetic.__main__ import make
from tests.benchmarks.synthetic.sizes import SIZES

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]


def written():
    """{model: what its rows say}, keys and moments aside."""
    found = {}
    for model in fixture_models():
        columns = [
            column.attname
            for column in model._meta.concrete_fields
            if not column.is_relation and not column.primary_key and not column.name.endswith("_at")
        ]
        rows = model._base_manager.all()
        found[model] = sorted(
            f"{row.natural_key()} {[getattr(row, name) for name in columns]}" for row in rows
        )
    return found


def test_each_run_makes_the_same():
    with transaction.atomic():
        make(SIZES["XS"], history=False)
        first = written()
        transaction.set_rollback(True)
    make(SIZES["XS"], history=False)
    assert written() == first


@pytest.fixture
def made():
    make(SIZES["XS"], history=True)


def test_index_follows(made):
    difference = rebuild(check=True)
    assert difference.compared > 100
    assert not difference.wrong


def test_sizes_are_kept_and_most_of_it_is_public(made):
    size = SIZES["XS"]
    for model in fixture_models():
        if issubclass(model, Entry):
            rows = model.objects.all()
            assert rows.count() == getattr(size, str(model._meta.verbose_name_plural)), model
            assert rows.published().count() > rows.count() / 2, model
            assert not rows.filter(status="published").uncited().exists()


def test_each_row_is_valid_and_has_a_history(made):
    for model in fixture_models():
        for row in model._base_manager.all():
            row.full_clean()
            assert row.history.count() == 1, row
