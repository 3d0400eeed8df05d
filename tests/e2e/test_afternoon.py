"""A curator's afternoon, in the browsers of an editor, a reviewer and a reader."""

import pytest
from playwright.sync_api import expect

from apps.core.changes import together
from apps.curation import workflow
from apps.curation.versions import version_of
from apps.visits.models import Visit
from tests.curation.conftest import member_of
from tests.e2e.keyboard import choose, tab_to
from tests.factories import cite, passage, person, source, state, visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
expect.set_options(timeout=15_000)
PASSWORD = "a-password-for-tests"


@pytest.fixture(autouse=True)
def roles(live_server, settings):
    """The groups, which the database of an earlier test with a server no longer has; and two curators."""
    from apps.curation.roles import make_roles

    settings.FOUR_EYES = True
    make_roles()
    for name in ("editor", "reviewer"):
        user = member_of(name)
        user.set_password(PASSWORD)
        user.save()


def log_in(page, name):
    page.goto("/admin/")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Curating the database")).to_be_visible()
    return page


def on_desk(page, section):
    page.goto("/admin/")
    return page.locator(f"#{section}")


def take(page, label, comment=""):
    """Presses the button of a step on the page for review, with a comment beside it."""
    form = page.locator(".steps form", has=page.get_by_role("button", name=label, exact=True))
    if comment:
        form.get_by_role("textbox").fill(comment)
    form.get_by_role("button").click()
    expect(page.locator(".messagelist .success")).to_contain_text("done")


def test_from_a_draft_to_its_readers_and_on_to_a_revision(new_page):
    person(name_en="Nursultan Nazarbayev", slug="nazarbayev-nursultan")
    state("KAZ", name_en="Kazakhstan"), state("TUR", name_en="Türkiye")
    passage(source=source(title="A chronicle"), section="Bilateral relations", paragraph=3)

    editor, reviewer, reader = log_in(new_page(), "editor"), log_in(new_page(), "reviewer"), new_page()
    expect(editor.locator("#drafts")).to_contain_text("You have no drafts")
    expect(reviewer.locator("#to-review")).to_contain_text("Nothing waits for review.")
    expect(editor.locator("#to-review")).to_have_count(0)

    add_by_keyboard(editor)
    row = Visit.objects.get()
    address = row.get_absolute_url()
    assert (row.status, row.citations.count()) == ("in_review", 1)
    assert reader.request.get(address).status == 404

    on_desk(reviewer, "to-review").get_by_role("link", name="Nursultan Nazarbayev to Türkiye").click()
    take(reviewer, "Return", "It was in February.")

    returned = on_desk(editor, "returned")
    expect(returned).to_contain_text("reviewer")
    expect(returned).to_contain_text("It was in February.")
    returned.get_by_role("link").click()
    editor.get_by_role("link", name="Edit").click()
    editor.locator("#id_date").fill("1993-02")
    editor.get_by_role("button", name="Save and send to review").click()
    expect(on_desk(editor, "returned")).to_contain_text("Nothing was returned to you.")

    on_desk(reviewer, "to-review").get_by_role("link").click()
    take(reviewer, "Publish")
    reader.goto(address)
    expect(reader.get_by_role("main")).to_contain_text("February 1993")

    change_what_is_public(editor, reviewer, reader, row)


def add_by_keyboard(page):
    page.goto("/admin/visits/visit/add/")
    choose(page, "visitor", "Nazarbayev")
    tab_to(page, "#id_capacity")
    page.keyboard.type("head of state")
    choose(page, "sent_by_state", "Kazakhstan")
    choose(page, "host", "Türkiye")
    tab_to(page, "#id_date")
    page.keyboard.type("1993")
    tab_to(page, "#id_occasion")
    page.keyboard.type("a state dinner in Ankara")
    tab_to(page, ".add-row a")
    page.keyboard.press("Enter")
    choose(page, "passage", "Bilateral", within="#citations-0")
    tab_to(page, "[name=_send]")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success").first).to_contain_text("Sent to review")


def change_what_is_public(editor, reviewer, reader, row):
    """With a reason, which is asked for; readers see the old until a reviewer has compared both."""
    address = row.get_absolute_url()
    editor.goto(f"/admin/visits/visit/{row.pk}/change/")
    editor.locator("#id_occasion").fill("a working dinner in Ankara")
    editor.get_by_label("Why this change").fill("the communiqué says so")
    editor.get_by_role("button", name="Save and send to review").click()
    expect(editor.locator(".messagelist .success").first).to_contain_text("pending revision")
    reader.goto(address)
    expect(reader.get_by_role("main")).to_contain_text("a state dinner in Ankara")

    waiting = on_desk(reviewer, "to-review")
    expect(waiting).to_contain_text("Visit, revision")
    waiting.get_by_role("link").click()
    expect(reviewer.locator("del")).to_have_text("state")
    expect(reviewer.locator("ins")).to_have_text("working")
    take(reviewer, "Publish")
    expect(on_desk(reviewer, "to-review")).to_contain_text("Nothing waits for review.")
    reader.goto(address)
    expect(reader.get_by_role("main")).to_contain_text("a working dinner in Ankara")


def test_from_an_old_version_restored_to_what_is_withdrawn(new_page):
    row = published_twice()
    address = row.get_absolute_url()
    editor, reviewer, reader = log_in(new_page(), "editor"), log_in(new_page(), "reviewer"), new_page()

    # The first version is the last of the list; compared with what is there now.
    editor.goto(f"/admin/visits/visit/{row.pk}/history/")
    editor.locator("input[name=from]").last.check()
    editor.locator("input[name=to]").first.check()
    editor.get_by_role("button", name="Compare them").click()
    difference = editor.locator("tr", has=editor.get_by_role("rowheader", name="Occasion"))
    expect(difference.locator("del")).to_have_text("state")
    expect(difference.locator("ins")).to_have_text("working")

    editor.goto(f"/admin/visits/visit/{row.pk}/history/")
    editor.get_by_role("link", name="Restore").last.click()
    editor.get_by_label("Why it is to be as it was").fill("the communiqué was misread")
    editor.get_by_role("button", name="Restore").click()
    reader.goto(address)
    expect(reader.get_by_role("main")).to_contain_text("a working dinner")
    editor.goto(f"/admin/visits/visit/{row.pk}/review/")
    take(editor, "Send to review")

    on_desk(reviewer, "to-review").get_by_role("link").click()
    take(reviewer, "Publish")
    reader.goto(address)
    expect(reader.get_by_role("main")).to_contain_text("a state dinner")

    reviewer.goto(f"/admin/visits/visit/{row.pk}/review/")
    take(reviewer, "Withdraw", "The source was retracted.")
    # Not as a page: the browser would say in its console that the server answered with an error.
    answer = reader.request.get(address)
    assert answer.status == 410
    assert "The source was retracted." in answer.text()


def published_twice():
    """A visit that was published, changed, and published again."""
    editor, reviewer = member_of("editor"), member_of("reviewer")
    # As a page of the admin writes it: its first version has the citation.
    with together():
        row = visit(status="draft", occasion="a state dinner", date="1993", updated_by=editor)
        cite(row)
    workflow.send(row, user=editor)
    workflow.publish(row, user=reviewer)
    version = version_of(row)
    version["own"]["occasion"] = "a working dinner"
    workflow.propose(row, version, user=editor, reason="the communiqué says so")
    workflow.send(row, user=editor)
    workflow.publish(row, user=reviewer)
    return row
