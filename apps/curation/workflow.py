"""The way of an entry to its readers: draft, in review, published, withdrawn; and of each change of it after that.

An entry that readers may have seen is published or withdrawn and never a draft again. It is changed by a pending
revision, which goes the same way: a draft, in review, accepted. Each function here is one step of one entry: it raises
Refused, and has written nothing, where the user may not take it or the entry is not ready for it.
"""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from apps.curation.models import Pending, Step, kind_of
from apps.curation.readiness import faults
from apps.curation.roles import REVIEW, may
from apps.curation.steps import (
    NOT_WITHDRAWN,
    Refused,
    pending_of,
    record_step,
    require,
    require_reviewer,
    save_step,
    sign,
    step_of,
)
from apps.curation.three_way import merged
from apps.curation.versions import CANNOT_BE, apply, digest, part_models, version_of, whole_path, why_not

OWN_WORDS = gettext_lazy("You wrote some of this yourself: another reviewer publishes it (four eyes).")

LED_ELSEWHERE = gettext_lazy("This was the public address of another entry, to which it still leads.")


def was_public(entry):
    """Whether readers may have seen it: by its history, in which every way of publishing leaves a record."""
    model = type(entry)
    stored = model._base_manager.filter(pk=entry.pk).values_list("status", flat=True).first()
    return stored == "published" or (
        stored is not None and model.history.filter(id=entry.pk, status="published").exists()
    )


def led_elsewhere(entry):
    """Whether the identifier of the entry is one by which readers knew another one, to which it still leads."""
    model = type(entry)
    same = {model.public_id_field: entry.public_id}
    known = model.history.filter(**same, status="published").exclude(id=entry.pk)
    # What it is called by now is refused anyway, as not unique.
    return known.exists() and not model._base_manager.filter(**same).exclude(pk=entry.pk).exists()


def authors(entry):
    """Primary keys of the users whose words wait to be published: of a draft all, of a revision who made it.

    Taken from the history, less the records of steps: a step leaves `updated_by` as it was.
    """
    pending = pending_of(entry)
    if pending:
        found = set(pending.history.values_list("changed_by_id", flat=True))
    else:
        found = set(type(entry).history.filter(id=entry.pk).values_list("updated_by_id", flat=True))
        for part in part_models(type(entry)):
            found |= set(part_history(part, type(entry), entry.pk).values_list("history_user_id", flat=True))
    return found - {None}


def written_by(user, model):
    """The condition on rows of the kind, or of Pending, that the user is among their `authors`."""
    if model is Pending:
        return Q(Exists(Pending.history.filter(id=OuterRef("pk"), changed_by=user)))
    condition = Q(Exists(model.history.filter(id=OuterRef("pk"), updated_by=user)))
    for part in part_models(model):
        key = OuterRef("pk")
        # Parts of parts are found by a query within the query.
        for _whole in range(whole_path(part, model).count("__")):
            key = OuterRef(key)
        condition |= Q(Exists(part_history(part, model, key).filter(history_user=user)))
    return condition


def part_history(part, model, key):
    """The records of all parts of a kind that the entry has or had."""
    first, _dot, rest = whole_path(part, model).partition("__")
    if not rest:
        return part.history.filter(**{f"{first}_id": key})
    whole = part._meta.get_field(first).related_model
    return part.history.filter(**{f"{first}_id__in": part_history(whole, model, key).values("id")})


# Steps


def send(entry, *, user, comment=""):
    """To review: a draft, or the pending revision of what was public."""
    with step_of(entry) as (row, pending):
        require(may(user, "change", row), _("You may not change it, and so not send it to review."))
        _require_status(row, pending, "draft", _("It is not a draft, so there is nothing to send to review."))
        _move(row, pending, "in_review", Step.Kind.SENT, user, comment)


def take_back(entry, *, user, comment=""):
    """From review, by somebody who wrote it."""
    with step_of(entry) as (row, pending):
        require(
            user.pk in authors(row),
            _("Only who wrote it takes it back. A reviewer returns it with a comment."),
        )
        _require_status(row, pending, "in_review", _("It is not in review."))
        _move(row, pending, "draft", Step.Kind.TAKEN_BACK, user, comment)


def give_back(entry, *, user, comment):
    """From review to who wrote it, saying what is to be done."""
    with step_of(entry) as (row, pending):
        require_reviewer(user)
        _require_status(row, pending, "in_review", _("It is not in review."))
        require(comment.strip(), _("Say what is to be done before it can be published."))
        _move(row, pending, "draft", Step.Kind.RETURNED, user, comment)


def publish(entry, *, user, comment="", seen=""):
    """What is in review: a draft becomes public, or a pending revision what readers see.

    `seen` is the digest of the version that the user decided on, "" where that is whatever is there.
    """
    with step_of(entry) as (row, pending):
        require_reviewer(user)
        _require_status(
            row, pending, "in_review", _("It is not in review. Send it to review first, then publish it.")
        )
        require(not settings.FOUR_EYES or user.pk not in authors(row), OWN_WORDS)
        there = pending.version if pending else version_of(row)
        require(seen in ("", digest(there)), _("It was changed since you opened the page. Look again."))
        if pending:
            _accept(row, pending)
        row = type(row).objects.get(pk=row.pk)
        if found := faults(row):
            raise Refused([_("It cannot be published yet:"), *found])
        if not pending:
            save_step(row, user, comment or _("Published."), status="published")
        record_step(row, Step.Kind.PUBLISHED, user, comment, of_revision=bool(pending))


def withdraw(entry, *, user, comment):
    """From the public, for a reason that its address goes on giving to readers."""
    with step_of(entry) as (row, _pending):
        require_reviewer(user)
        require(row.status == "published", _("Only what is published can be withdrawn."))
        require(comment.strip(), _("Say why it is withdrawn. Readers will see it at its address."))
        now = timezone.now()
        save_step(row, user, comment, status="withdrawn", withdrawn_at=now, withdrawn_because=comment.strip())
        record_step(row, Step.Kind.WITHDRAWN, user, comment)


def reinstate(entry, *, user, comment):
    """To the public again, as it stands; a draft that was merged becomes a draft again."""
    with step_of(entry) as (row, _pending):
        require_reviewer(user)
        require(row.status == "withdrawn", _("It is not withdrawn."))
        require(comment.strip(), _("Say why it is there again."))
        status = "published" if was_public(row) else "draft"
        if status == "published" and (found := faults(row)):
            raise Refused([_("It cannot be published yet:"), *found])
        save_step(row, user, comment, status=status, **NOT_WITHDRAWN)
        record_step(row, Step.Kind.REINSTATED, user, comment)


def discard(entry, *, user, comment):
    """The pending revision, which its history keeps; the entry stays as readers see it."""
    with step_of(entry) as (row, pending):
        require(pending, _("There is no pending revision."))
        require(comment.strip(), _("Say why the revision is discarded."))
        mine = user.pk in authors(row)
        require(mine or user.has_perm(REVIEW), _("Only who wrote it or a reviewer discards a revision."))
        sign(pending, user, comment).delete()
        record_step(row, Step.Kind.DISCARDED, user, comment, of_revision=True)


def propose(entry, version, *, user, reason):
    """Keeps the version as the pending revision of an entry that was public, in place of the one before, if any.

    A version that says what readers see already leaves none. Returns the Pending, or None.
    """
    with step_of(entry) as (row, pending):
        require(may(user, "change", row), _("You may not change it."))
        require(reason.strip(), _("Say why it is changed: it is public."))
        current = version_of(row)
        if version == current and pending:
            sign(pending, user, reason).delete()
        if version == current:
            return None
        if pending and pending.version == version:
            return pending
        pending = pending or Pending(kind=kind_of(type(row)), key=row.pk, base=current)
        pending.version, pending.reason = version, reason.strip()
        pending.changed_by, pending.changed_at = user, timezone.now()
        # What was in review is not what is there now.
        pending.status = Pending.Status.DRAFT
        sign(pending, user, reason).save()
        return pending


# What steps are made of


def _require_status(row, pending, status, sentence):
    require((pending.status if pending else row.status) == status, sentence)


def _move(row, pending, status, step, user, comment):
    comment = comment.strip()
    if pending:
        pending.status = status
        sign(pending, user, comment).save()
    else:
        save_step(row, user, comment or str(step.label), status=status)
    record_step(row, step, user, comment, of_revision=bool(pending))


def _accept(row, pending):
    """Writes the revision over the entry, together with what else changed since it was begun."""
    version, conflicts = merged(pending.base, pending.version, version_of(row))
    if conflicts:
        names = ", ".join(dict.fromkeys(conflict.name or conflict.part for conflict in conflicts))
        raise Refused(
            _(
                "It was changed by other means since the revision was begun, in: %(names)s. "
                "Return it, so that its author can look at both."
            )
            % {"names": names}
        )
    try:
        apply(row, version, user=pending.changed_by, reason=pending.reason)
    except CANNOT_BE as error:
        said = _("The revision cannot be written any more: %(error)s")
        raise Refused(said % {"error": why_not(error)}) from error
    pending._history_user, pending._change_reason = pending.changed_by, _("Accepted.")
    pending.delete()
