"""Who is asked for a second factor, how it is set up and lost; and how long anybody stays signed in."""

import re
from io import StringIO
from time import time

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from apps.curation import second_factor, signed_in
from apps.curation.roles import EDITOR, REVIEWER, VIEWER
from tests import factories
from tests.curation.conftest import member_of

pytestmark = pytest.mark.django_db
PAGE = "/admin/second-factor/"
PASSWORD = "sees a long road"


@pytest.fixture(autouse=True)
def on_a_server(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def reviewer():
    return member_of(REVIEWER)


def signed(user):
    """A browser in which the password was right."""
    client = Client()
    client.force_login(user)
    return client


def code_of(key, steps=0):
    totp = TOTP(bytes.fromhex(key))
    totp.time = time() + 30 * steps
    return f"{totp.token():06}"


def with_app(user):
    return TOTPDevice.objects.create(user=user, name="app")


def give(client, code, where=PAGE, **data):
    return client.post(where, {"code": code, **data})


def status(client, where="/admin/jsi18n/"):
    """Of what the admin gives whoever is signed in, the cheapest unless told otherwise."""
    return client.get(where).status_code


# -- Who is asked


@pytest.mark.parametrize(
    ("role", "needed"), [(VIEWER, False), (EDITOR, False), (REVIEWER, True), ("superuser", True)]
)
def test_who_needs_one(role, needed):
    user = User.objects.create_superuser("root") if role == "superuser" else member_of(role)
    client = signed(user)
    assert status(client) == (302 if needed else 200)
    if needed:
        assert client.get("/admin/", follow=True).redirect_chain[-1][0] == f"{PAGE}?next=%2Fadmin%2F"


def test_nobody_needs_one_for_local_use(settings, reviewer):
    settings.SECOND_FACTOR = False
    assert status(signed(reviewer)) == 200
    with_app(reviewer)
    assert status(signed(reviewer)) == 302


def test_whoever_has_one_is_asked_for_it():
    editor = member_of(EDITOR)
    with_app(editor)
    assert status(signed(editor)) == 302


def test_half_signed_in_is_not_signed_in(reviewer):
    draft = factories.visit(status="draft")
    client = signed(reviewer)
    for where in ("/admin/visits/visit/", f"{draft.get_absolute_url()}?preview=1", "/admin/password_change/"):
        assert client.get(where).status_code in (302, 404), where
    before = User.objects.get(pk=reviewer.pk).password
    client.post("/admin/password_change/", {"new_password1": "a" * 20, "new_password2": "a" * 20})
    assert User.objects.get(pk=reviewer.pk).password == before
    assert "_leave" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"_leave": "1"}).status_code == 302
    assert not client.session.keys()


def test_strangers_are_led_to_the_login(client):
    assert client.get(PAGE).headers["Location"] == f"/admin/login/?next={PAGE}"
    assert give(client, "123456").headers["Location"] == f"/admin/login/?next={PAGE}"


# -- Setting it up


@pytest.mark.parametrize(
    "language", ["en", *(pytest.param(other, marks=pytest.mark.exhaustive) for other in ("kk", "ru"))]
)
def test_set_up(reviewer, language):
    client = signed(reviewer)
    with override(language):
        where, first = reverse("admin:second_factor"), reverse("admin:index")
    answer = client.get(where)
    page = answer.content.decode()
    assert "<svg" in page and "no-store" in answer["Cache-Control"] and "style=" not in page
    assert f"otpauth://totp/kzforeign%3A{reviewer.username}?secret=" in page
    key = client.session["second_factor_key"]
    assert second_factor.app_of(reviewer) is None
    wrong = give(client, code_of(key, steps=20), where)
    assert wrong.status_code == 200 and second_factor.app_of(reviewer) is None
    assert give(client, "x1", where).status_code == 200
    page = give(client, code_of(key), where).content.decode()
    codes = re.findall(r"<code>([a-z2-7]{4}-[a-z2-7]{4})</code>", page)
    assert len(set(codes)) == 10
    assert "second_factor_key" not in client.session
    assert status(client, first) == 200
    # The code that was given is good for nothing else.
    assert give(signed(reviewer), code_of(key)).status_code == 200


def test_backup_codes_are_not_kept_as_they_are(reviewer):
    codes = second_factor.new_backup_codes(reviewer)
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert not kept & {code.replace("-", "") for code in codes}


# -- Showing it


def test_a_code_of_the_app_lets_in_once(reviewer):
    key = with_app(reviewer).key
    code = code_of(key)
    client = signed(reviewer)
    before = client.session.session_key
    answer = give(client, f" {code[:3]} {code[3:]}", f"{PAGE}?next=/admin/visits/")
    assert answer.headers["Location"] == "/admin/visits/"
    assert client.session.session_key != before
    assert status(client) == 200
    other = signed(reviewer)
    assert "This code is wrong" in give(other, code).content.decode()
    assert status(other) == 302


def test_a_backup_code_lets_in_once(reviewer):
    with_app(reviewer)
    code = second_factor.new_backup_codes(reviewer)[3]
    client = signed(reviewer)
    assert give(client, code.upper()).status_code == 302
    assert status(client) == 200
    assert second_factor.backup_codes_left(reviewer) == 9
    assert give(signed(reviewer), code).status_code == 200


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_it_leads_nowhere_else(reviewer, next_):
    key = with_app(reviewer).key
    answer = give(signed(reviewer), code_of(key), f"{PAGE}?next={next_}")
    assert answer.headers["Location"] == "/admin/"


def test_codes_of_others_do_not_count(reviewer):
    with_app(reviewer)
    key = with_app(member_of(EDITOR)).key
    assert give(signed(reviewer), code_of(key)).status_code == 200


@pytest.mark.parametrize("code", ["", "12345", "١٢٣٤٥٦", "²²²²²²", "9" * 21, "a\0b", "123 45x"])
def test_odd_codes_are_wrong(reviewer, code):
    with_app(reviewer)
    second_factor.new_backup_codes(reviewer)
    assert give(signed(reviewer), code).status_code == 200


def test_after_a_wrong_code_one_waits(reviewer):
    key = with_app(reviewer).key
    client = signed(reviewer)
    assert give(client, "000000").status_code == 200
    answer = give(client, code_of(key))
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 2
    assert status(client) == 302


def test_ten_wrong_codes_lock_however_often_the_password_is_right(reviewer, settings):
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    key = with_app(reviewer).key
    reviewer.set_password(PASSWORD)
    reviewer.save()

    def anew():
        client = Client()
        data = {"username": reviewer.username, "password": PASSWORD}
        assert client.post("/admin/login/", data).status_code == 302
        return client

    assert [give(anew(), "000000").status_code for _each in range(9)] == [200] * 9
    client = anew()
    assert give(client, "000000").status_code == 429
    assert give(client, code_of(key)).status_code == 429


# -- Looking after it, and losing it


@pytest.fixture
def inside(reviewer):
    """(a browser that is signed in, the key of the app)."""
    device, client = with_app(reviewer), signed(reviewer)
    give(client, code_of(device.key, steps=-1))
    return client, device.key


def test_a_change_needs_a_code(inside, reviewer):
    client, key = inside
    wrong = give(client, "x", _remove="1")
    assert wrong.status_code == 200 and "This code is wrong" in wrong.content.decode()
    assert second_factor.app_of(reviewer)
    assert len(re.findall("<code>", give(client, code_of(key), _codes="1").content.decode())) == 10


def test_whoever_waits_stays_where_the_change_is_made(inside, reviewer):
    client, key = inside
    assert give(client, "000000", _remove="1").status_code == 200
    waits = give(client, code_of(key), _remove="1")
    assert waits.status_code == 429 and 'name="_remove"' in waits.content.decode()
    assert second_factor.app_of(reviewer)


def test_whoever_takes_it_away_needs_another(inside, reviewer):
    client, key = inside
    assert give(client, code_of(key), _remove="1").headers["Location"] == PAGE
    assert second_factor.app_of(reviewer) is None
    assert status(client) == 302
    assert "<svg" in client.get(PAGE).content.decode()


def test_a_superuser_takes_it_away(inside, reviewer, settings):
    client, _key = inside
    settings.SECOND_FACTOR = False
    root = signed(User.objects.create_superuser("root"))
    where = f"/admin/auth/user/{reviewer.pk}/second-factor/"
    assert f'href="{where}"' in root.get(f"/admin/auth/user/{reviewer.pk}/change/").content.decode()
    assert root.get(where).status_code == 200
    assert second_factor.app_of(reviewer)
    settings.SECOND_FACTOR = True
    assert root.post(where).status_code == 302
    assert second_factor.app_of(reviewer)
    settings.SECOND_FACTOR = False
    assert root.post(where).status_code == 302
    assert second_factor.app_of(reviewer) is None
    settings.SECOND_FACTOR = True
    assert status(client) == 302


def test_nobody_else_takes_it_away(inside, reviewer):
    client, _key = inside
    assert client.post(f"/admin/auth/user/{reviewer.pk}/second-factor/").status_code == 403
    assert second_factor.app_of(reviewer)


def test_the_command_takes_it_away(reviewer):
    with_app(reviewer)
    call_command("reset_second_factor", reviewer.username, stdout=StringIO())
    assert second_factor.app_of(reviewer) is None
    for name, said in ((reviewer.username, "has no second factor"), ("nobody", "There is no user")):
        with pytest.raises(CommandError, match=said):
            call_command("reset_second_factor", name)


def test_the_admin_shows_no_secret(settings):
    settings.SECOND_FACTOR = False
    root = User.objects.create_superuser("root")
    client = signed(root)
    for where in ("otp_totp/totpdevice/", "otp_static/staticdevice/", "axes/accessattempt/"):
        assert status(client, f"/admin/{where}") == 404


# -- Sessions


def test_a_new_password_ends_the_other_sessions():
    editor = member_of(EDITOR)
    editor.set_password(PASSWORD)
    editor.save()
    here, there = signed(editor), signed(editor)
    new = "another long road"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/admin/password_change/", data).status_code == 302
    assert (status(here), status(there)) == (200, 302)


def test_a_new_password_does_not_take_the_second_factor_out_of_the_session(inside, reviewer):
    client, key = inside
    reviewer.set_password(PASSWORD)
    reviewer.save()
    assert status(client) == 302
    client = signed(reviewer)
    give(client, code_of(key))
    new = "another long road"
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/admin/password_change/", data).status_code == 302
    assert status(client) == 200


@pytest.fixture
def clock(monkeypatch):
    """Moves time for sessions on."""
    now = [time()]
    monkeypatch.setattr(signed_in, "time", lambda: now[0])

    def on(seconds):
        now[0] += seconds

    return on


def test_a_session_that_is_not_used_ends(clock, settings):
    settings.SESSION_IDLE_SECONDS = 100
    client = signed(member_of(EDITOR))
    clock(90)
    assert status(client) == 200
    clock(90)
    assert status(client) == 200
    clock(101)
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert answer.cookies["sessionid"]["max-age"] == 0


def test_a_session_ends_however_much_it_is_used(clock, settings):
    settings.SESSION_AGE_SECONDS = 300
    client = signed(member_of(EDITOR))
    for _each in range(5):
        clock(59)
        assert status(client) == 200
    clock(6)
    assert status(client) == 302


def test_a_session_of_before_its_ages_were_known_ends():
    client = signed(member_of(EDITOR))
    session = client.session
    del session["began"]
    session.save()
    assert status(client) == 302
