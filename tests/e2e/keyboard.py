"""Filling in pages of the admin without a mouse."""

import re

import pytest
from playwright.sync_api import expect


def tab_to(page, selector):
    """Presses Tab until the focus is on what the selector finds; fails where it cannot be reached so."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by Tab")


def choose(page, field, text, within=""):
    """Chooses in a field with autocompletion the first row that is found by `text` (or, after |, is shown so)."""
    typed = text.split("|")[0]
    tab_to(page, f"{within} .field-{field} .select2-selection")
    page.keyboard.press("Enter")
    expect(page.locator(".select2-container--open .select2-search__field")).to_be_focused()
    page.keyboard.type(typed)
    expect(page.locator(".select2-results__option--highlighted")).to_contain_text(re.compile(text))
    page.keyboard.press("Enter")
