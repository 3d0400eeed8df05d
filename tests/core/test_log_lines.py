"""What stands in the log: one line for each event, with the number of its request, and nothing that is secret."""

import io
import json
import logging
import re
import sys
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from django.urls import path

from apps.core import request_ids
from apps.core.log_lines import HIDDEN, JsonLine, PlainLine, without_secrets
from apps.core.page_cache import PageCache
from apps.core.page_stores import Memory
from apps.core.request_ids import HEADER, Journal, LoggedRequest
from kzforeign import urls
from tests.core.test_outages import away
from tests.hostile.asking import DJANGO, ask, one_connection, send

NUMBER = re.compile(r"[0-9a-f]{32}")
# Of a proxy.
GIVEN = "0af7651916cd43dd8448eb211c80319c"
ODD = "a\r\nb\x1b[2Jc\x00\x7f\x85\u2028\u202ed"


class Lines(logging.StreamHandler):
    def __init__(self, formatter):
        super().__init__(io.StringIO())
        self.setFormatter(formatter)

    @property
    def all(self):
        return self.stream.getvalue().split("\n")[:-1]

    @property
    def events(self):
        return [json.loads(line) for line in self.all]


@contextmanager
def written(formatter):
    handler = Lines(formatter)
    logging.getLogger().addHandler(handler)
    request_ids._current.set(None)
    try:
        yield handler
    finally:
        logging.getLogger().removeHandler(handler)
        request_ids._current.set(None)


@pytest.fixture
def log():
    with written(JsonLine()) as handler:
        yield handler


@pytest.fixture
def plain():
    with written(PlainLine()) as handler:
        yield handler


@pytest.fixture
def site(db):
    """As it is served, page cache and all."""
    with one_connection():
        yield Journal(PageCache(DJANGO, Memory(2**24)))


def break_down(request):
    raise RuntimeError(f"broken by {request.GET['token']} of postgres://me:hunter2@db/x\r\n{ODD}")


@pytest.fixture
def broken(monkeypatch, settings):
    """Two addresses that fail, of a page and of the API."""
    added = [path("broken/", break_down), path("api/v1/broken/", break_down)]
    monkeypatch.setattr(urls, "urlpatterns", [*added, *urls.urlpatterns])
    settings.ROOT_URLCONF = type("Urls", (), vars(urls) | {"urlpatterns": urls.urlpatterns})
    settings.DEBUG = False


# -- The line of a request


def test_request_has_one_line(site, log):
    told = ask("/visits/?q=secret", to=site)

    (event,) = log.events
    number, took = told.headers[HEADER], event["message"].split()[-2]
    assert NUMBER.fullmatch(number)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event.pop("time"))
    assert event == {
        "level": "INFO",
        "logger": "kzforeign.requests",
        "message": f"GET /visits/ 200 in {took} ms",
        "request_id": number,
        "method": "GET",
        "path": "/visits/",
        "status": 200,
        "ms": int(took),
    }


def test_line_names_who_is_signed_in(site, log, client):
    user = User.objects.create_user("ann", is_staff=True)
    client.force_login(user)

    ask("/admin/password_change/", session=client.session.session_key, to=site)
    ask("/visits/", to=site)

    assert [event.get("user") for event in log.events] == [user.pk, None]


def test_answer_that_is_kept_has_a_number_of_its_own(site, log):
    numbers = [ask("/visits/", to=site).headers[HEADER] for _ in range(3)]

    assert len(set(numbers)) == 3
    assert [event["request_id"] for event in log.events] == numbers
    tag = ask("/visits/", to=site).headers["ETag"]
    again = ask("/visits/", heads={"If-None-Match": tag}, to=site)
    assert again.status == 304 and again.headers[HEADER] == log.events[-1]["request_id"]


def test_health_has_a_line_only_where_something_is_wrong(log):
    with one_connection():
        assert ask("/health/live").headers[HEADER]
        assert ask("/health/live", method="POST").status == 405
    assert [event["status"] for event in log.events] == [405]


def test_request_for_another_host_has_a_line_of_its_own_without_a_traceback(site, log, settings):
    settings.ALLOWED_HOSTS = ["kzforeign.example"]

    assert ask("/visits/", heads={"Host": "elsewhere.example"}, to=site).status == 400

    refused, answered = log.events
    assert "elsewhere.example" in refused["message"] and "exception" not in refused
    assert (answered["status"], answered["request_id"]) == (400, refused["request_id"])


def test_requests_by_another_way_have_a_number_too(client, db, log):
    told = client.get("/robots.txt")

    assert [event["request_id"] for event in log.events] == [told[HEADER]]


# -- The number


@pytest.mark.parametrize(
    ("proxies", "number", "is_taken"),
    [
        (1, GIVEN, True),
        (1, "Root=1-67891233.abcdef_0", False),
        (1, "1-67891233.abcdef_0", True),
        (0, GIVEN, False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, f"{GIVEN}\nforged", False),
        (1, f"{GIVEN}\n", False),
        (1, "<script>alert(1)</script>", False),
        (1, "", False),
    ],
)
def test_number_is_a_proxys_where_there_is_one_and_it_is_well_formed(proxies, number, is_taken, settings):
    settings.TRUSTED_PROXIES = proxies

    found = LoggedRequest(RequestFactory()._base_environ(HTTP_X_REQUEST_ID=number)).id

    assert found == number if is_taken else NUMBER.fullmatch(found)


def test_page_that_tells_of_a_fault_names_it(broken, site, log):
    told = ask("/broken/?token=hunter3", to=site)
    page, number = told.content.decode(), told.headers[HEADER]

    assert told.status == 500 and f"<code>{number}</code>" in page
    fault, request = log.events
    assert {fault["request_id"], request["request_id"]} == {number}
    assert (fault["level"], fault["path"], fault["status"]) == ("ERROR", "/broken/", 500)
    assert fault["exception"].startswith("Traceback") and "RuntimeError: broken by" in fault["exception"]
    assert request["status"] == 500 and "exception" not in request


def test_problem_of_the_api_names_it(broken, site, log):
    for address, status in (
        ("/api/v1/broken/?token=x", 500),
        ("/api/v1/visits/?x=1", 400),
        ("/api/v1/visits/x/", 404),
    ):
        told = ask(address, to=site)
        assert (told.status, json.loads(told.content)["request_id"]) == (status, told.headers[HEADER])


@pytest.mark.parametrize("address", ["/visits/", "/api/v1/visits/"])
def test_outage_names_it(site, log, address):
    with away():
        told = ask(address, to=Journal(DJANGO))

    assert told.status == 503 and told.headers[HEADER] in told.content.decode()
    outage, request = log.events
    assert (outage["level"], outage["status"], request["status"]) == ("WARNING", 503, 503)
    assert outage["request_id"] == request["request_id"] == told.headers[HEADER]


def test_what_fails_in_front_of_django_has_its_line(log):
    def fail(environ, start_response):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ask("/", to=Journal(fail))

    assert [event["status"] for event in log.events] == [500]


# -- What is not to be seen


def test_secrets_of_a_request_are_not_in_the_log(broken, site, log):
    heads = {
        "Cookie": "sessionid=hunter1; x=hunter1",
        "Authorization": "Bearer hunter1",
        "Referer": "https://x/?t=hunter1",
    }
    ask("/broken/?token=hunter1", heads=heads, to=site)
    ask("/visits/?token=hunter1&colour=hunter1", heads=heads, to=site)
    send("/admin/login/", {"username": "ann", "password": "hunter1"})

    lines = "\n".join(log.all)
    # What a view says in its own error is not known for a secret.
    assert "hunter1" not in lines.replace("broken by hunter1", "")
    assert "hunter2" not in lines and f"postgres://{HIDDEN}@db/x" in lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://me:p@ss@db:5432/x", "postgres://***@db:5432/x"),
        ("redis://:hunter2@db/0 is away", "redis://***@db/0 is away"),
        ("Error handling request /x/?q=a&token=b%20c", "Error handling request /x/?q=***&token=***"),
        ("<WSGIRequest: GET '/x/?code=123'>", "<WSGIRequest: GET '/x/?code=***'>"),
        ("{'HTTP_COOKIE': 'sessionid=a; b=c', 'PATH': '/'}", "{'HTTP_COOKIE': ***', 'PATH': '/'}"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("HTTP_AUTHORIZATION=Basic YTpi", "HTTP_AUTHORIZATION=***"),
        ("host=db password=hunter2 user=me", "host=db password=*** user=me"),
        ("Key (session_key)=(abc123) already exists.", "Key (session_key)=(***) already exists."),
        ("DETAIL:  Failing row contains (1, pbkdf2_sha256$x, ann).", "DETAIL:  Failing row contains ***"),
        ("Wrong parameter: limit. 1 = 1, a: b", "Wrong parameter: limit. 1 = 1, a: b"),
        ("https://kzforeign.example/visits/", "https://kzforeign.example/visits/"),
    ],
)
def test_secrets_are_known_by_where_they_stand(text, shown):
    assert without_secrets(text) == shown


def test_control_signs_stay_on_the_line_and_are_named(log):
    logging.getLogger("apps").warning("said: %s", ODD)

    (line,) = log.all
    assert json.loads(line)["message"] == f"said: {ODD}"
    assert line.isascii() and line.isprintable()


def test_control_signs_in_an_address_stay_on_the_line(site, log):
    ask("/x%0D%0A%1B%5B2J%00%7F%C2%85%E2%80%AE%FF/", to=site)

    (line,) = log.all
    assert line.isascii() and line.isprintable()
    assert json.loads(line)["path"] == "/x\r\n\x1b[2J\x00\x7f\x85\u202e\ufffd/"


def line_of(message, *values, formatter=JsonLine):
    """Not by a logger, of which pytest keeps what it was told: with halves of characters it cannot send that on."""
    return formatter().format(logging.LogRecord("apps", logging.WARNING, "", 0, message, values, None))


def test_half_characters_are_written():
    assert json.loads(line_of("half: %s", "\ud800"))["message"] == "half: \ud800"


def test_a_long_secret_is_hidden_to_its_end():
    said = json.loads(line_of("asked for /x/?token=%s, and then %s", "s3cr3t" * 500, "much " * 1000))[
        "message"
    ]
    assert "s3cr3t" not in said and "left out" in said


def test_rows_that_postgresql_refuses_are_hidden_with_all_their_lines():
    line = line_of("%s", "violates\nDETAIL:  Failing row contains (1, a note\nof two lines, a draft).")
    assert "note" not in line and "two lines" not in line
    assert "Astana" not in line_of("%s", "DETAIL:  Key (slug)=(Astana) already exists.")


def test_lines_for_people_are_lines_too(plain):
    try:
        raise ValueError(f"no\n2026-01-01 ERROR forged{ODD}")
    except ValueError:
        logging.getLogger("apps").exception("said: %s Ә", ODD)

    first, *below = plain.all
    assert first.endswith(r"ERROR apps: said: a\r\nb\x1b[2Jc\x00\x7f\x85\u2028\u202ed Ә")
    assert below and all(line.startswith("    ") and line.isprintable() for line in below)


def test_lines_are_no_longer_than_the_journal_takes(log):
    try:
        raise ValueError("Ә" * 100_000)
    except ValueError:
        logging.getLogger("apps").exception("Ә" * 100_000)

    (line,) = log.all
    assert len(line) < 48 * 1024
    assert "left out" in json.loads(line)["message"]


def test_request_is_not_kept_by_the_log():
    """Nor what somebody has sent with it."""
    asked = request_ids.begin(RequestFactory()._base_environ())
    request = WSGIRequest(RequestFactory()._base_environ() | {request_ids.ASKED: asked})
    before = sys.getrefcount(request)

    request_ids.RequestIds(lambda request: None)(request)

    assert sys.getrefcount(request) == before
    assert asked.request() is request
