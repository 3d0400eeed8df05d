"""How to cite a page, in a real browser: without a script, and with data for machines that is none either."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pybtex.database import parse_string

pytestmark = pytest.mark.browser


def test_reader_takes_a_reference_to_a_visit(page, seeded_server):
    """The `page` fixture fails it if the browser takes the embedded JSON-LD for a script that may not run."""
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto("/visits/nazarbayev-tur-2012-10/")
    cite = page.locator("#cite-this")
    expect(cite.get_by_role("link", name="BibTeX")).to_be_hidden()
    cite.get_by_text("Cite this").click()
    expect(cite).to_contain_text("kzforeign, “Nursultan Nazarbayev to Türkiye, October 2012”, revision r")
    expect(cite).to_contain_text("After S. Akiner, “Kazakhstan's Evolving Foreign Policy”")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.expect_download() as download:
        cite.get_by_role("link", name="BibTeX").click()
    assert download.value.suggested_filename.startswith("kzforeign-visits-nazarbayev-tur-2012-10-r")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    (entry,) = parse_string(text, "bibtex").entries.values()
    assert entry.fields["url"] == f"{seeded_server.url}/visits/nazarbayev-tur-2012-10/"
    described = json.loads(page.locator('script[type="application/ld+json"]').text_content())
    assert described["startDate"] == "2012-10"
