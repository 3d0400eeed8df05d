"""What only those have need of whom something tells is passed by in a request in which nothing does."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db
READ = ["/states/", "/ru/states/", "/api/v1/states/", "/nothing/", "/api/v1/nothing/"]


def is_prepared(answer):
    """Whether Django knew a session and a user of whoever asked."""
    prepared = {hasattr(answer.wsgi_request, name) for name in ("session", "user", "auser", "_messages")}
    assert len(prepared) == 1
    return prepared == {True}


@pytest.mark.parametrize("address", READ)
@pytest.mark.parametrize("method", ["get", "head"])
def test_reader_passes_by(client, address, method):
    assert not is_prepared(getattr(client, method)(address))


@pytest.mark.parametrize("address", READ)
def test_whoever_has_a_session_does_not(client, address):
    client.force_login(User.objects.create_user("curator"))
    answer = client.get(address)
    assert is_prepared(answer) and answer.wsgi_request.user.username == "curator"


@pytest.mark.parametrize("headers", [{"Authorization": "Basic eDp4"}, {"Cookie": "csrftoken=x"}])
def test_whoever_sends_something_of_the_kind_does_not(client, headers):
    assert is_prepared(client.get("/states/", headers=headers))


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/ru/admin/login/"])
def test_nobody_does_in_the_admin(client, address):
    assert is_prepared(client.get(address))


@pytest.mark.parametrize("address", ["/states/", "/api/v1/states/"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nobody_does_who_sends(client, address, method):
    assert is_prepared(getattr(client, method)(address))


@pytest.mark.parametrize(("address", "status"), [("/states/", 403), ("/admin/login/", 403)])
def test_form_without_a_token_is_refused_though_nothing_tells_who_sends_it(address, status):
    answer = Client(enforce_csrf_checks=True).post(address, {"username": "curator", "password": "x"})
    assert answer.status_code == status
