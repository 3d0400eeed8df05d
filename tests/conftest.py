import gc
import os
import shutil
import sqlite3
from contextlib import closing

import hypothesis
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.signals import connection_created
from django.test import override_settings

from apps.core.call_stack import with_room
from tests import databases

CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
# Set where the browser tests must not be left out.
REQUIRE_BROWSER = bool(os.environ.get("REQUIRE_BROWSER"))
NO_CHROMIUM = "no Chromium was found (Debian: apt-get install chromium)"
# For `make quick`, in place of a hundred examples of each property.
hypothesis.settings.register_profile("quick", max_examples=20)


def pytest_configure(config):
    if not is_worker(config):
        databases.begin_run(early=bool(config.getoption("numprocesses", None)))


def pytest_collection_finish():
    """Python looks for garbage less often, and not among the thousands of tests, which stay until the end."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_unconfigure(config):
    if not is_worker(config):
        databases.end_run()


def is_worker(config):
    """Of pytest-xdist, which has the environment of the process that began it."""
    return hasattr(config, "workerinput")


@pytest.hookimpl(hookwrapper=True)
def pytest_collection_modifyitems(items):
    """Marks them before `-m` chooses among them, and sorts them after pytest-django has."""
    for item in items:
        # pytest calls a test from so deep that calls of Django's stand where a piece of the stack ends: a tenth of the
        # time. Hypothesis knows its own tests by what stands on the function.
        if hasattr(item, "obj") and not hasattr(item.obj, "is_hypothesis_test"):
            item.obj = with_room(item.obj)
        if touches_database(item):
            item.add_marker("database")
        if not CHROMIUM and not REQUIRE_BROWSER and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))
    yield
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def touches_database(item):
    """That of the tests: pytest-django lets no test near it that does not ask for it by a mark or a fixture."""
    asked = {"db", "transactional_db", "live_server", "django_db_setup"}
    return bool(item.get_closest_marker("django_db")) or not asked.isdisjoint(item.fixturenames)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    databases.may_be_made = bool(item.get_closest_marker("database"))


def pytest_terminal_summary(terminalreporter):
    skipped = "required, but " if REQUIRE_BROWSER else "skipped, "
    said = f"in {CHROMIUM}" if CHROMIUM else skipped + NO_CHROMIUM
    terminalreporter.write_line(f"Browser tests: {said}")


@pytest.fixture(scope="session", autouse=True)
def fast_and_local(tmp_path_factory):
    """Passwords hashed cheaply; static files found where they lie, so that none need to be collected; no releases.

    Those that a test makes have the address of the test client.
    """
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        WHITENOISE_AUTOREFRESH=True,
        RELEASES_ROOT=tmp_path_factory.mktemp("releases"),
        SITE_ADDRESS="http://testserver",
    ):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """The database of the tests begins as a copy of the one that is migrated, where there is nothing left to do."""
    template = databases.migrated()
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = databases.name_in(template)
        return

    def fill(connection, **kwargs):
        connection_created.disconnect(fill)
        with closing(sqlite3.connect(databases.path_of(template))) as migrated:
            migrated.backup(connection.connection)

    connection_created.connect(fill, weak=False)


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The database with the project's own fixtures, read once per module and gone after it.

    For a whole module, since the tests that come after the first to ask for it see the seed as well:
    `pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]`. What a test writes, the next does not
    see, because the transaction of `db` lies within this one. Not for tests with `transactional_db` or `live_server`.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("seed", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def one_request_id(monkeypatch):
    """For tests of answers that are to be the same, though each request has its own number."""
    monkeypatch.setattr("apps.core.request_ids.urandom", bytes)
