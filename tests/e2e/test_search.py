"""The field in the header in a real browser: what it lists while one types, by keyboard, and without scripts."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.exhaustive]


def test_what_is_typed_is_listed_and_the_keyboard_goes_there(page):
    page.goto("/ru/states/?as_of=2012")
    page.get_by_role("searchbox").press_sequentially("Назар")
    links = page.locator("#suggestions a")
    expect(links.first).to_have_text("Нурсултан Назарбаев")
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(links).to_have_count(0)
    page.get_by_role("searchbox").press_sequentially("баев")
    links.first.click()
    expect(page).to_have_url("/ru/people/nazarbayev-nursultan/?as_of=2012")


def test_enter_searches_without_scripts(chromium, seeded_server):
    context = chromium.new_context(base_url=seeded_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("ШОС")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text("ШОС")
    context.close()
