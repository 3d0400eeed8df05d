"""Writing rows many at a time, with their links and their history, and saying in words why one cannot be written."""

import gc
from contextlib import contextmanager

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from apps.core.bulk import insert, update
from apps.core.changes import tell
from apps.core.outages import outage_in
from apps.core.recording import add_links, record, remove_links

WAITING = ValidationError("waits for a row that it refers to")


class Writer:
    """Writes for one reason, on behalf of one user if any. What it is given is an `instance` with its `links`.

    `links` maps names of many-to-many fields to the primary keys of all that they are to link; a row that exists keeps
    the links of the fields that are left out.
    """

    def __init__(self, *, reason, user=None):
        self.reason, self.user = reason, user

    def write(self, model, drafts):
        """Validates and writes; returns [(draft, error)] of those that cannot be written, each as if it came in turn.

        What `full_clean` asks the database about, row by row and at five times the cost, are rules that the database
        has anyway (uniqueness, constraints). See `in_words` for what it answers.
        """
        left, added, changed = [], [], []
        for draft in drafts:
            try:
                draft.instance.clean()
            except ValidationError as error:
                left.append((draft, error))
            else:
                (added if draft.instance._state.adding else changed).append(draft)
        # What is changed may make room for what is added: a position, a start.
        left += _in_parts(changed, lambda some: self._change(model, some))
        return left + _in_parts(added, lambda some: self._add(model, some))

    def _add(self, model, drafts):
        values = insert(model, [draft.instance for draft in drafts])
        try:
            add_links(model, drafts)
            self._record(model, drafts, "+", values)
        except Exception:
            for draft in drafts:
                draft.instance.pk, draft.instance._state.adding = None, True
            raise
        tell(model, {draft.instance.pk for draft in drafts}, new=True)

    def _change(self, model, drafts):
        pks = {draft.instance.pk for draft in drafts}
        tell(model, pks)
        values = update(model, [draft.instance for draft in drafts])
        remove_links(model, drafts)
        add_links(model, drafts)
        self._record(model, drafts, "~", values)
        tell(model, pks)

    def _record(self, model, drafts, kind, values):
        pks, user = [draft.instance.pk for draft in drafts], self.user and self.user.pk
        record(model, pks, kind=kind, reason=self.reason, user=user, values=values)


def _in_parts(drafts, write):
    """Writes all at once or, if the database refuses, in halves, down to the rows that it will not have."""
    if not drafts:
        return []
    try:
        with transaction.atomic():
            write(drafts)
    except (DatabaseError, OverflowError) as error:
        if outage_in(error):
            raise
        if len(drafts) == 1:
            return [(drafts[0], error)]
        half = len(drafts) // 2
        return _in_parts(drafts[:half], write) + _in_parts(drafts[half:], write)
    return []


def in_rounds(drafts, save):
    """Calls `save`, which returns [(draft, error)] of those left, as long as it gets further; returns who is left.

    A row may have to wait for one of its own kind that it refers to, or that still holds the position or the like
    that it takes over. Each round goes the other way, so that a shift of many rows takes two.
    """
    while drafts:
        left = save(drafts)
        if len(left) == len(drafts):
            return left
        drafts = [draft for draft, _error in reversed(left)]
    return []


def in_words(instance, refusal):
    """The ValidationError that says why the database, or the row's own `clean`, refused it."""
    if isinstance(refusal, ValidationError):
        return refusal
    try:
        instance.full_clean()
    except ValidationError as error:
        return error
    return ValidationError({NON_FIELD_ERRORS: str(refusal)})


def uncited(model):
    """The entries that say that they are published, and of which no passage supports anything."""
    rows = model._default_manager.all()
    return rows.filter(status=model.Status.PUBLISHED).uncited() if hasattr(rows, "uncited") else rows.none()


UNCITED = "published without a passage that supports it; add one to"


def what_is_right(model, name, error):
    """What would be right, to follow Django's message where that does not say so."""
    if error.code != "invalid_choice":
        return ""
    choices = [str(value) for value, _label in model._meta.get_field(name).flatchoices]
    return " " + _("One of: %(choices)s.") % {"choices": ", ".join(choices)}


@contextmanager
def in_bulk():
    """Within, two things that Django and Python do meanwhile are left out, which cost a large run much time.

    With DEBUG, Django keeps the text of every query. And Python looks for garbage that refers to itself, again and
    again through all rows that are kept, of which there is none.
    """
    kept, collecting = connection.make_debug_cursor, gc.isenabled()
    connection.make_debug_cursor = connection.make_cursor
    gc.disable()
    try:
        yield
    finally:
        connection.make_debug_cursor = kept
        if collecting:
            gc.enable()
