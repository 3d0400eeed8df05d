"""What only curators need is not prepared for readers."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.people.models import Person, PersonCitation
from tests.adminpages import submit
from tests.factories import passage

pytestmark = pytest.mark.django_db
READ = ["/states/", "/ru/states/", "/api/v1/states/", "/nothing/", "/api/v1/nothing/"]


def is_prepared(answer):
    """Whether Django knew a session and a user of whoever asked."""
    prepared = {hasattr(answer.wsgi_request, name) for name in ("session", "user", "auser", "_messages")}
    assert len(prepared) == 1
    return prepared == {True}


@pytest.mark.parametrize("address", READ)
@pytest.mark.parametrize("method", ["get", "head"])
def test_request_of_a_reader_is_not_prepared(client, address, method):
    assert not is_prepared(getattr(client, method)(address))


@pytest.mark.parametrize("address", READ)
def test_request_with_a_session_is_prepared(client, address):
    client.force_login(User.objects.create_user("curator"))
    answer = client.get(address)
    assert is_prepared(answer) and answer.wsgi_request.user.username == "curator"


@pytest.mark.parametrize("headers", [{"Authorization": "Basic eDp4"}, {"Cookie": "csrftoken=x"}])
def test_request_with_a_token_or_credentials_is_prepared(client, headers):
    assert is_prepared(client.get("/states/", headers=headers))


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/ru/admin/login/"])
def test_request_of_the_admin_is_prepared(client, address):
    assert is_prepared(client.get(address))


@pytest.mark.parametrize("address", ["/states/", "/api/v1/states/"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_request_by_another_method_is_prepared(client, address, method):
    assert is_prepared(getattr(client, method)(address))


def test_history_tells_who_added_an_entry_and_its_parts(as_role):
    lines = [{"passage": passage(), "field": "", "stance": "supports"}]
    submit(as_role("editor"), Person, name_en="Ivan", sort_name="Ivan", rows={"citations": lines})
    (entry,), (part,) = Person.history.all(), PersonCitation.history.all()
    assert entry.history_user == part.history_user == Person.objects.get().created_by


@pytest.mark.parametrize("address", ["/states/", "/admin/login/"])
def test_form_without_a_token_is_refused(address):
    answer = Client(enforce_csrf_checks=True).post(address, {"username": "curator", "password": "x"})
    assert answer.status_code == 403
