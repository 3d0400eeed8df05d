"""The page that documents the API, under the site's own rules of what a page may load and run."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_docs_page_shows_the_api_and_tries_it(page):
    page.goto("/api/v1/docs/")
    states = page.locator("#operations-states-states_list")
    states.locator("button.opblock-summary-control").click()
    expect(states).to_contain_text("Code of a UN M49 region.")
    states.get_by_role("button", name="Execute").click()
    answer = states.locator(".live-responses-table")
    expect(answer.locator("tr.response td.response-col_status")).to_contain_text("200")
    expect(answer).to_contain_text('"count"')
