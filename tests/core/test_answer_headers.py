"""What every answer says to the browser, whoever made it."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db

PAGES = {
    "/": 200,
    "/kk/visits/": 200,
    "/visits/?year=x": 400,
    "/nothing/": 404,
    "/visits/%00/": 400,
    "/feed/": 200,
    "/years.csv": 200,
    "/robots.txt": 200,
    "/visits": 301,
    "/relations/CHN/": 302,
    "/admin/": 302,
    "/admin/login/": 200,
    "/ru/admin/login/": 200,
    "/static/kzforeign/reach.css": 200,
    "/static/nothing.css": 404,
    "/api/v1/states/": 200,
    "/api/v1/nothing/": 404,
    "/api/v1/docs/": 200,
    "/boom/": 500,
}


@pytest.fixture
def browser(settings, monkeypatch):
    """As on a server, by HTTPS; one page fails."""
    from apps.relations.views_about import AboutView

    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.FOCUS_STATE = "CHN"
    settings.WHITENOISE_USE_FINDERS = True
    factories.state("CHN")

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(AboutView, "get", fail)
    return Client(raise_request_exception=False)


def policy(answer):
    directives = (part.strip().split() for part in answer["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in directives}


@pytest.mark.parametrize("address", PAGES)
def test_every_answer(browser, address):
    answer = browser.get(address.replace("/boom/", "/about/"), secure=True)
    assert answer.status_code == PAGES[address]
    said = policy(answer)
    assert said["default-src"] == ["'none'"] and said["frame-ancestors"] == ["'none'"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Strict-Transport-Security"].startswith("max-age=31536000")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    is_open = address.startswith(("/api/", "/static/kzforeign/", "/years.csv"))
    assert answer["Cross-Origin-Resource-Policy"] == ("cross-origin" if is_open else "same-origin")
    answer.close()


def test_what_is_refused_at_the_door(browser, settings):
    settings.SECURE_SSL_REDIRECT = True
    for answer in (browser.get("/", headers={"Host": "evil.example"}), browser.get("/visits/")):
        assert answer.status_code in (301, 400)
        assert policy(answer)["default-src"] == ["'none'"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_readers_get_no_cookies(browser):
    for address in PAGES:
        if "login" not in address:
            answer = browser.get(address.replace("/boom/", "/about/"))
            assert not answer.cookies, address
            answer.close()


# -- With the settings of a server

SERVER = {
    "SECRET_KEY": "a-long-random-string-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "kzforeign.example",
    "SITE_ADDRESS": "https://kzforeign.example",
    "TRUSTED_PROXIES": "1",
}


def on_a_server(*command):
    return subprocess.run(
        [sys.executable, *command],
        env={"PATH": os.environ["PATH"]} | SERVER,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.exhaustive
def test_django_finds_nothing_to_warn_of():
    checked = on_a_server("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout
    text = (settings.BASE_DIR / "kzforeign" / "settings.py").read_text()
    assert "SILENCED_SYSTEM_CHECKS" not in text


COOKIES = """
import django; django.setup()
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.KNOWN_BROWSER_COOKIE)
print(s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SESSION_COOKIE_PATH)
print(s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_HTTPONLY, s.CSRF_COOKIE_SAMESITE, s.CSRF_COOKIE_PATH)
print(s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN, s.SECOND_FACTOR)
"""


def test_cookies():
    told = on_a_server(
        "-c", f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'kzforeign.settings'{COOKIES}"
    )
    assert told.stdout.splitlines() == [
        "__Host-sessionid __Host-csrftoken __Host-known",
        "True True Lax /",
        "True True Strict /",
        "None None True",
    ]
