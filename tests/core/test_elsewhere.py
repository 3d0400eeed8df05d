"""Nobody is led to another site, whatever host, proxy or next page a request names."""

import re
from html import unescape
from itertools import product
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django_otp.plugins.otp_static.models import StaticDevice

from apps.core.throttling import address_of
from apps.curation import second_factor
from tests.hostile.asking import ask, elsewhere
from tests.sampling import sample

pytestmark = pytest.mark.django_db

PASSWORD = "sees a long road"
# Every way to write the address of another site that some browser takes for one, or of what is no page.
ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "https://evil.example/admin/",
    "HTTPS://EVIL.EXAMPLE",
    "http:\\\\evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\r\n//evil.example",
    " //evil.example",
    "\x01//evil.example",
    "\x1f/\\evil.example",
    "//testserver@evil.example",
    "//evil.example\\@testserver",
    "//evil.example#@testserver",
    "https://testserver.evil.example/",
    "https://testserver:x@evil.example/",
    "//[evil.example",
    "//evil。example",
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "ftp://testserver/",
]
# What an address of the site begins with that another site's stands behind.
PATHS = [
    *("//evil.example", "//evil.example/", "//evil.example/states", "///evil.example/states"),
    *("/\\evil.example", "/%5Cevil.example/", "/%5Cevil.example/states", "/%09/evil.example/states"),
    *("/%2Fevil.example", "/%2F%2Fevil.example/states", "/.//evil.example", "/..//evil.example/states"),
    *("/ru//evil.example", "/ru//evil.example/", "/ru/%5Cevil.example/", "/kk/%2F/evil.example"),
    *("/en//evil.example/", "/ru%2F%2Fevil.example", "//evil.example/ru/states", "//ru//evil.example/"),
    *("/admin//evil.example", "/admin/%5Cevil.example", "//evil.example/admin", "/api//evil.example"),
    *("/states//evil.example", "/relations/%5Cevil.example", "/relations//evil.example/", "/static//evil.example"),
    *("/visits?//evil.example", "/ru/visits?next=//evil.example", "/api/v1/visits?//evil.example"),
    *("/cite/text/?of=//evil.example/", "/cite/text/?of=/\\evil.example/", "/%0D%0ALocation:%20//evil.example"),
    "/https://evil.example/states",
]  # fmt: skip
LINKS = re.compile(r"""(?:href|action|src|content)=(?:"([^"]*)"|'([^']*)')""")
SPOOFED = [
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Server": "evil.example", "X-Host": "evil.example"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on", "Front-End-Https": "on", "X-Url-Scheme": "https"},
    {"X-Forwarded-Proto": "javascript", "X-Forwarded-Port": "1", "X-Forwarded-Prefix": "//evil.example"},
    {"X-Forwarded-For": "192.0.2.1, evil.example", "X-Real-Ip": "192.0.2.1", "Client-Ip": "192.0.2.1"},
    {"Forwarded": "for=192.0.2.1;host=evil.example;proto=https", "Via": "1.1 evil.example"},
    {"X-Original-Url": "/admin/", "X-Rewrite-Url": "/admin/", "X-Http-Method-Override": "POST"},
    {"Origin": "https://evil.example", "Referer": "https://evil.example/"},
]
HOSTS = [
    *("evil.example", "testserver.evil.example", "eviltestserver", "evil.example:80", "testserver:80@evil.example"),
    *("testserver@evil.example", "testserver#evil.example", "testserver/evil.example", "testserver, evil.example"),
    *("testserver evil.example", "testserver:evil.example", "testserver\t.evil.example", "[evil.example]", "."),
    *("testserver\\@evil.example", "testserver%00.evil.example", "\xff", "evil.example\x00testserver"),
]  # fmt: skip


@pytest.fixture
def root(settings):
    settings.SECOND_FACTOR = False
    return User.objects.create_superuser("root", password=PASSWORD)


def test_what_leads_elsewhere_is_told_from_what_does_not():
    assert [where for where in ELSEWHERE if not elsewhere(where)] == []
    ours = [
        "/",
        "/admin/",
        "?e=1",
        "#x",
        "",
        "http://testserver/x",
        "/x//evil.example",
        "//testserver/",
        "x/y",
    ]
    assert [where for where in ours if elsewhere(where)] == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("there", ["next", "next of the form"])
def test_login_leads_nowhere_else(root, there):
    found = []
    for where in ELSEWHERE:
        asked, sent = ("", {"next": where}) if "form" in there else (f"?next={quote(where)}", {})
        form = {"username": "root", "password": PASSWORD, **sent}
        answer = Client().post(f"/admin/login/{asked}", form)
        if answer.status_code != 302 or elsewhere(answer.headers["Location"]):
            found.append((where, answer.status_code, answer.headers.get("Location")))
    assert found == []


@pytest.mark.exhaustive
def test_what_asks_to_log_in_comes_back_here(root):
    for where in ELSEWHERE:
        page = Client().get(f"/admin/login/?next={quote(where)}")
        assert page.status_code == 200 and links_elsewhere(page.content.decode()) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("page", ["/admin/login/", "/admin/logout/", "/admin/password_change/"])
def test_who_is_signed_in_is_led_nowhere_else(root, page):
    form = {"old_password": PASSWORD, "new_password1": f"{PASSWORD}.", "new_password2": f"{PASSWORD}."}
    for where, method in product(ELSEWHERE, ("get", "post")):
        client = Client()
        client.force_login(root)
        answer = getattr(client, method)(f"{page}?next={quote(where)}", {"next": where, **form})
        assert not elsewhere(answer.headers.get("Location", "/")), where
        root.set_password(PASSWORD)
        root.save()


@pytest.mark.exhaustive
def test_second_factor_leads_nowhere_else(root):
    for where in ELSEWHERE:
        StaticDevice.objects.all().delete()
        second_factor.TOTPDevice.objects.get_or_create(user=root, name="app")
        code = second_factor.new_backup_codes(root)[0]
        client = Client()
        client.force_login(root)
        answer = client.post(f"/admin/second-factor/?next={quote(where)}", {"code": code, "next": where})
        assert answer.status_code == 302 and answer.headers["Location"] == "/admin/", where


def test_no_address_leads_elsewhere(site, subtests):
    for where in PATHS:
        with subtests.test(where=where):
            for method in ("GET", "HEAD", "POST"):
                answer = ask(where, method, to=site)
                assert answer.status < 500 and not elsewhere(answer.headers.get("Location", "/"))
                assert links_elsewhere(answer.content.decode(errors="replace")) == []


def links_elsewhere(page):
    """Links of a page to another host that its address has named."""
    found = [unescape(one or other) for one, other in LINKS.findall(page)]
    return [link for link in found if elsewhere(link) and "evil" in link.lower()]


PLACES = ["/", "/ru/states/CHN/", "/api/v1/states/CHN/", "/feed/", "/states?x=1", "/admin/"]


@pytest.mark.parametrize("place", sample(PLACES, ["/ru/states/CHN/", "/states?x=1"]))
def test_what_a_client_says_of_a_proxy_is_not_believed(site, place):
    plain = ask(place, to=site)
    for heads in SPOOFED:
        spoofed = ask(place, heads=heads, to=site)
        assert spoofed.status == plain.status and told(spoofed) == told(plain), heads


def told(answer):
    """But for what is another one each time."""
    return answer.headers.get("Location"), re.sub(rb'csrfmiddlewaretoken" value="\w+', b"", answer.content)


def test_another_host_is_refused(site, subtests):
    for host in HOSTS:
        with subtests.test(host=host):
            for place in ("/", "/api/v1/states/CHN/", "/feed/", "/admin/login/", "/states", "/sitemap.xml"):
                answer = ask(place, heads={"Host": host}, to=site)
                assert (
                    answer.status == 400
                    and b"evil" not in answer.content
                    and "Location" not in answer.headers
                )


@pytest.mark.parametrize(
    ("proto", "scheme"),
    [
        ("https", "https"),
        ("https, gopher", "https"),
        ("gopher", "http"),
        ("javascript:", "http"),
        ("", "http"),
    ],
)
def test_proxy_says_https_or_nothing(site, settings, proto, scheme):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    answer = ask("/feed/", heads={"X-Forwarded-Proto": proto}, to=site)
    text = answer.content.decode()
    assert f'href="{scheme}://testserver' in text and "gopher" not in text and "javascript" not in text


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "192.0.2.9"), (1, "203.0.113.5"), (2, "198.51.100.7"), (9, "evil")]
)
def test_address_is_told_by_so_many_proxies_as_there_are(settings, proxies, address):
    from rest_framework.settings import api_settings

    heads = {"REMOTE_ADDR": "192.0.2.9", "HTTP_X_FORWARDED_FOR": "evil, 198.51.100.7, 203.0.113.5"}
    request = RequestFactory().get("/", **heads)
    api_settings.NUM_PROXIES, before = proxies, api_settings.NUM_PROXIES
    try:
        assert address_of(request) == address
    finally:
        api_settings.NUM_PROXIES = before
