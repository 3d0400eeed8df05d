"""What the headers of the API say: whether an answer still holds, where to go on, how much may be asked for."""

import gzip

import pytest
from django.test import override_settings

from apps.core.conditional import code_mark
from tests.core.test_api import is_a_problem
from tests.factories import state, visit
from tests.sampling import sample

pytestmark = pytest.mark.django_db

STATES = "/api/v1/states/"


@pytest.fixture
def china(db):
    return state("CHN", name_en="China")


# -- Whether it still holds


@pytest.mark.parametrize("path", ["", "states/", "states/CHN/", "timeline/", "schema/"])
def test_what_has_not_changed_is_not_sent_again(client, china, path):
    address = f"/api/v1/{path}"
    answer = client.get(address)
    assert answer["Cache-Control"] == "public, no-cache"
    again = client.get(address, headers={"If-None-Match": f'"other", {answer["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == answer["ETag"]
    assert again["Access-Control-Allow-Origin"] == "*"


def test_what_has_changed_is_sent(client, china):
    tag = client.get(STATES)["ETag"]
    china.name_en = "People's Republic of China"
    china.save()
    answer = client.get(STATES, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer["ETag"] != tag
    assert answer.json()["results"][0]["name"] == "People's Republic of China"


def test_a_tag_is_of_one_address_one_host_and_one_code(client, china, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    tags = [
        client.get(STATES)["ETag"],
        client.get(f"{STATES}?limit=1")["ETag"],
        client.get(f"{STATES}CHN/")["ETag"],
        client.get(STATES, headers={"Host": "other.example"})["ETag"],
    ]
    code_mark.cache_clear()
    with override_settings(FOCUS_STATE="CHN"):
        tags.append(client.get(STATES)["ETag"])
    code_mark.cache_clear()
    assert len(set(tags)) == len(tags)
    assert client.get(STATES)["ETag"] == tags[0]


def test_where_a_condition_holds_nothing_is_read_but_the_revision(client, china, django_assert_num_queries):
    tag = client.get(STATES)["ETag"]
    with django_assert_num_queries(0):  # That of the revision goes around what Django counts.
        assert client.get(STATES, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("given", ["*", '"', "W/", "x" * 10_000, '"ä"'])
def test_a_condition_that_names_no_tag_of_ours_is_no_condition(client, china, given):
    assert client.get(STATES, headers={"If-None-Match": given}).status_code == 200


@pytest.mark.parametrize("path", ["states/?kind=none", "states/XXX/", "nothing/"])
def test_what_is_wrong_is_never_kept(client, china, path):
    answer = client.get(f"/api/v1/{path}", headers={"If-None-Match": "*"})
    assert answer.status_code in (400, 404)
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer


# -- Where to go on


def test_pages_are_linked(client):
    for code in ("CHN", "FRA", "RUS"):
        state(code, name_en=code)
    described = '<http://testserver/api/v1/schema/>; rel="service-desc"'
    first = client.get(f"{STATES}?limit=2")
    following = first.json()["next"]
    start = f'<http://testserver{STATES}?limit=2>; rel="first"'
    assert first["Link"] == f'{start}, <{following}>; rel="next", {described}'
    last = client.get(following)
    assert last["Link"] == f'{start}, <{last.json()["previous"]}>; rel="prev", {described}'
    assert client.get(f"{STATES}CHN/")["Link"] == described


@pytest.mark.parametrize("path", ["states/", "states/CHN/", "timeline/", "relations/CHN/"])
def test_head_says_what_get_says_without_the_answer(client, china, settings, path):
    settings.FOCUS_STATE = "CHN"
    got, asked = client.get(f"/api/v1/{path}"), client.head(f"/api/v1/{path}")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers.pop("X-Request-ID") != got.headers.pop("X-Request-ID")
    assert asked.headers == got.headers


# -- Who may ask


def test_pages_of_any_site_may_ask(client, china):
    answer = client.options(
        STATES,
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "If-None-Match",
        },
    )
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in answer["Access-Control-Allow-Headers"]
    for path in ("states/", "nothing/", "states/?kind=none", "%00/"):
        answer = client.get(f"/api/v1/{path}")
        assert answer["Access-Control-Allow-Origin"] == "*", path
        assert "ETag" in answer["Access-Control-Expose-Headers"], path


# -- How much may be asked for


@pytest.fixture
def two_a_minute(settings):
    settings.API_RATE = "2/minute"


def ask(client, times, **extra):
    return [client.get(STATES, **extra) for _each in range(times)][-1]


def test_who_asks_too_often_is_told_when_to_come_back(client, china, two_a_minute):
    assert ask(client, 2, REMOTE_ADDR="192.0.2.1").status_code == 200
    refused = ask(client, 1, REMOTE_ADDR="192.0.2.1")
    is_a_problem(refused, 429)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["Cache-Control"] == "no-store"
    assert ask(client, 1, REMOTE_ADDR="192.0.2.2").status_code == 200


def test_a_client_cannot_say_that_it_is_another(client, china, two_a_minute):
    ask(client, 2, REMOTE_ADDR="192.0.2.3")
    forged = {"REMOTE_ADDR": "192.0.2.3", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}
    assert ask(client, 1, **forged).status_code == 429


def test_off_is_no_limit(client, china, settings):
    settings.API_RATE = ""
    assert ask(client, 20, REMOTE_ADDR="192.0.2.4").status_code == 200


# -- How it is sent


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
@pytest.mark.parametrize("path", sample(["/api/v1/states/", "/visits/"], ["/visits/"]))
def test_text_is_compressed(client, encoding, path):
    for _each in range(5):
        visit()
    plain = client.get(path)
    answer = client.get(path, headers={"Accept-Encoding": encoding})
    assert answer["Content-Encoding"] == encoding
    assert len(answer.content) < len(plain.content) / 2
    assert "Accept-Encoding" in plain["Vary"]
    if encoding == "gzip":
        assert gzip.decompress(answer.content) == plain.content


def test_nothing_of_the_admin_is_compressed(admin_client):
    assert "Content-Encoding" not in admin_client.get("/admin/", headers={"Accept-Encoding": "br"})
