"""The front page of the admin: what waits for whom."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.models import Entry
from apps.curation import workflow
from apps.curation.desk import LISTS
from apps.curation.models import NotTheSame, Pending, Step
from apps.curation.versions import version_of
from apps.curation.waiting import COUNTED, SHOWN
from apps.visits.models import Visit
from tests import factories
from tests.adminpages import address, messages
from tests.curation.conftest import member_of
from tests.factories import (
    action,
    agreement,
    at_once,
    cite,
    party,
    passage,
    person,
    place,
    source,
    state,
    visit,
)

pytestmark = pytest.mark.django_db
TOLD_APART = "/admin/told-apart/"


@pytest.fixture(autouse=True)
def four_eyes(settings):
    settings.FOUR_EYES = True


def desk_of(client):
    return client.get("/admin/").context["desk"]


def draft(by, **fields):
    row = visit(status="draft", updated_by=by, **fields)
    cite(row)
    return row


def revision(row, by, note="a second thought"):
    version = version_of(row)
    version["own"]["note"] = note
    workflow.propose(row, version, user=by, reason="a second source")
    return row


def listed(shortlist):
    return [(row.entry, row.is_revision, row.is_mine) for row in shortlist.rows]


def section(response, name):
    """The text of a section of the page, in one line."""
    text = re.search(rf'<section class="module" id="{name}">.*?</section>', response.content.decode(), re.S)
    return " ".join(re.sub("<[^>]+>", " ", text[0]).split()) if text else None


# What is sent and returned


def test_reviewer_sees_what_waits_longest_first_with_who_sent_it_and_why(as_role):
    editor, reviewer = member_of("editor"), member_of("reviewer")
    first, second = draft(editor, occasion="<b>a summit</b>"), draft(reviewer)
    changed = revision(visit(), editor)
    draft(editor), revision(visit(), editor), visit()
    workflow.send(second, user=reviewer)
    workflow.send(changed, user=editor, comment="as the communiqué has it")
    workflow.send(first, user=editor, comment="from <i>paragraph</i> three")
    client = as_role("reviewer")
    page = client.get("/admin/")
    desk = page.context["desk"]
    assert listed(desk.to_review) == [(second, False, True), (changed, True, False), (first, False, False)]
    assert [row.step.comment for row in desk.to_review.rows] == [
        "",
        "as the communiqué has it",
        "from <i>paragraph</i> three",
    ]
    text = section(page, "to-review")
    assert text.count("another reviewer publishes this") == 1
    assert "Visit, revision editor" in text and "from &lt;i&gt;paragraph&lt;/i&gt; three" in text
    assert f'href="{address(Visit, "review", first.pk)}"' in page.content.decode()
    assert section(as_role("editor").get("/admin/"), "to-review") is None


def test_without_four_eyes_nobody_waits_for_another(as_role, settings):
    settings.FOUR_EYES = False
    row = draft(reviewer := member_of("reviewer"))
    workflow.send(row, user=reviewer)
    assert "another reviewer" not in section(as_role("reviewer").get("/admin/"), "to-review")


def test_what_came_to_review_without_a_step_is_there_too(as_role):
    row = visit(status="in_review")
    (waiting,) = desk_of(as_role("reviewer")).to_review.rows
    assert (waiting.entry, waiting.step, waiting.since) == (row, None, row.updated_at)


def test_editor_sees_what_was_returned_and_not_what_was_sent_since(as_role):
    editor, reviewer = member_of("editor"), member_of("reviewer")
    returned, again, others = draft(editor), draft(editor), draft(member_of("editor", "second"))
    changed = revision(visit(), editor)
    for row in (returned, again, others, changed):
        workflow.send(row, user=row.updated_by or editor)
        workflow.give_back(row, user=reviewer, comment=f"see {row.pk}")
    workflow.send(again, user=editor)
    page = as_role("editor").get("/admin/")
    desk = page.context["desk"]
    assert listed(desk.returned) == [(changed, True, True), (returned, False, True)]
    assert listed(desk.drafts) == []
    assert f"reviewer {desk.returned.rows[0].since:%-d %B %Y}" in section(page, "returned")
    assert f"see {changed.pk}" in section(page, "returned")


def test_editor_sees_own_drafts_and_how_many_others_have(as_role):
    editor, other = member_of("editor"), member_of("editor", "second")
    mine, changed = draft(editor), revision(visit(), editor)
    draft(other), draft(other), revision(visit(), other), visit()
    person(status="draft", updated_by=other)
    page = as_role("editor").get("/admin/")
    desk = page.context["desk"]
    assert listed(desk.drafts) == [(changed, True, True), (mine, False, True)]
    assert [(kind.model, kind.drafts_of_others) for kind in desk.drafts_of_others] == [
        (person()._meta.model, 1),
        (Visit, 2),
    ]
    assert "people (1) , visits (2) · 1 revision of what is published" in section(page, "drafts")


@pytest.mark.exhaustive
def test_who_wrote_an_entry_is_asked_of_many_as_it_is_of_one():
    """Whoever wrote on the entry, or on a part, or on a part of a part that is gone since."""
    users = [member_of("editor", name) for name in "abcd"]
    row = agreement(status="draft", updated_by=users[0])
    bound = party(agreement=row)
    done = action(party=bound)
    for part, user in ((cite(row), users[1]), (bound, users[2]), (done, users[3])):
        part._history_user = user
        part.save()
    bound.delete()
    agreement(status="draft")
    asked = revision(visit(), users[0])
    pending = Pending.objects.get()
    for user in users:
        for model in Entry.__subclasses__():
            found = model.objects.filter(workflow.written_by(user, model))
            drafts = model.objects.filter(status="draft")
            wrote = [entry for entry in drafts if user.pk in workflow.authors(entry)]
            assert list(found.filter(status="draft")) == wrote
        found = Pending.objects.filter(workflow.written_by(user, Pending))
        assert list(found) == ([pending] if user.pk in workflow.authors(asked) else [])
    assert workflow.authors(row) == {user.pk for user in users}


def test_empty_desk_says_what_that_means(as_role):
    page = as_role("reviewer").get("/admin/")
    assert "Nothing waits for review." in section(page, "to-review")
    assert "Nothing was returned to you." in section(page, "returned")
    assert "You have no drafts" in section(page, "drafts")
    assert "No two entries look like one and the same." in section(page, "duplicates")
    assert "Every passage is encoded" in section(page, "open-passages")


# Who sees what


def test_viewer_sees_what_is_to_be_done_and_no_button(as_role):
    person(name_en="Ivan"), person(name_en="Ivan")
    page = as_role("viewer").get("/admin/")
    names = ["to-review", "returned", "drafts", "duplicates", "by-kind", "open-passages"]
    assert [name for name in names if section(page, name)] == names[3:]
    assert "Ivan" in section(page, "duplicates") and TOLD_APART not in page.content.decode()


def test_without_rights_there_is_no_desk_and_with_few_only_theirs(client, as_role):
    person(name_en="Ivan"), person(name_en="Ivan"), passage()
    row = visit(status="in_review")
    user = User.objects.create_user("guest", is_staff=True)
    client.force_login(user)
    page = client.get("/admin/")
    assert not page.context["desk"] and b"Ivan" not in page.content and b'class="desk"' not in page.content
    user.user_permissions.add(Permission.objects.get(codename="view_place"))
    assert not desk_of(client)
    user.user_permissions.add(Permission.objects.get(codename="view_visit"))
    page = client.get("/admin/")
    assert [kind.model for kind in page.context["desk"].kinds] == [Visit]
    assert b"Ivan" not in page.content and section(page, "open-passages") is None
    user.user_permissions.add(Permission.objects.get(codename="review"))
    assert listed(desk_of(client).to_review) == [(row, False, False)]
    user.user_permissions.set([Permission.objects.get(codename="view_passage")])
    assert section(client.get("/admin/"), "open-passages").endswith("1")
    client.logout()
    assert client.get("/admin/").url.startswith("/admin/login/")


# What is to be done


def test_each_number_is_that_of_the_list_it_leads_to(as_role):
    for fields in (
        {},
        {"status": "draft"},
        {"status": "in_review", "basis": "inferred", "note": "by its place in the list"},
        {"status": "withdrawn"},
    ):
        cite(visit(**fields)), visit(**fields)
    cite(visit(), stance="contradicts", claim="1994")
    client = as_role("viewer")
    (kind,) = [kind for kind in desk_of(client).kinds if kind.model is Visit]
    assert {name: kind.numbers[name] for name in LISTS} == {
        "drafts": 2,
        "in_review": 2,
        "unsupported": 4,
        "inferred": 2,
    }
    for number, listed_at in kind.cells:
        assert client.get(listed_at).context["cl"].result_count == number


def test_open_passages_are_told_by_source_with_a_list_of_them(as_role):
    one, done = source(title="One"), source(title="Done")
    for research in ("open", "open", "encoded"):
        passage(source=one, research=research)
    passage(source=done, research="encoded")
    client = as_role("viewer")
    ((what, number, listed_at),) = desk_of(client).left_to_do
    assert (what, number) == (one, 2)
    assert client.get(listed_at).context["cl"].result_count == 2


# Likely duplicates


def test_pair_leads_to_both_and_can_be_kept_as_two(as_role):
    one, other = person(name_en="Ivan", slug="ivan"), person(name_en="Ivan", slug="ivan-2", status="draft")
    client = as_role("editor")
    page = client.get("/admin/")
    for row in (one, other):
        assert f'href="{address(type(row), "change", row.pk)}"' in page.content.decode()
    assert "ivan-2, draft" in section(page, "duplicates")
    sent = {"kind": "people.person", "key": other.pk, "other": one.pk, "why": "father and son"}
    answer = client.post(TOLD_APART, sent, follow=True)
    assert answer.redirect_chain == [("/admin/#duplicates", 302)]
    assert "“Ivan” and “Ivan” are kept as two." in messages(answer)
    assert not desk_of(client).twins
    assert "told apart already" in messages(client.post(TOLD_APART, sent, follow=True))
    assert NotTheSame.objects.count() == 1


def test_only_reviewers_are_led_to_merging_and_only_where_that_is(as_role, monkeypatch):
    one, other = person(name_en="Ivan"), person(name_en="Ivan")
    monkeypatch.setattr(
        "apps.curation.waiting.reverse", lambda name, args: f"/{name.rsplit('_', 1)[1]}/{args[0]}/"
    )
    merges = {
        role: [merge for _entry, _address, merge in desk_of(as_role(role)).twins.rows[0].sides]
        for role in ("editor", "reviewer")
    }
    assert merges == {
        "editor": ["", ""],
        "reviewer": [f"/merge/{one.pk}/?heir={other.pk}", f"/merge/{other.pk}/?heir={one.pk}"],
    }


def test_what_is_no_pair_is_not_found(as_role, subtests):
    one, other = person(), person()
    place()
    for odd in [
        {"kind": "people.nobody"},
        {"kind": "auth.user"},
        {"kind": "states.place"},
        {"kind": ""},
        {"key": "x"},
        {"key": ""},
        {"other": "9" * 30},
        {"other": "999999"},
        {"same": True},
    ]:
        with subtests.test(odd=odd):
            sent = {"kind": "people.person", "key": one.pk, "other": other.pk, "why": "two"}
            sent |= {"other": one.pk} if odd == {"same": True} else odd
            assert as_role("editor").post(TOLD_APART, sent).status_code == 404
            assert not NotTheSame.objects.exists()


def test_who_may_not_change_them_keeps_nothing(as_role):
    one, other = person(), person()
    sent = {"kind": "people.person", "key": one.pk, "other": other.pk, "why": "two"}
    assert as_role("viewer").post(TOLD_APART, sent).status_code == 403
    for why in ("", " ", "x" * 301, "a\0b"):
        answer = as_role("editor").post(TOLD_APART, sent | {"why": why}, follow=True)
        assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert as_role("editor").get(TOLD_APART).status_code == 405
    assert not NotTheSame.objects.exists()


# Cost


@at_once
def fill(count):
    """So many entries and revisions at each place on the desk of an editor and of others, and pairs of two kinds."""
    users = [member_of("editor"), member_of("editor", "other")]
    same = {"visitor": person(), "host": state(), "sent_by_state": state()}
    for number in range(count):
        for status in ("in_review", "draft"):
            for user in users:
                row = person(status=status, updated_by=user, name_en="Ivan")
                changed = Pending(
                    kind="visits.visit", key=visit(**same).pk, base={}, version={}, reason="a dinner"
                )
                changed.status, changed.changed_by = status, user
                changed.save()
                # Every other draft was returned, and every other of what is in review sent.
                if number % 2:
                    step = "sent" if status == "in_review" else "returned"
                    for kind, key in (("people.person", row.pk), (changed.kind, changed.key)):
                        Step.objects.create(kind=kind, key=key, step=step, by=user, comment="done")
        factories.event(title="A summit", date="2011")
        passage()


@pytest.mark.once
@pytest.mark.exhaustive
def test_the_desk_costs_as_many_queries_however_much_there_is(as_role):
    counts = []
    for more in (2, 18):
        fill(more)
        counts.append({})
        for role in ("editor", "reviewer", "viewer"):
            client = as_role(role)
            client.get("/admin/")
            with CaptureQueriesContext(connection) as queries:
                client.get("/admin/")
            counts[-1][role] = len(queries)
    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 50


def test_of_many_the_first_are_shown_and_how_many_more_there_are(as_role, monkeypatch):
    editor = member_of("editor")
    for _ in range(SHOWN + 3):
        person(status="draft", updated_by=editor)
    page = as_role("editor").get("/admin/")
    assert len(page.context["desk"].drafts.rows) == SHOWN
    assert "And 3 more." in section(page, "drafts")
    monkeypatch.setattr("apps.curation.waiting.COUNTED", SHOWN + 2)
    assert "And at least 2 more." in section(as_role("editor").get("/admin/"), "drafts")
    assert COUNTED > SHOWN
