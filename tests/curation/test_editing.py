"""The page of an entry in the admin: drafts, pending revisions, and two who save the same."""

import pytest
from django.db import OperationalError

from apps.curation.models import Pending, Step
from apps.visits.models import Visit
from tests.adminpages import address, fields_of, messages, page_of, saved, submit, take
from tests.factories import cite, person, place, visit

pytestmark = pytest.mark.django_db


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


def test_withdrawing_says_what_goes_with_it_and_that_says_why(as_role):
    visitor = person(slug="nazarbayev")
    row = visit(visitor=visitor)
    cite(visitor), cite(row)
    page = as_role("reviewer").get(address(type(visitor), "review", visitor.pk)).content.decode()
    assert "go from readers" in page and "visits (1)" in page
    take(as_role("reviewer"), visitor, "withdraw", comment="twice the same")
    page = as_role("editor").get(page_of(Visit, row.pk)).content.decode()
    assert "Readers do not see it at present." in page


def test_who_may_only_look_is_told_where_it_stands(as_role):
    row = visit(status="draft")
    page = as_role("viewer").get(page_of(Visit, row.pk)).content.decode()
    assert "Readers do not see it." in page and "_send" not in page and 'name="_seen"' not in page


def test_discarded_revision_stays_in_the_history(as_role):
    row = visit(occasion="a summit")
    cite(row)
    submit(as_role("editor"), Visit, row.pk, occasion="a dinner", change_reason="the communiqué")
    assert "Say why the revision is discarded" in messages(take(as_role("reviewer"), row, "discard"))
    take(as_role("reviewer"), row, "discard", comment="no source says so")
    page = as_role("viewer").get(address(Visit, "history", row.pk)).content.decode()
    assert "no source says so" in page and "<ins>dinner</ins>" in page
    assert "Restore" not in page


def test_reason_of_the_second_to_save_is_theirs(as_role):
    row = visit()
    cite(row)
    sent = fields_of(as_role("editor", "second").get(page_of(Visit, row.pk)))
    submit(as_role("editor", "first"), Visit, row.pk, occasion="a dinner", change_reason="the communiqué")
    second = as_role("editor", "second")
    told = second.post(page_of(Visit, row.pk), sent | {"discussed": "oil", "change_reason": "the memoir"})
    assert told.status_code == 409
    assert fields_of(told)["change_reason"] == "the memoir"
    assert "(you left it as it was)" in told.content.decode()


def test_revision_is_not_said_to_be_lost_where_the_database_is_busy(as_role, monkeypatch):
    row = visit(occasion="a summit")
    cite(row)
    editor = as_role("editor")
    assert saved(submit(editor, Visit, row.pk, occasion="a dinner", change_reason="the communiqué"))

    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("apps.curation.versions.apply", busy)
    for page in (page_of(Visit, row.pk), address(Visit, "review", row.pk)):
        with pytest.raises(OperationalError):
            editor.get(page)
