"""What whoever watches the site is told of it."""

import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from apps.core import health
from apps.core.health import Health
from kzforeign.wsgi import application
from tests.hostile.asking import ask

LIVE, READY = health.LIVE, health.READY


class Unasked:
    """Fails whoever asks it for a connection."""

    def __iter__(self):
        return iter([DEFAULT_DB_ALIAS])

    def __getitem__(self, alias):
        raise AssertionError("The database was asked.")


@pytest.fixture
def no_database(monkeypatch):
    monkeypatch.setattr(health, "connections", Unasked())


def test_process_that_answers_is_live(no_database, settings):
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = [], True
    told = ask(LIVE)
    assert (told.status, told.content, told.headers["Cache-Control"]) == (200, b"live\n", "no-store")
    assert told.headers["Content-Length"] == "5"
    assert ask(LIVE, method="HEAD").content == b""
    assert ask(LIVE, method="POST", body=b"x").status == 405


def test_site_without_a_database_is_not_ready(no_database):
    told = ask(READY)
    assert (told.status, told.headers["Retry-After"]) == (503, "5")
    assert told.content == b"The database does not answer.\n"


def test_headers_are_those_of_every_answer(no_database):
    told = ask(LIVE, heads={"X-Forwarded-Proto": "https"}).headers
    assert "default-src 'none'" in told["Content-Security-Policy"]
    assert told.keys() >= {
        "X-Content-Type-Options",
        "Referrer-Policy",
        "Permissions-Policy",
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy",
    }


@pytest.mark.django_db
def test_site_is_ready_at_the_price_of_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        told = ask(READY)
    assert (told.status, told.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_site_that_is_to_be_migrated_is_not_ready():
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")
    told = ask(READY)
    assert (told.status, told.content) == (503, b"Migrations are not applied.\n")


@pytest.mark.django_db
def test_both_are_addresses_of_the_site(client):
    assert client.get(LIVE).content == b"live\n" and client.get(READY).content == b"ready\n"


def test_all_else_is_left_to_the_site():
    assert (
        Health(lambda environ, start_response: environ["PATH_INFO"])({"PATH_INFO": "/health/"}, None)
        == "/health/"
    )
    assert isinstance(application.application, Health)
