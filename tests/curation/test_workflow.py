"""Steps on the way to readers: who may take which, and when."""

import pytest
from django.contrib.auth.models import Group, User

from apps.core.models import Entry
from apps.curation import workflow
from apps.curation.models import Pending, Step
from apps.curation.roles import make_roles
from apps.curation.versions import version_of
from apps.curation.workflow import Refused
from apps.people.models import Person
from apps.visits.models import Visit
from tests import factories
from tests.adminpages import address, messages, submit
from tests.curation.conftest import member_of
from tests.factories import cite, person, visit
from tests.sampling import sample

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def four_eyes(settings):
    settings.FOUR_EYES = True


@pytest.fixture
def editor():
    return member_of("editor")


@pytest.fixture
def reviewer():
    return member_of("reviewer")


def in_review(**fields):
    row = visit(status="in_review", **fields)
    cite(row)
    return row


def status_of(row):
    row.refresh_from_db()
    return row.status


def test_draft_is_sent_returned_sent_again_and_published(editor, reviewer):
    row = visit(status="draft", updated_by=editor)
    cite(row)
    workflow.send(row, user=editor, comment="from the third paragraph")
    workflow.give_back(row, user=reviewer, comment="the date is missing")
    assert status_of(row) == "draft"
    workflow.send(row, user=editor)
    workflow.publish(row, user=reviewer)
    assert (status_of(row), row.updated_by) == ("published", editor)
    taken = [(step.step, step.by, step.comment) for step in Step.objects.order_by("pk")]
    assert taken == [
        ("sent", editor, "from the third paragraph"),
        ("returned", reviewer, "the date is missing"),
        ("sent", editor, ""),
        ("published", reviewer, ""),
    ]
    assert [(version.status, version.history_user) for version in row.history.order_by("pk")][1:] == [
        ("in_review", editor),
        ("draft", reviewer),
        ("in_review", editor),
        ("published", reviewer),
    ]


NOT_TAKEN = [
    ("viewer", "send", "draft", "may not change it"),
    ("editor", "send", "in_review", "not a draft"),
    ("editor", "send", "published", "not a draft"),
    ("editor", "take_back", "in_review", "Only who wrote it"),
    ("editor", "publish", "in_review", "Only a reviewer"),
    ("editor", "give_back", "in_review", "Only a reviewer"),
    ("editor", "withdraw", "published", "Only a reviewer"),
    ("editor", "reinstate", "withdrawn", "Only a reviewer"),
    ("editor", "discard", "published", "no pending revision"),
    ("reviewer", "publish", "draft", "Send it to review first"),
    ("reviewer", "publish", "published", "not in review"),
    ("reviewer", "publish", "withdrawn", "not in review"),
    ("reviewer", "give_back", "draft", "not in review"),
    ("reviewer", "withdraw", "draft", "Only what is published"),
    ("reviewer", "reinstate", "published", "not withdrawn"),
]


@pytest.mark.parametrize(("role", "step", "status", "refusal"), sample(NOT_TAKEN, NOT_TAKEN[::3]))
def test_step_that_is_not_taken(role, step, status, refusal):
    row = visit(status=status)
    cite(row)
    with pytest.raises(Refused, match=refusal):
        getattr(workflow, step)(row, user=member_of(role), comment="because")
    assert status_of(row) == status
    assert not Step.objects.exists()


@pytest.mark.parametrize(("step", "status"), [("give_back", "in_review"), ("withdraw", "published")])
def test_step_that_wants_a_reason(step, status, reviewer):
    row = visit(status=status)
    with pytest.raises(Refused, match="Say w"):
        getattr(workflow, step)(row, user=reviewer, comment="  ")


def test_what_keeps_an_entry_from_its_readers(reviewer):
    row = visit(status="in_review", visitor=person(status="draft", name_en="Nobody Yet"))
    cite(row, stance="contradicts", claim="1994")
    Visit.objects.filter(pk=row.pk).update(capacity="x")
    with pytest.raises(Refused) as refused:
        workflow.publish(row, user=reviewer)
    told = " ".join(refused.value.messages)
    for words in ("No passage supports it", "“Nobody Yet” is not published", "Capacity: Value 'x'"):
        assert words in told
    assert status_of(row) == "in_review"


def test_who_wrote_a_part_of_it_does_not_publish_it(reviewer):
    row = in_review()
    citation = cite(row)
    citation._history_user = reviewer
    citation.save()
    with pytest.raises(Refused, match="four eyes"):
        workflow.publish(row, user=reviewer)


def test_who_returned_it_may_publish_it(editor, reviewer):
    row = in_review(updated_by=editor)
    workflow.give_back(row, user=reviewer, comment="the date")
    workflow.send(row, user=editor)
    workflow.publish(row, user=reviewer)


def test_own_words_are_published_where_four_eyes_are_not_asked_for(reviewer, settings):
    settings.FOUR_EYES = False
    row = in_review(updated_by=reviewer)
    workflow.publish(row, user=reviewer)
    assert status_of(row) == "published"


def test_withdrawn_entry_is_reinstated(reviewer):
    row = in_review()
    workflow.publish(row, user=reviewer)
    workflow.withdraw(row, user=reviewer, comment="a rumour")
    assert status_of(row) == "withdrawn"
    assert (row.withdrawn_because, row.withdrawn_at is None) == ("a rumour", False)
    workflow.reinstate(row, user=reviewer, comment="confirmed since")
    assert status_of(row) == "published"
    assert (row.withdrawn_because, row.withdrawn_at) == ("", None)


def changed(row, **values):
    version = version_of(row)
    return {**version, "own": {**version["own"], **values}}


def test_revision_is_discarded(editor):
    row = visit()
    workflow.propose(row, changed(row, occasion="a dinner"), user=editor, reason="the communiqué")
    workflow.discard(row, user=editor, comment="a mistake")
    assert not Pending.objects.exists()
    assert Pending.history.count() == 2


def test_revision_that_was_edited_is_to_be_sent_again(editor, reviewer):
    row = visit()
    cite(row)
    workflow.propose(row, changed(row, occasion="a dinner"), user=editor, reason="the communiqué")
    workflow.send(row, user=editor)
    workflow.propose(row, changed(row, occasion="a congress"), user=editor, reason="the communiqué")
    with pytest.raises(Refused, match="Send it to review first"):
        workflow.publish(row, user=reviewer)


def test_revision_meets_what_was_changed_by_other_means(editor, reviewer):
    row = visit(occasion="a summit")
    cite(row)
    workflow.propose(row, changed(row, occasion="a dinner"), user=editor, reason="the communiqué")
    workflow.send(row, user=editor)
    row.discussed = "trade"
    row.save()
    workflow.publish(row, user=reviewer)
    row.refresh_from_db()
    assert (row.occasion, row.discussed) == ("a dinner", "trade")
    workflow.propose(row, changed(row, occasion="a congress"), user=editor, reason="again")
    workflow.send(row, user=editor)
    row.occasion = "a funeral"
    row.save()
    with pytest.raises(Refused, match="changed by other means since the revision was begun, in: occasion"):
        workflow.publish(row, user=reviewer)


def test_revision_without_support_is_refused_and_nothing_is_written(editor, reviewer):
    row = visit(occasion="a summit")
    citation = cite(row)
    version = changed(row, occasion="a dinner")
    version["parts"]["visits.visitcitation"] = {}
    workflow.propose(row, version, user=editor, reason="no source says so")
    workflow.send(row, user=editor)
    with pytest.raises(Refused, match="No passage supports it"):
        workflow.publish(row, user=reviewer)
    row.refresh_from_db()
    assert (row.occasion, list(row.citations.all())) == ("a summit", [citation])
    assert Pending.objects.exists()


def test_own_revision_is_not_published(reviewer):
    row = visit()
    cite(row)
    workflow.propose(row, changed(row, occasion="a dinner"), user=reviewer, reason="the communiqué")
    workflow.send(row, user=reviewer)
    with pytest.raises(Refused, match="four eyes"):
        workflow.publish(row, user=reviewer)


def test_change_of_what_is_public_wants_a_reason(as_role):
    row = visit()
    cite(row)
    response = submit(as_role("editor"), Visit, row.pk, occasion="a dinner")
    assert response.context["adminform"].form.errors == {
        "change_reason": ["Say why it is changed: it is public."]
    }


@pytest.mark.exhaustive
@pytest.mark.parametrize("model", Entry.__subclasses__(), ids=lambda model: model.__name__)
def test_every_kind_is_revised(model, editor, reviewer):
    row = getattr(factories, model._meta.model_name)()
    cite(row)
    workflow.propose(row, changed(row, note="Read again."), user=editor, reason="read again")
    workflow.send(row, user=editor)
    for name in model.title_parts:
        if part := getattr(row, name):
            cite(part)
    workflow.publish(row, user=reviewer)
    row.refresh_from_db()
    assert (row.note, row.updated_by) == ("Read again.", editor)


# In the admin


def act(client, action, *rows):
    sent = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(address(type(rows[0]), "changelist"), sent, follow=True)


def test_selected_entries_are_sent_and_published(as_role):
    rows = [in_review(), in_review()]
    assert "2 entries were changed" in messages(act(as_role("reviewer"), "publish", *rows))
    assert {status_of(row) for row in rows} == {"published"}


def test_of_the_selected_all_are_published_or_none(as_role):
    ready, unready = in_review(), visit(status="in_review")
    said = messages(act(as_role("reviewer"), "publish", ready, unready))
    assert "Nothing was changed" in said and "No passage supports it" in said
    assert status_of(ready) == "in_review"
    assert not Step.objects.exists()


def test_editor_is_not_offered_to_publish(as_role):
    row = in_review()
    page = as_role("editor").get(address(Visit, "changelist")).content.decode()
    assert 'value="send_to_review"' in page and 'value="publish"' not in page
    act(as_role("editor"), "publish", row)
    assert status_of(row) == "in_review"


def test_what_was_public_is_not_deleted(admin_client):
    cited, draft = person(), person(status="draft")
    assert admin_client.post(address(Person, "delete", cited.pk), {"post": "yes"}).status_code == 403
    sent = {"action": "delete_selected", "_selected_action": [cited.pk, draft.pk], "post": "yes"}
    page = admin_client.post(address(Person, "changelist"), sent, follow=True)
    assert "Withdraw it instead" in page.content.decode()
    assert Person.objects.count() == 2
    assert admin_client.post(address(Person, "delete", draft.pk), {"post": "yes"}).status_code == 302
    assert list(Person.objects.all()) == [cited]


@pytest.mark.parametrize("step", ["nothing", "", "__class__"])
def test_step_that_there_is_not(step, as_role):
    row = in_review()
    response = as_role("reviewer").post(address(Visit, "step", row.pk), {"step": step}, follow=True)
    assert messages(response) == "There is no such step."


@pytest.mark.parametrize(
    ("comment", "said"), [("x" * 301, "300 signs"), ("a\0b", "control character"), ("\x0b", "control")]
)
def test_comment_that_cannot_be_kept(comment, said, as_role):
    row = in_review()
    sent = {"step": "give_back", "comment": comment}
    response = as_role("reviewer").post(address(Visit, "step", row.pk), sent, follow=True)
    assert said in messages(response)
    assert status_of(row) == "in_review"


# Roles


def test_roles_are_there_and_grow():
    viewer, editor, reviewer = (
        set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))
        for name in ("viewer", "editor", "reviewer")
    )
    assert {name.split("_")[0] for name in viewer} == {"view"}
    assert viewer < editor < reviewer
    assert reviewer - editor == {"review"}
    assert "import_spreadsheets" in editor and "delete_user" not in reviewer
    group = Group.objects.get(name="viewer")
    group.permissions.clear()
    make_roles()
    assert set(group.permissions.values_list("codename", flat=True)) == viewer


def test_user_without_a_role_sees_no_entry(client):
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    row = in_review()
    for page in ("review", "change", "history"):
        assert client.get(address(Visit, page, row.pk)).status_code == 403
    assert client.post(address(Visit, "step", row.pk), {"step": "publish"}).status_code == 403
    assert status_of(row) == "in_review"


# What may have happened meanwhile


def test_what_was_changed_since_the_reviewer_looked_is_not_published(as_role):
    row = in_review()
    seen = as_role("reviewer").get(address(Visit, "review", row.pk)).context["case"].seen
    row.occasion = "a dinner"
    row.save()
    sent = {"step": "publish", "seen": seen}
    said = messages(as_role("reviewer").post(address(Visit, "step", row.pk), sent, follow=True))
    assert "It was changed since you opened the page" in said
    assert status_of(row) == "in_review"


def revision_of_what_is_gone(editor):
    row, gone = visit(), person(status="draft")
    cite(row)
    workflow.propose(row, changed(row, met=[gone.pk]), user=editor, reason="he met somebody")
    workflow.send(row, user=editor)
    gone.delete()
    return row


def test_revision_that_names_what_was_deleted_is_told_of_everywhere(editor, reviewer, as_role):
    row = revision_of_what_is_gone(editor)
    page = as_role("editor").get(address(Visit, "change", row.pk))
    assert "cannot be shown any more: It names a row of the kind “person”" in page.content.decode()
    page = as_role("reviewer").get(address(Visit, "review", row.pk)).content.decode()
    assert "It names a row of the kind “person” that was deleted since." in page
    with pytest.raises(Refused, match="that was deleted since"):
        workflow.publish(row, user=reviewer)
    assert submit(as_role("editor"), Visit, row.pk, occasion="a dinner").status_code == 302
    assert Pending.objects.get().version == changed(row, occasion="a dinner")


def test_revision_with_a_value_that_its_field_takes_no_more_is_told_of_everywhere(editor, reviewer, as_role):
    row = visit()
    cite(row)
    version = version_of(row)
    version["own"]["date"] = "Feb 1993"
    workflow.propose(row, version, user=editor, reason="a second source")
    workflow.send(row, user=editor)
    with pytest.raises(Refused, match="cannot be written any more: “Feb 1993”"):
        workflow.publish(row, user=reviewer)
    client = as_role("reviewer")
    for page in ("review", "change"):
        shown = client.get(address(Visit, page, row.pk))
        assert shown.status_code == 200 and "“Feb 1993”" in shown.content.decode()
    assert client.get(row.get_absolute_url(), {"preview": "1"}).status_code == 409


def test_revision_from_before_an_upgrade_is_read_with_the_fields_that_came_since(editor, as_role):
    row = visit()
    cite(row)
    version = changed(row, occasion="a dinner", gone="x")
    del version["own"]["discussed"], version["parts"]["visits.visitcitation"]
    workflow.propose(row, version, user=editor, reason="the communiqué")
    for page in ("change", "review"):
        assert as_role("editor").get(address(Visit, page, row.pk)).status_code == 200


def test_revision_that_names_what_was_merged_is_not_published(editor, reviewer):
    row, twin, heir = visit(), person(slug="twin"), person(slug="heir")
    cite(row)
    workflow.propose(row, changed(row, met=[twin.pk]), user=editor, reason="he met somebody")
    workflow.send(row, user=editor)
    twin.status, twin.heir = "withdrawn", heir
    twin.save()
    with pytest.raises(Refused, match=r"\(twin\) was merged into heir. Name that one."):
        workflow.publish(row, user=reviewer)
