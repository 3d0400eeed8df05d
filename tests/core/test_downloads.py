"""Files taken home: whole, in part, or not again."""

from datetime import UTC, datetime

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.test import RequestFactory

from apps.core.downloads import download

CONTENT = bytes(range(256)) * 1000
CHANGED = datetime(2026, 5, 3, 10, 20, 30, 123456, UTC)
LAST_MODIFIED = "Sun, 03 May 2026 10:20:30 GMT"


@pytest.fixture(autouse=True)
def without_a_database():
    """The end of an answer would close its connection, of which the tests elsewhere have need."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


@pytest.fixture
def ask(tmp_path):
    path = tmp_path / "data.zip"
    path.write_bytes(CONTENT)

    def ask(method="GET", **headers):
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        request = RequestFactory().generic(method, "/", headers=given)
        return download(request, path, content_type="application/zip", tag="abc", changed=CHANGED)

    return ask


def body(response):
    content = b"".join(response)
    response.close()
    return content


def test_a_file_is_an_attachment_with_all_that_is_to_be_known_of_it(ask):
    response = ask()
    assert body(response) == CONTENT
    assert response.status_code == 200
    assert dict(response.headers) == {
        "Content-Type": "application/zip",
        "Content-Length": "256000",
        "Content-Disposition": 'attachment; filename="data.zip"',
        "ETag": '"abc"',
        "Last-Modified": LAST_MODIFIED,
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, no-cache",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link, Retry-After, X-Request-ID",
    }


def test_head_is_told_the_same_without_the_content(ask):
    response, whole = ask("HEAD"), ask()
    assert body(response) == b"" and not response.streaming
    assert response.headers == whole.headers
    whole.close()


@pytest.mark.parametrize(
    "headers",
    [{"If_None_Match": '"abc"'}, {"If_None_Match": 'W/"abc", "x"'}, {"If_Modified_Since": LAST_MODIFIED}],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_it_is_not_sent_it_again(ask, method, headers):
    response = ask(method, **headers, Range="bytes=0-9")
    assert response.status_code == 304 and body(response) == b""
    assert response["ETag"] == '"abc"' and response["Last-Modified"] == LAST_MODIFIED


@pytest.mark.parametrize(
    "headers",
    [{"If_None_Match": '"x"'}, {"If_Modified_Since": "Sun, 03 May 2026 10:20:29 GMT"}, {"If_Match": '"abc"'}],
)
def test_who_has_another_is_sent_it(ask, headers):
    response = ask(**headers)
    assert response.status_code == 200 and body(response) == CONTENT


def test_who_wants_another_is_not_sent_it(ask):
    assert ask(If_Match='"x"').status_code == 412


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=255990-", 255_990, 255_999),
        ("bytes=-10", 255_990, 255_999),
        ("bytes=255999-999999999", 255_999, 255_999),
        ("bytes=-999999999", 0, 255_999),
        ("bytes=5-5", 5, 5),
        ("bytes=100-200099", 100, 200_099),
    ],
)
def test_a_part(ask, asked, first, last):
    response = ask(Range=asked)
    assert response.status_code == 206
    assert body(response) == CONTENT[first : last + 1]
    assert response["Content-Range"] == f"bytes {first}-{last}/256000"
    assert response["Content-Length"] == str(last + 1 - first)
    assert response["Content-Type"] == "application/zip"
    assert response["ETag"] == '"abc"'


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=999999999-9999999999", "bytes=-0"])
def test_a_part_that_it_does_not_have(ask, asked):
    response = ask(Range=asked)
    assert response.status_code == 416 and response["Content-Range"] == "bytes */256000"


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=",
        "bytes=-",
        "bytes=9-0",
        "bytes=0-1,5-6",
        "lines=0-1",
        "bytes=a-b",
        "bytes=٣-٤",
        "bytes=0-" + "9" * 40,
    ],
)
def test_what_is_no_part_is_the_whole(ask, asked):
    response = ask(Range=asked)
    assert response.status_code == 200 and body(response) == CONTENT


@pytest.mark.parametrize(
    ("unless_changed", "status"), [('"abc"', 206), (LAST_MODIFIED, 206), ('"x"', 200), ('W/"abc"', 200)]
)
def test_a_part_unless_it_has_changed(ask, unless_changed, status):
    response = ask(Range="bytes=0-9", If_Range=unless_changed)
    assert response.status_code == status
    response.close()


def test_only_get_is_given_a_part(ask):
    assert ask("HEAD", Range="bytes=0-9").status_code == 200
