"""Texts that would run a script, in every field of every model, in a real browser: they are shown, and run nowhere."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import expect

from apps.curation import workflow
from apps.curation.versions import version_of
from apps.sources.models import Source
from apps.visits.models import Visit
from tests.adminpages import address
from tests.hostile.payloads import MARK, PAYLOADS, hostile_world, text

pytestmark = [pytest.mark.browser, pytest.mark.exhaustive, pytest.mark.once, pytest.mark.long]

LISTS = [
    *("/", "/states/", "/organizations/", "/people/", "/visits/", "/agreements/", "/events/", "/projects/"),
    *(
        "/figures/",
        "/memberships/",
        "/offices/",
        "/sources/",
        "/timeline/",
        "/matrix/",
        "/balance/",
        "/years/",
    ),
    *("/search/?q=alert", "/map/", "/feed/", "/api/v1/visits/", "/ru/visits/"),
]
# What a page has that one of the texts made, and what the page shows as text.
MADE = f"""[...document.querySelectorAll("[{MARK}], a[href^='javascript:' i], a[href^='data:' i]")].map(
    one => one.outerHTML.slice(0, 200))"""
SHOWN = """document.documentElement.innerText + " "
    + [...document.querySelectorAll("input, textarea")].map(one => one.value).join(" ")"""


class Looking:
    """Through a browser, at pages that must not do what their texts say."""

    def __init__(self, browser, server, session=""):
        self.context = browser.new_context(base_url=server.url, locale="en-GB")
        if session:
            self.context.add_cookies([{"name": "sessionid", "value": session, "url": server.url}])
        self.page = self.context.new_page()
        self.server, self.found, self.shown = server, [], ""
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on(
            "console", lambda said: said.type == "error" and self._complain(f"{said.text} {said.location}")
        )
        self.page.on("request", self._asked)

    def _complain(self, what):
        # Of a file that has no page, Chromium asks for the icon.
        if "status of 410" not in what and "/favicon.ico" not in what:
            self.found.append((self.page.url, what))

    def _dialog(self, dialog):
        self._complain(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _asked(self, request):
        """A picture that a text put into the page, or a page that it led to."""
        ours = [f"{self.server.url}/{path}" for path in ("static/", "admin/jsi18n/", "api/v1/docs/?script=")]
        is_ours = request.url.startswith((*ours, "data:image/"))
        if not (is_ours or request.is_navigation_request() or request.resource_type in ("xhr", "fetch")):
            self._complain(f"asked for {request.url}")

    def at(self, where):
        self.page.goto(where)
        self.look()

    def look(self):
        for what in self.page.evaluate(MADE):
            self._complain(what)
        shown = " ".join(self.page.evaluate(SHOWN).split())
        if "alert(" not in shown:
            self._complain("shows none of the texts")
        self.shown += shown

    def missing(self):
        """The texts that were seen nowhere."""
        return [payload for payload in PAYLOADS if " ".join(payload.split()) not in self.shown]


def told(looking):
    return "\n".join(f"{where}: {what}" for where, what in looking.found)


@pytest.fixture
def entries(live_server):
    return hostile_world()


@pytest.fixture
def looking(chromium, live_server):
    opened = []

    def look(session=""):
        opened.append(Looking(chromium, live_server, session))
        return opened[-1]

    yield look
    for one in opened:
        one.context.close()


def of_each_kind(entries):
    """One entry of each kind, the first."""
    return list({type(entry): entry for entry in reversed(entries)}.values())


def test_readers_see_them(looking, entries):
    reader = looking()
    states = [entry for entry in entries if entry._meta.model_name == "state"]
    pages = [entry.get_absolute_url() for entry in of_each_kind(entries)]
    pair = f"{states[0].code}/{states[1].code}/"
    compared = "&".join(f"state={state.code}" for state in states[:2])
    source = entries[0].citations.first().passage.source
    pages += [source.get_absolute_url(), f"/relations/{pair}", f"/compare/?{compared}", *LISTS]
    for where in filter(None, pages):
        reader.at(where)
    reader.page.goto("/")
    reader.page.get_by_role("searchbox").press_sequentially("alert(")
    expect(reader.page.locator("#suggestions a").first).to_be_visible()
    reader.look()
    in_the_documentation(reader)
    assert not reader.found, told(reader)
    assert reader.missing() == []


def in_the_documentation(reader):
    reader.page.goto("/api/v1/docs/")
    visits = reader.page.locator("#operations-visits-visits_list")
    visits.locator("button.opblock-summary-control").click()
    visits.get_by_role("button", name="Execute").click()
    expect(visits.locator(".live-responses-table tr.response td.response-col_status")).to_contain_text("200")
    reader.look()


def test_curators_see_them(looking, entries):
    root = User.objects.create_superuser(
        "root<img data-xss src=x>", first_name=text(150), last_name=text(150)
    )
    group = Group.objects.create(name=text(150))
    client = Client()
    client.force_login(root)
    curator = looking(client.cookies["sessionid"].value)
    in_the_workflow(entries, root)
    for number, entry in enumerate(of_each_kind(entries)):
        curator.at(address(type(entry), ("changelist", "history")[number % 2], *[entry.pk] * (number % 2)))
        curator.at(address(type(entry), "change", entry.pk))
    curator.at(address(Group, "change", group.pk))
    curator.at(address(User, "change", root.pk))
    visit = Visit.objects.first()
    curator.at(address(Visit, "review", visit.pk))
    curator.at(address(Visit, "merge", visit.pk))
    for page, name in (("look", "at"), ("compare", "from")):
        curator.at(f"{address(Visit, page, visit.pk)}?{name}={last_version(visit)}")
    source = visit.citations.first().passage.source
    curator.at(address(Source, "delete", source.pk))
    curator.at(f"{visit.get_absolute_url()}?preview=1")
    curator.at("/admin/")
    while_working(curator, source)
    assert not curator.found, told(curator)
    assert curator.missing() == []


def last_version(row):
    return row.history.latest("history_date").history_date.isoformat().replace("+", "%2B")


def in_the_workflow(entries, user):
    """A revision that waits, and an entry that is withdrawn."""
    visit = Visit.objects.first()
    version = version_of(visit)
    version["own"]["occasion"] = text(300)
    workflow.propose(visit, version, user=user, reason=text(300))
    workflow.send(visit, user=user, comment=text(300))
    gone = next(entry for entry in entries if entry._meta.model_name == "figure")
    workflow.withdraw(gone, user=user, comment=text(300))


def while_working(curator, source):
    """What is typed is found, what is saved is told."""
    page = curator.page
    page.goto("/admin/visits/visit/add/")
    page.locator(".field-visitor .select2-selection").click()
    page.keyboard.type("alert(")
    expect(page.locator(".select2-results__option--highlighted")).to_contain_text("alert(")
    curator.look()
    page.keyboard.press("Enter")
    page.locator("[name=_save]").click()
    expect(page.locator(".field-host .errorlist")).to_be_visible()
    expect(page.locator(".field-visitor .select2-selection")).to_contain_text("alert(")
    curator.look()
    page.goto(address(Source, "change", source.pk))
    page.get_by_label("Why this change").fill(PAYLOADS[1])
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist")).to_contain_text("alert(")
    curator.look()
