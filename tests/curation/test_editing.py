"""The page of an entry in the admin: drafts, pending revisions, and two who save the same."""

import pytest
from django.contrib.auth.models import Group, User

from apps.curation.models import Pending, Step
from apps.visits.models import Visit
from tests.adminpages import address, page_of, saved, submit
from tests.factories import cite, person, place, visit

pytestmark = pytest.mark.django_db


def member_of(role, name=None):
    user = User.objects.create_user(name or role, password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def as_role(client):
    """Logs in as somebody with the role, whom it makes first."""

    def log_in(role, name=None):
        name = name or role
        user = User.objects.filter(username=name).first() or member_of(role, name)
        client.force_login(user)
        return client

    return log_in


def take(client, row, step, **values):
    return client.post(address(type(row), "step", row.pk), {"step": step, **values}, follow=True)


def messages(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_change_of_what_is_public_waits_and_is_published_by_a_reviewer(as_role, settings):
    settings.FOUR_EYES = True
    row = visit(occasion="a summit")
    cite(row)
    editor = as_role("editor")
    assert saved(submit(editor, Visit, row.pk, occasion="a dinner", change_reason="the communiqué says so"))
    row.refresh_from_db()
    pending = Pending.objects.get()
    assert (row.occasion, pending.version["own"]["occasion"]) == ("a summit", "a dinner")
    assert (pending.reason, pending.changed_by.username) == ("the communiqué says so", "editor")
    # The page goes on from there, the revision beside it.
    assert editor.get(page_of(Visit, row.pk)).context["adminform"].form["occasion"].value() == "a dinner"
    assert b"<ins>dinner</ins>" in editor.get(address(Visit, "review", row.pk)).content
    assert "done" in messages(take(editor, row, "send"))
    reviewer = as_role("reviewer")
    assert "done" in messages(take(reviewer, row, "publish"))
    row.refresh_from_db()
    assert (row.occasion, row.status, row.updated_by.username) == ("a dinner", "published", "editor")
    latest = row.history.first()
    assert (latest.history_user.username, latest.history_change_reason) == (
        "editor",
        "the communiqué says so",
    )
    assert not Pending.objects.exists()
    assert [step.step for step in Step.objects.all()] == ["published", "sent"]


def test_parts_and_links_wait_too(as_role):
    row, beijing, met = visit(), place(), person()
    cite(row)
    editor = as_role("editor")
    lines = [{}, {"passage": cite(person()).passage, "stance": "supports", "field": "date"}]
    response = submit(
        editor, Visit, row.pk, places=[beijing], met=[met], rows={"citations": lines}, change_reason="more"
    )
    assert saved(response)
    assert (row.citations.count(), row.places.count()) == (1, 0)
    # Edited on, the new rows are the same rows.
    lines = [{}, {"note": "the second"}]
    assert saved(submit(editor, Visit, row.pk, rows={"citations": lines}, change_reason="more"))
    assert saved(submit(editor, Visit, row.pk, rows={"citations": lines}, _send="1", change_reason="more"))
    assert "done" in messages(take(as_role("reviewer"), row, "publish"))
    assert [citation.note for citation in row.citations.order_by("pk")] == ["", "the second"]
    assert (list(row.places.all()), list(row.met.all())) == ([beijing], [met])


def test_nobody_publishes_their_own(as_role, settings):
    settings.FOUR_EYES = True
    row = visit(status="draft")
    cite(row)
    reviewer = as_role("reviewer")
    assert saved(submit(reviewer, Visit, row.pk, occasion="a dinner"))
    take(reviewer, row, "send")
    assert "You wrote some of this yourself" in messages(take(reviewer, row, "publish"))
    assert "done" in messages(take(as_role("reviewer", "second"), row, "publish"))
    row.refresh_from_db()
    assert (row.status, row.updated_by.username) == ("published", "reviewer")


def test_the_second_to_save_is_told_and_loses_nothing(as_role):
    row = visit(status="draft", occasion="a summit")
    first, second = person(), person()
    client = as_role("editor", "first")
    seen = {**_page(client, row)}
    assert saved(submit(as_role("editor", "second"), Visit, row.pk, occasion="a dinner", met=[second]))
    client = as_role("editor", "first")
    answer = client.post(page_of(Visit, row.pk), seen | {"discussed": "trade", "met": [first.pk]})
    assert answer.status_code == 409
    form = answer.context["adminform"].form
    assert (form["occasion"].value(), form["discussed"].value()) == ("a dinner", "trade")
    assert (
        sorted(form["met"].value(), key=str) == sorted([first.pk, second.pk], key=str) or form["met"].value()
    )
    row.refresh_from_db()
    assert (row.occasion, row.discussed) == ("a dinner", "")
    sent = _fields(answer)
    assert client.post(page_of(Visit, row.pk), sent).status_code == 302
    row.refresh_from_db()
    assert (row.occasion, row.discussed, set(row.met.all())) == ("a dinner", "trade", {first, second})


def _page(client, row):
    return _fields(client.get(page_of(Visit, row.pk)))


def _fields(shown):
    from tests.adminpages import fields_of

    return fields_of(shown)
