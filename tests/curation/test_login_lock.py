"""Wrong tries at the login: when whom they keep out, and what can be learned from them."""

import re
from datetime import timedelta
from unittest import mock

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from apps.curation.login_lock import account_of, whereabouts
from tests.sampling import sample

pytestmark = pytest.mark.django_db

HERE, THERE = "192.0.2.1", "198.51.100.7"
PASSWORD = "sees a long road"


@pytest.fixture(autouse=True)
def aigul():
    return User.objects.create_user("aigul", password=PASSWORD, is_staff=True)


def attempt(name="aigul", password="wrong", *, client=None, address=HERE, language="en", **headers):
    with override(language):
        where = reverse("admin:login")
    data = {"username": name, "password": password}
    return (client or Client()).post(where, data, REMOTE_ADDR=address, headers=headers)


def wrong(times, **what):
    return [attempt(**what).status_code for _each in range(times)]


def put(count, account="x", address=THERE):
    """As many wrong tries as if they had been made."""
    AccessAttempt.objects.create(username=account, ip_address=address, failures_since_start=count)


def account(name="aigul"):
    return account_of(None, {"username": name})


def later(monkeypatch, **time):
    from axes.handlers import proxy

    now = proxy.now() + timedelta(**time)
    monkeypatch.setattr(proxy, "now", lambda: now)


# -- One account, one address


def test_ten_wrong_tries_lock(monkeypatch):
    assert wrong(9) == [200] * 9
    answer = attempt()
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert answer["Cache-Control"] == "private, no-store"
    assert "Try again in 15 minutes." in answer.content.decode()
    assert attempt(password=PASSWORD).status_code == 429
    assert attempt(password=PASSWORD, address=THERE).status_code == 302
    later(monkeypatch, minutes=16)
    assert attempt(password=PASSWORD).status_code == 302


def test_who_goes_on_trying_does_not_lock_for_longer(monkeypatch):
    wrong(10)
    later(monkeypatch, minutes=14)
    assert wrong(3) == [429] * 3
    later(monkeypatch, minutes=2)
    assert attempt(password=PASSWORD).status_code == 302


@pytest.mark.parametrize("language", sample(["en", "kk", "ru"], ["kk"]))
def test_the_admin_is_locked_in_each_language(language):
    wrong(10, language="ru")
    assert attempt(language=language).status_code == 429


def test_the_right_password_forgets_the_wrong_ones():
    wrong(9)
    assert attempt(password=PASSWORD).status_code == 302
    assert AccessAttempt.objects.count() == 0
    assert wrong(9) == [200] * 9


def test_another_browser_is_no_other_try():
    assert [attempt(**{"User-Agent": str(number)}).status_code for number in range(10)][-1] == 429


# -- Many addresses, many accounts


def test_an_account_is_locked_for_strangers_after_a_hundred_tries_from_anywhere():
    put(98, account())
    assert wrong(1) == [200]
    assert attempt(address="203.0.113.9").status_code == 429
    assert attempt(password=PASSWORD, address="203.0.113.9").status_code == 429
    assert attempt("dana").status_code == 200


def test_a_browser_that_was_let_in_before_is_let_in():
    known = Client()
    assert attempt(password=PASSWORD, client=known).status_code == 302
    cookie = known.cookies["known"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    known.post(reverse("admin:logout"))
    put(1000, account())
    assert attempt(password=PASSWORD).status_code == 429
    assert attempt(client=known).status_code == 200
    assert attempt(password=PASSWORD, client=known).status_code == 302
    assert attempt("dana", client=known).status_code == 200


def test_a_known_browser_is_known_for_its_account_only():
    User.objects.create_user("dana", password=PASSWORD, is_staff=True)
    known = Client()
    attempt("dana", PASSWORD, client=known)
    put(100, account())
    assert attempt(client=known).status_code == 429
    known.cookies["known"] = account()
    assert attempt(client=known).status_code == 429


def test_an_address_is_locked_after_a_hundred_tries_at_any_accounts():
    put(99, account("dana"), HERE)
    assert attempt("arman").status_code == 429
    assert attempt(password=PASSWORD).status_code == 429
    assert attempt(password=PASSWORD, address=THERE).status_code == 302


# -- What can be learned


def test_nobody_learns_whether_there_is_an_account():
    User.objects.create_user("gone", password=PASSWORD, is_active=False)
    User.objects.create_user("reader", password=PASSWORD)
    User.objects.create(username="never", password=make_password(None), is_staff=True)

    def told(name, password="wrong"):
        """What is read, and how often a password was hashed, which is what takes the time."""
        with mock.patch.object(
            MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
        ) as hashed:
            answer = attempt(name, password, address=THERE)
        page = re.sub('value="[^"]*"', "", answer.content.decode())
        return answer.status_code, page, hashed.call_count

    first = told("nobody")
    assert first[2] == 1
    for name in ("aigul", "gone", "reader", "never", "AIGUL"):
        assert told(name) == first, name
    for name in ("gone", "reader"):
        assert told(name, PASSWORD) == first, name


def test_a_lock_says_the_same_of_accounts_that_there_are_not():
    answers = []
    for name in ("aigul", "nobody"):
        put(10, account(name), HERE)
        answers.append(attempt(name).content)
    assert answers[0] == answers[1]


# -- What is kept


def test_nothing_that_was_typed_is_kept(client):
    secret = "my-secret-password"
    for number in range(3):
        data = {"username": secret, "password": secret, "note": "x" * 5000}
        where = f"{reverse('admin:login')}?next=/{secret}/"
        client.post(
            where, data, headers={"User-Agent": secret + str(number), "Accept": "a\0b"}, REMOTE_ADDR=HERE
        )
    (row,) = AccessAttempt.objects.values()
    assert row["failures_since_start"] == 3
    assert secret not in str(row)
    assert len(str(row)) < 600


def test_rows_go_with_the_next_try(monkeypatch):
    for number in range(5):
        attempt(f"user{number}")
    assert AccessAttempt.objects.count() == 5
    later(monkeypatch, minutes=16)
    attempt()
    assert AccessAttempt.objects.count() == 1


# -- Where a try comes from


@pytest.mark.parametrize(
    ("proxies", "forwarded", "connected", "found"),
    [
        (0, "203.0.113.5", HERE, HERE),
        (1, "203.0.113.5, 198.51.100.7", HERE, "198.51.100.7"),
        (1, None, HERE, HERE),
        (1, "nonsense", HERE, None),
        (0, None, "", None),
        (0, None, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (0, None, "::ffff:192.0.2.1", HERE),
    ],
)
def test_address(rf, monkeypatch, proxies, forwarded, connected, found):
    from rest_framework.settings import api_settings

    monkeypatch.setattr(api_settings, "NUM_PROXIES", proxies)
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert whereabouts(rf.get("/", REMOTE_ADDR=connected, headers=headers)) == found


def test_an_address_that_nobody_knows_is_no_reason_to_lock_all(monkeypatch):
    put(500, account("dana"), None)
    assert attempt(password=PASSWORD, address="").status_code == 302
