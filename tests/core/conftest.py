from shutil import copytree

import pytest
from django.core.management import call_command
from django.db import transaction

from apps.core.dataset_export import export
from apps.core.seeding import holds_data
from tests import factories
from tests.core.fixture_sets import FixtureSet
from tests.hostile.asking import DJANGO, one_connection


@pytest.fixture(scope="session")
def exported(django_db_setup, django_db_blocker, tmp_path_factory):
    """The export of a database that has a row of every kind; the database itself is empty again."""
    scratch = tmp_path_factory.mktemp("exported")
    (scratch / "fixtures").mkdir()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", fixtures=FixtureSet(scratch / "fixtures").directory, verbosity=0)
        export(scratch / "dataset")
        transaction.set_rollback(True)
    return scratch / "dataset"


@pytest.fixture
def dataset(exported, tmp_path, db):
    """The same, to be spoiled. Nothing of it is in the database."""
    assert not holds_data()
    return copytree(exported, tmp_path / "dataset")


@pytest.fixture
def site(db):
    """Django by itself, to be asked as a server does, with the state that it is about and another."""
    factories.state("KAZ")
    factories.state("CHN", name_en="China")
    with one_connection():
        yield DJANGO
