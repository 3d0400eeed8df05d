import pytest
from django.core.management import call_command
from django.db import transaction

from apps.core.dataset_export import export
from apps.core.seeding import holds_data
from tests.core.fixture_sets import FixtureSet


@pytest.fixture
def dataset(tmp_path):
    """The export of a database that has a row of every kind; the database itself is empty again."""
    fixtures = tmp_path / "fixtures"
    fixtures.mkdir()
    with transaction.atomic():
        call_command("seed", fixtures=FixtureSet(fixtures).directory, verbosity=0)
        export(tmp_path / "dataset")
        transaction.set_rollback(True)
    assert not holds_data()
    return tmp_path / "dataset"
