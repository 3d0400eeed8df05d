"""The data that comes with the project."""

import pytest
from django.conf import settings
from django.core.management import call_command

from apps.core.fixtures import file_name, fixture_models

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded"), pytest.mark.exhaustive]


def test_files_are_in_canonical_form(tmp_path):
    """Otherwise: `manage.py dump_fixtures`, on a database that holds nothing but the seed."""
    call_command("dump_fixtures", fixtures=tmp_path, verbosity=0)
    for model in fixture_models():
        name = file_name(model)
        assert (tmp_path / name).read_text() == (settings.BASE_DIR / "fixtures" / name).read_text(), name


@pytest.mark.parametrize("model", fixture_models(), ids=lambda model: model.__name__)
def test_every_row_is_valid(model):
    """The constraints, for which `full_clean` would ask the database row by row, it has vouched for already."""
    assert model.objects.exists()
    for row in model.objects.all():
        row.full_clean(validate_constraints=False)


@pytest.mark.parametrize("model", [model for model in fixture_models() if hasattr(model, "citations")])
def test_every_entry_is_published_and_cited(model):
    assert not model.objects.exclude(status="published").exists()
    assert not model.objects.uncited().exists()


@pytest.mark.parametrize("model", [model for model in fixture_models() if hasattr(model, "history")])
def test_every_row_has_its_first_record(model):
    assert model.history.count() == model.objects.count()
