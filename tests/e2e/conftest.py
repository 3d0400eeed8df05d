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
def new_page(chromium, live_server):
    """Opens pages, each as in a browser of somebody else.

    They fail the test if one asks another host for anything, or complains in its console.
    """
    complaints, contexts = [], []

    def complain_of_elsewhere(request):
        if not request.url.startswith((live_server.url, "data:")):
            complaints.append(request.url)

    def complain_of_error(message):
        if message.type == "error":
            complaints.append(message.text)

    def open_page():
        contexts.append(chromium.new_context(base_url=live_server.url, locale="en-GB"))
        contexts[-1].set_default_timeout(15_000)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", complain_of_error)
        page.on("request", complain_of_elsewhere)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page, seeded_server):
    return new_page()
