"""The history of an entry in the admin: its changes, its versions, and how one of them is brought back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core.changes import together
from apps.curation import workflow
from apps.curation.chronicle import chronicle
from apps.curation.models import Pending
from apps.curation.moments import in_address
from apps.curation.versions import version_of
from apps.visits.models import Visit
from tests.adminpages import address, messages, reasons, saved, submit, take
from tests.curation.conftest import member_of
from tests.factories import cite, person, place, visit

pytestmark = pytest.mark.django_db


def history(client, row, **query):
    return client.get(address(Visit, "history", row.pk), query)


def look(client, row, at):
    return client.get(address(Visit, "look", row.pk), {"at": at})


def restore(client, row, at, reason="as the source has it"):
    at = at if isinstance(at, str) else in_address(at)
    return client.post(address(Visit, "restore", row.pk), {"at": at, "reason": reason}, follow=True)


def draft(**fields):
    with together():
        row = visit(status="draft", **fields)
        cite(row)
    return row


def test_changes_steps_and_parts_stand_in_one_list(as_role):
    row = draft(occasion="a summit")
    editor = as_role("editor")
    lines = [{"note": "see page 4"}]
    given = {"occasion": "a dinner", "rows": {"citations": lines}, "change_reason": "the communiqué"}
    assert saved(submit(editor, Visit, row.pk, **given))
    take(editor, row, "send", comment="please")
    reviewer = as_role("reviewer")
    take(reviewer, row, "give_back", comment="who was met?")
    take(as_role("editor"), row, "send")
    take(as_role("reviewer"), row, "publish")
    text = " ".join(history(reviewer, row).content.decode().split())
    for words in (
        "<del>summit</del>",
        "<ins>dinner</ins>",
        "“the communiqué”",
        "see page 4",
        "<strong>Returned</strong>, reviewer: “who was met?”",
        "<strong>Published</strong>, reviewer",
        "<del>in review</del> <ins>published</ins>",
        "<strong>Entered</strong>",
    ):
        assert words in text
    # A step and the change that it made are one line.
    assert [bool(row.change) + len(row.steps) for row in history(reviewer, row).context["rows"]] == [
        2,
        2,
        2,
        2,
        1,
        1,
    ]


def test_steps_of_a_revision_that_readers_never_saw_are_told(as_role):
    row = visit()
    cite(row)
    editor = as_role("editor")
    assert saved(submit(editor, Visit, row.pk, occasion="a dinner", change_reason="more"))
    take(editor, row, "send")
    take(as_role("reviewer"), row, "give_back", comment="no source says so")
    assert b"no source says so" in history(editor, row).content


def test_page_by_page(as_role, monkeypatch):
    monkeypatch.setattr("apps.curation.history_pages.PER_PAGE", 3)
    row = draft()
    for number in range(5):
        row.occasion = f"dinner {number}"
        row.save()
    editor = as_role("editor")
    assert len(history(editor, row).context["rows"]) == 3
    second = history(editor, row, p=2).context["rows"]
    assert len(second) == 3
    # The last of a page is compared with the first of the next.
    assert [line.texts for line in second[0].change.groups[0].lines] == [("dinner 0", "dinner 1")]
    assert len(history(editor, row, p="x").context["rows"]) == 3


@pytest.mark.once
@pytest.mark.exhaustive
def test_as_many_queries_for_two_changes_as_for_twenty(as_role):
    editor, counts = as_role("editor"), []
    for times in (2, 20):
        row = draft()
        for number in range(times):
            row.occasion = f"dinner {number}"
            row.save()
            row.met.add(person())
            cite(row)
        with CaptureQueriesContext(connection) as queries:
            history(editor, row)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_any_version_can_be_looked_at_and_compared(as_role):
    row = draft(occasion="a summit")
    then = timezone.now()
    row.occasion = "a dinner"
    row.save()
    editor = as_role("editor")
    shown = look(editor, row, in_address(then))
    assert b"a summit" in shown.content and b"a dinner" not in shown.content
    query = {"from": in_address(then)}
    page = editor.get(address(Visit, "compare", row.pk), query).content
    assert b"<del>summit</del>" in page and b"<ins>dinner</ins>" in page
    # By the keys of records, in whatever order.
    last, first = row.history.values_list("pk", flat=True)[:2]
    page = editor.get(address(Visit, "compare", row.pk), {"from": last, "to": first}).content
    assert b"<del>summit</del>" in page and b"<ins>dinner</ins>" in page
    same = editor.get(address(Visit, "compare", row.pk), {"from": last, "to": last})
    assert b"Both versions say the same" in same.content


def test_wrong_moment_is_answered_in_a_sentence(as_role, subtests):
    row, editor = draft(), as_role("editor")
    for at, said in [
        ("", "Give a day"),
        ("yesterday", "Give a day"),
        ("2026-02-30", "Give a day"),
        ("2020-01-01T00:00:00", "Give a day"),
        ("0001-01-01T00:00:00+14:00", "Give a day"),
        ("9999-12-31", "still to come"),
        ("1990-01-01", "was not there"),
        ("9" * 30, "Give a day"),
    ]:
        with subtests.test(at=at):
            for response in (
                look(editor, row, at),
                editor.get(address(Visit, "compare", row.pk), {"from": at}),
            ):
                assert (response.status_code, said in response.content.decode()) == (400, True)
            assert said in messages(restore(editor, row, at))


def test_restoring_a_draft_brings_back_all_but_its_address(as_role):
    row, beijing = draft(slug="first", occasion="a summit"), place()
    row.places.add(beijing)
    then, version = timezone.now(), version_of(row)
    row.slug, row.occasion = "second", "a dinner"
    row.save()
    row.places.set([place()])
    row.citations.all().delete()
    editor = as_role("editor")
    assert "Restored" in messages(restore(editor, row, then))
    version["own"]["slug"] = "second"
    assert version_of(row) == version
    assert reasons(row)[-1] == ("editor", "as the source has it")
    assert "says this already" in messages(restore(editor, row, timezone.now()))


def test_restoring_what_was_public_is_a_revision_to_be_reviewed(as_role):
    row = visit(occasion="a summit")
    cite(row)
    then = timezone.now()
    row.occasion = "a dinner"
    row.save()
    editor = as_role("editor")
    assert "pending revision" in messages(restore(editor, row, then))
    row.refresh_from_db()
    pending = Pending.objects.get()
    assert (row.occasion, pending.version["own"]["occasion"]) == ("a dinner", "a summit")
    assert (pending.reason, pending.status) == ("as the source has it", "draft")
    # One revision at a time.
    assert "There is a pending revision of it." in messages(
        restore(editor, row, row.history.earliest().history_date)
    )
    workflow.send(row, user=pending.changed_by)
    workflow.publish(row, user=member_of("reviewer"))
    row.refresh_from_db()
    assert row.occasion == "a summit"


def test_restoring_needs_a_reason(as_role):
    row = draft(occasion="a summit")
    then = timezone.now()
    row.occasion = "a dinner"
    row.save()
    editor = as_role("editor")
    assert "Say why" in messages(restore(editor, row, then, reason=" "))
    assert "300 signs" in messages(restore(editor, row, then, reason="x" * 301))
    assert "control character" in messages(restore(editor, row, then, reason="\0"))
    row.refresh_from_db()
    assert row.occasion == "a dinner"


def test_what_an_old_version_names_and_is_gone_is_named_and_nothing_written(as_role):
    gone = person(name_en="Nobody Else", status="draft")
    row = draft(visitor=gone)
    then = timezone.now()
    row.visitor, row.occasion = person(), "a dinner"
    row.save()
    gone.delete()
    count = Visit.history.count()
    assert "Person “Nobody Else”" in messages(restore(as_role("editor"), row, then))
    row.refresh_from_db()
    assert (row.occasion, Visit.history.count()) == ("a dinner", count)


def test_what_the_database_refuses_is_a_sentence(as_role):
    row = draft(slug="first", occasion="a summit")
    then, key = timezone.now(), row.pk
    row.delete()
    visit(slug="first")
    response = restore(as_role("editor"), Visit(pk=key), then)
    assert "It does not go with what there is now" in messages(response)
    assert not Visit.objects.filter(pk=key).exists()


def test_who_may_only_view_may_look_and_not_restore(as_role):
    row = draft(occasion="a summit")
    then = timezone.now()
    row.occasion = "a dinner"
    row.save()
    viewer = as_role("viewer")
    assert history(viewer, row).status_code == 200
    shown = look(viewer, row, in_address(then))
    assert shown.status_code == 200 and b'id="restore"' not in shown.content
    assert restore(viewer, row, then).status_code == 403


def test_deleted_draft_can_be_looked_at_and_brought_back(as_role):
    row = draft(slug="first")
    then, key, version = timezone.now(), row.pk, version_of(row)
    row.delete()
    row = Visit(pk=key)
    editor = as_role("editor")
    assert b"It was deleted" in history(editor, row).content
    assert look(editor, row, in_address(then)).status_code == 200
    assert "Restored" in messages(restore(editor, row, then))
    assert version_of(row) == version
    assert Visit.objects.get(pk=key).status == "draft"


def test_old_addresses_of_versions_lead_to_the_page_and_revert_nothing(as_role):
    row = draft(occasion="a summit")
    row.occasion = "a dinner"
    row.save()
    old = address(Visit, "simple_history", row.pk, row.history.earliest().pk)
    editor = as_role("editor")
    shown = editor.get(old, follow=True)
    assert b"a summit" in shown.content
    assert "Nothing was changed" in messages(editor.post(old, {"occasion": "a summit"}, follow=True))
    row.refresh_from_db()
    assert row.occasion == "a dinner"
    assert len(chronicle(row)) == 2
