import pytest

from tests.factories import state


@pytest.fixture(autouse=True)
def focus(db):
    return state("KAZ")


def test_method_that_a_page_does_not_take_is_answered_by_the_site(client):
    response = client.put("/states/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert "cannot be asked for with PUT" in response.content.decode()


@pytest.mark.parametrize("debug", [True, False])
def test_what_is_not_there_is_answered_by_the_site(client, settings, debug):
    settings.DEBUG = debug
    response = client.get("/nothing/")
    assert response.status_code == 404 and "There is no such page" in response.content.decode()


def test_nul_byte_is_answered_by_the_site(client):
    response = client.get("/states/?q=%00")
    assert response.status_code == 400 and "NUL byte" in response.content.decode()
