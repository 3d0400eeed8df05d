import pytest

from tests.factories import state
from tests.hostile.asking import ask, one_connection


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


@pytest.mark.parametrize(
    "address",
    [
        *("/states/", "/api/v1/states/", "/states/?q=%00", "/robots.txt", "/nothing/", "/api/v1/nothing/"),
        *("/api/v1/states/?format=csv", "/static/kzforeign/icon.svg"),
    ],
)
def test_head_is_answered_as_get_is_without_the_content(address):
    with one_connection():
        told, whole = ask(address, "HEAD"), ask(address)
    assert whole.content and not told.content
    said = ("Content-Type", "Content-Length", "ETag", "Cache-Control")
    assert told.status == whole.status
    assert [told.headers.get(name) for name in said] == [whole.headers.get(name) for name in said]


def test_nul_byte_is_answered_by_the_site(client):
    response = client.get("/states/?q=%00")
    assert response.status_code == 400 and "NUL byte" in response.content.decode()


def test_cookie_with_a_nul_byte_counts_as_none(client):
    cookie = 'sessionid="' + r"\000" * 32 + '"'
    assert client.get("/admin/", headers={"Cookie": cookie}).status_code == 302
    assert client.get("/states/", headers={"Cookie": cookie}).status_code == 200


def test_what_is_not_there_does_not_read_what_is_sent(client):
    client.raise_request_exception = False
    response = client.generic("POST", "/nothing/", b"x", content_type="multipart/form-data")
    assert response.status_code == 404 and "There is no such page" in response.content.decode()


@pytest.mark.parametrize("address", ["/feed/", "/states/KAZ/feed/", "/sitemap.xml", "/sitemap-pages.xml"])
def test_feeds_and_maps_of_the_site_are_for_reading(client, address):
    response = client.put(address)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
