"""What the migrations do to rows that are there already."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, models

from tests import factories

pytestmark = pytest.mark.django_db

FOLDED = {
    "sources.migrations.0003_fold_texts": (
        factories.source,
        {"title": "Ұлы Жол", "authors": "Ákiner"},
        "ұлы жол\nakiner",
    ),
    "organizations.migrations.0003_fold_texts": (factories.office, {"title": "Première"}, "premiere"),
    "visits.migrations.0004_fold_texts": (factories.visit, {"occasion": "A  Congress"}, "a congress"),
}


@pytest.mark.parametrize("migration", FOLDED)
def test_texts_that_are_there_are_folded(migration):
    make, fields, folded = FOLDED[migration]
    row = make(**fields)
    rows = type(row)._base_manager.filter(pk=row.pk)
    models.QuerySet.update(rows, search_text="")
    assert rows.values_list("search_text", flat=True).get() == ""
    import_module(f"apps.{migration}").fold_texts(apps, connection.schema_editor())
    assert rows.values_list("search_text", flat=True).get() == folded
