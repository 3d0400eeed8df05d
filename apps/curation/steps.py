"""What every step of an entry is made of: its turn, what it requires, and what it leaves in the history."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.changes import together
from apps.core.recording import moment
from apps.curation.models import Pending, Step, kind_of
from apps.curation.roles import REVIEW
from apps.curation.versions import whole

# The fields of an entry that only a withdrawn one has (a constraint), as all others have them.
NOT_WITHDRAWN = {"withdrawn_at": None, "withdrawn_because": "", "heir": None}


class Refused(ValidationError):
    """A step that is not taken, in a sentence that says why and what would be right."""


def pending_of(entry):
    """The pending revision of the entry, or None."""
    pending = Pending.objects.about(entry).first()
    if pending:
        pending.base, pending.version = (whole(type(entry), kept) for kept in (pending.base, pending.version))
    return pending


@contextmanager
def step_of(entry):
    """The entry and its pending revision as they are now, and nobody changes them meanwhile."""
    with together(), transaction.atomic():
        row = type(entry).objects.filter(pk=entry.pk).first()
        require(row is not None, _("It is no longer there: somebody deleted it."))
        yield row, pending_of(row)


def require(condition, sentence):
    if not condition:
        raise Refused(sentence)


def require_reviewer(user):
    require(user.has_perm(REVIEW), _("Only a reviewer does this."))


def save_step(row, user, reason, **fields):
    """A step is no change of what the entry says, so it leaves `updated_by` alone."""
    for name, value in fields.items():
        setattr(row, name, value)
    sign(row, user, reason).save()


def sign(row, user, reason):
    row._history_user, row._change_reason = user, (reason or "").strip() or None
    return row


def record_step(row, step, user, comment, of_revision=False):
    Step.objects.create(
        kind=kind_of(type(row)),
        key=row.pk,
        step=step,
        # That of the records that it leaves, by which the history knows them for one change.
        at=moment(),
        by=user,
        comment=comment.strip(),
        of_revision=of_revision,
    )
