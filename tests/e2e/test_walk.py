"""What a reader and a curator do, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from apps.visits.models import Visit
from tests.e2e.keyboard import choose, tab_to

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)


def test_from_home_to_the_passage_behind_an_agreement(page):
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="China", exact=True).first.click()
    expect(page).to_have_url(re.compile(r"/states/CHN/$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("China")

    link = page.get_by_role("main").locator(".ledger a[href^='/agreements/']:not([href*='?'])").first
    title = link.inner_text().strip()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)

    page.get_by_role("main").locator("a[href^='/sources/']").first.click()
    expect(page).to_have_url(re.compile(r"/sources/[-\w]+/#[-\w]+$"))
    passage = page.locator(":target")
    expect(passage).to_be_in_viewport()
    expect(passage).to_contain_text(title)


def test_no_page_scrolls_sideways_on_a_phone(page):
    width = 360
    page.set_viewport_size({"width": width, "height": 800})
    for address in (
        "/",
        "/states/",
        "/states/CHN/",
        "/states/KAZ/",
        "/organizations/",
        "/visits/",
        "/agreements/",
        "/events/",
        "/projects/",
        "/figures/",
        "/about/analysts/",
        "/data/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_a_curator_adds_a_visit_by_keyboard(page, django_user_model):
    curator = django_user_model.objects.create_superuser("curator", password="a-password-for-tests")
    page.goto("/admin/visits/visit/add/")
    tab_to(page, "#id_username")
    page.keyboard.type("curator")
    page.keyboard.press("Tab")
    page.keyboard.type("a-password-for-tests")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Add visit")

    choose(page, "visitor", "Nazarbayev")
    tab_to(page, "#id_capacity")
    page.keyboard.type("head of state")
    choose(page, "sent_by_state", "Kazakhstan")
    choose(page, "host", "Türkiye|Turkey")
    tab_to(page, "#id_date")
    page.keyboard.type("Feb 1993")
    tab_to(page, "[name=_save]")
    page.keyboard.press("Enter")
    # What was typed stays, and the right spelling stands beside it.
    expect(page.locator(".field-date .errorlist")).to_contain_text("1993-02")
    expect(page.locator("#id_date")).to_have_value("Feb 1993")

    tab_to(page, "#id_date")
    page.keyboard.press("Control+A")
    page.keyboard.type("1993-02")
    tab_to(page, ".add-row a")
    page.keyboard.press("Enter")
    choose(page, "passage", "Bilateral", within="#citations-0")
    tab_to(page, "[name=_save]")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text("was added successfully")

    visit = Visit.objects.latest("pk")
    assert (visit.visitor.name_en, visit.host.code, str(visit.date)) == (
        "Nursultan Nazarbayev",
        "TUR",
        "1993-02",
    )
    assert visit.capacity == "head_of_state"
    assert visit.citations.count() == 1
    assert visit.history.first().history_user == curator
