"""Addresses in three languages, and links that keep the day."""

from datetime import date

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language_from_path, override

from apps.core.asof import keeping_day
from apps.core.languages import in_language, language_of, without_language
from tests.factories import state

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "code", "expected"),
    [
        ("/", "ru", "/ru/"),
        ("/states/CHN/?as_of=2012", "kk", "/kk/states/CHN/?as_of=2012"),
        ("/kk/states/", "ru", "/ru/states/"),
        ("/ru/", "en", "/"),
        ("/russia/", "kk", "/kk/russia/"),
    ],
)
def test_a_page_has_an_address_in_each_language(address, code, expected):
    assert in_language(address, code) == expected


def test_what_only_begins_like_a_language_is_none():
    assert without_language("/rural/") == "/rural/"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/ru",
        "/ru/",
        "/kk/states/",
        "/ru-kz/x/",
        "/ru@x/",
        "/rural/",
        "//",
        "/ru//",
        "/RU/",
        "/zz/",
        "/\0/",
    ]
    + ["ru/", f"/{'a' * 50}/", f"/ru-{'a' * 50}/x", f"/{'ru' * 20}"],
)
def test_the_language_of_a_path_is_what_django_reads(path):
    for _time in range(2):
        assert language_of(path) == (get_language_from_path(path) or "en")


@pytest.fixture
def focus(settings):
    return state(code=settings.FOCUS_STATE, name_en="Kazakhstan", name_kk="Қазақстан", name_ru="Казахстан")


@pytest.mark.parametrize(
    ("prefix", "code", "name"),
    [("", "en", "Kazakhstan"), ("/kk", "kk", "Қазақстан"), ("/ru", "ru", "Казахстан")],
)
def test_page_is_in_the_language_of_its_address(client, focus, prefix, code, name):
    # Whatever the browser would like best.
    response = client.get(f"{prefix}/states/{focus.code}/", headers={"Accept-Language": "kk, ru;q=0.5"})
    page = response.content.decode()
    assert response.headers["Content-Language"] == code
    assert "Accept-Language" not in response.headers.get("Vary", "")
    assert f'<html lang="{code}">' in page
    assert f"<h1>{name}</h1>" in " ".join(page.split()).replace("<h1> ", "<h1>").replace(" </h1>", "</h1>")
    for other in ("/states/", "/kk/states/", "/ru/states/"):
        assert f'href="http://testserver{other}{focus.code}/"' in page


def test_admin_names_the_parts_of_the_site_in_the_language_of_its_address(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("curator"))
    parts = client.get("/kk/admin/").context["app_list"]
    with override("kk"):
        assert [name for part in parts if (name := str(part["name"])).isascii()] == []


def test_english_has_no_prefix(client, focus):
    assert client.get(f"/en/states/{focus.code}/").status_code == 404


def test_files_and_the_api_have_one_address(client, focus):
    for address in ("/robots.txt", "/sitemap.xml", "/api/v1/states/"):
        assert client.get(address).status_code == 200
        assert client.get(f"/ru{address}").status_code == 404


def test_what_is_asked_for_in_one_language_leaves_the_next_alone(client, focus):
    client.get("/ru/states/")
    assert reverse("state-list") == "/states/"
    with override("ru"):
        assert reverse("state-list") == "/ru/states/"


@pytest.mark.parametrize(
    ("asked", "address", "expected"),
    [
        ("/?as_of=2012-07", "/states/", "/states/?as_of=2012-07"),
        ("/?as_of=2012-07", "/visits/?kind=state#rows", "/visits/?kind=state&as_of=2012-07#rows"),
        ("/?as_of=2012-07", "/states/?as_of=2001", "/states/?as_of=2001"),
        ("/?as_of=2012-07", "#about", "#about"),
        ("/?as_of=199X", "/states/", "/states/"),
        ("/", "/states/", "/states/"),
    ],
)
def test_links_keep_the_day(asked, address, expected):
    assert keeping_day(address, RequestFactory().get(asked)) == expected


def test_the_admin_is_in_the_language_of_its_address_and_leads_to_the_others(client, admin_user):
    client.force_login(admin_user)
    page = client.get("/ru/admin/auth/user/?q=a").content.decode()
    assert '<html lang="ru"' in page
    assert 'href="/admin/auth/user/?q=a"' in page and 'href="/kk/admin/auth/user/?q=a"' in page
    assert 'href="/ru/admin/auth/user/?q=a"' not in page


def test_dates_of_the_admin_are_kazakh():
    with override("kk"):
        assert date_format(date(1993, 2, 14), "DATE_FORMAT") == "1993 ж. 14 Ақпан"
