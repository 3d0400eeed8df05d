import os

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client, override_settings

from tests.databases import migrated
from tests.hostile.server import serving


@pytest.fixture
def _django_db_helper():
    """In place of pytest-django's: no transaction around a test, and no flush after it.

    Within a transaction PostgreSQL refuses whatever follows an error, so that a page that copes with a wrong value
    would seem to fail; to fill the database afresh for each of some hundred tests would take minutes.
    """


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """The project's own data, committed and released, and the session of a curator who may do everything."""
    releases = override_settings(RELEASES_ROOT=tmp_path_factory.mktemp("releases"))
    with django_db_blocker.unblock(), releases:
        call_command("seed", verbosity=0)
        call_command("release", verbosity=0)
        Group.objects.create(name="Reviewers")
        client = Client()
        client.force_login(User.objects.create_superuser("curator", password="x"))
        User.objects.create_user("aigul")
        yield client.cookies["sessionid"].value
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def server():
    """(its address, the file of its log) of the site as it runs for real."""
    with serving(os.environ.get("DATABASE_URL", ""), migrated()) as server:
        yield server
