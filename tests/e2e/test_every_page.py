"""Every kind of page in a real browser: what axe finds, weight, width on a phone, what it asks for, its policy.

A run looks at each kind of page in one language and colour scheme, the next kind in the next ones; `EVERY_PAGE=all`
looks at each in all of them.
"""

import os
from itertools import cycle, groupby, product
from typing import NamedTuple

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection
from django.test import Client

from apps.core.languages import in_language
from apps.visits.models import Visit

EVERYTHING = os.environ.get("EVERY_PAGE") == "all"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.exhaustive,
    # How a page looks does not depend on the database; the walk goes through the site on both.
    pytest.mark.skipif(connection.vendor != "sqlite" and not EVERYTHING, reason="looked at on SQLite"),
]

# Pixels.
PHONE = 360
# Bytes that a browser fetches for a page it has never been to, compressed.
LIGHT, WITH_MAP = 60 * 1024, 120 * 1024
LOOKS = list(product([code for code, _name in settings.LANGUAGES], ["light", "dark"]))
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
SITE = [
    "/",
    "/states/",
    "/states/CHN/",
    "/states/KAZ/?as_of=2012-07-01",
    "/relations/CHN/RUS/",
    "/organizations/",
    "/organizations/sco/",
    "/people/",
    "/people/nazarbayev-nursultan/",
    "/visits/",
    "/visits/?year=nonsense",
    "/visits/nazarbayev-ind-2009/",
    "/agreements/",
    "/events/",
    "/projects/",
    "/figures/",
    "/memberships/",
    "/offices/",
    "/timeline/",
    "/map/",
    "/map/?region=142&measure=visits&as_of=2005",
    "/years/",
    "/matrix/?as_of=2012-07-01",
    "/balance/",
    "/years/",
    "/matrix/",
    "/matrix/?in=sco&in=osce&as_of=2012",
    "/balance/",
    "/balance/?kind=membership&years=nonsense",
    "/compare/",
    "/compare/?state=CHN&state=RUS&state=KAZ&as_of=2012-07-01",
    "/memberships/chn-sco/?as_of=2001-02-29",
    "/search/?q=ШОС",
    "/sources/",
    "/sources/akiner-kazakhstans-evolving-foreign-policy/",
    "/about/",
    "/about/analysts/",
    "/data/",
    "/data/layout/",
    "/nothing/",
]

ADMIN = [
    "/admin/",
    "/admin/visits/",
    "/admin/visits/visit/",
    "/admin/visits/visit/add/",
    "/admin/visits/visit/<pk>/change/",
    "/admin/visits/visit/<pk>/history/",
    "/admin/visits/visit/<pk>/review/",
    "/admin/visits/visit/<pk>/merge/",
    "/admin/visits/visit/import/",
    "/admin/visits/visit/export/",
    "/admin/password_change/",
    "/admin/second-factor/",
]


class Fault(NamedTuple):
    """Something that is wrong with a page."""

    address: str
    scheme: str
    what: str
    where: str = ""


def looks():
    """Those in which a page is looked at: one, another for each page, or all."""
    return cycle([LOOKS]) if EVERYTHING else ([look] for look in cycle(LOOKS))


def weight(response):
    """The bytes of a body as they are sent, or, of static files, which tests serve as they lie, would be."""
    if response.request.url.startswith("data:") or 300 <= response.status < 400:
        return 0
    if response.header_value("content-encoding"):
        return response.request.sizes()["responseBodySize"]
    return len(brotli.compress(response.body(), quality=5))


def barriers(page):
    """What axe finds, as (rule, where)."""
    for violation in Axe().run(page, options=RULES).response["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {violation['help']}", f"{node['target']} {node['html'][:160]}"


def sideways(page):
    """That it has to be pushed aside to be read on a phone, as (what, where)."""
    page.set_viewport_size({"width": PHONE, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    return [(f"{width} pixels wide", f"on a phone of {PHONE}")] if width > PHONE else []


def look_at(browser, server, address, scheme, cookies=()):
    """The faults of a page, and its weight in bytes; in a browser that has never been to the site."""
    context = browser.new_context(base_url=server.url, color_scheme=scheme, locale="en-GB")
    context.add_cookies(cookies)
    page = context.new_page()
    answers, said = [], []
    page.on("response", lambda response: answers.append(response))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if is_complaint(message) else None)
    try:
        page.goto(address, wait_until="networkidle")
        elsewhere = [one.url for one in answers if not one.url.startswith((server.url, "data:"))]
        # Taken before axe comes, which writes styles of its own into the page.
        found = [*((text, "console") for text in said), *((url, "asked") for url in elsewhere)]
        found += barriers(page)
        found += sideways(page)
        return [Fault(address, scheme, *one) for one in found], sum(map(weight, answers))
    finally:
        context.close()


def is_complaint(message):
    """Not that a page answered 400 or 404, which some are asked to do."""
    return message.type == "error" and "Failed to load resource" not in message.text


def seen(browser, server, addresses, cookies=()):
    """(faults, {address: weight}) of all, each in the look that is its turn."""
    faults, weights = [], {}
    for address, turn in zip(addresses, looks(), strict=False):
        for language, scheme in turn:
            there = in_language(address, language)
            found, weights[f"{there} {scheme}"] = look_at(browser, server, there, scheme, cookies)
            faults += found
    return faults, weights


def told(faults):
    """Each kind of fault of each page once, with how often it is there and one place where it is."""
    alike = groupby(sorted(faults), key=lambda fault: fault[:3])
    return "\n".join(
        " | ".join([*of, str(len(some)), some[0].where]) for of, some in ((o, list(s)) for o, s in alike)
    )


def test_no_page_of_the_site_has_a_fault(chromium, seeded_server):
    faults, weights = seen(chromium, seeded_server, SITE)
    for address, size in sorted(weights.items(), key=lambda item: -item[1]):
        print(f"{size / 1024:6.1f} KB  {address}")
    assert not faults, told(faults)
    heavy = {address: size for address, size in weights.items() if size > allowed(address)}
    assert not heavy


def allowed(address):
    return WITH_MAP if "/map/" in address else LIGHT


def test_no_page_of_the_admin_has_a_fault(chromium, seeded_server, django_user_model):
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("curator"))
    visit = Visit.objects.order_by("slug").first()
    pages = [page.replace("<pk>", str(visit.pk)) for page in ADMIN]
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": seeded_server.url}
    faults, _weights = seen(chromium, seeded_server, pages, [cookie])
    faults += seen(chromium, seeded_server, ["/admin/login/"])[0]
    assert not faults, told(faults)
