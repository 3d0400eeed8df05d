import pytest
from django.core.management import call_command
from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM


@pytest.fixture(scope="module")
def chromium(django_db_setup):
    """Not for the whole session: as long as it runs, this thread has an event loop, which Django refuses to meet."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        # Chromium's own sandbox does not start for root, as whom the gate runs; it only visits the test's server.
        browser = playwright.chromium.launch(executable_path=CHROMIUM or "chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def seeded_server(live_server):
    call_command("seed", verbosity=0)
    return live_server


@pytest.fixture
def page(chromium, seeded_server):
    """A page that fails the test if it asks another host for anything, or complains in its console."""
    complaints = []
    context = chromium.new_context(base_url=seeded_server.url, locale="en-GB")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on(
        "request",
        lambda request: complaints.append(request.url) if elsewhere(request, seeded_server) else None,
    )
    yield page
    context.close()
    assert complaints == []


def elsewhere(request, server):
    return not request.url.startswith((server.url, "data:"))
