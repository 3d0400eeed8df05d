"""What was written, recorded and told in the same transaction to whoever keeps something in step with it.

Every row that is saved or deleted tells of itself, the bulk methods of our QuerySets tell of all their rows at once,
links between rows (`add()`, `set()`, `clear()`) tell of the entry that has them. A row that is part of an entry (a
party, a citation, an action of a party) tells of the entry. Who listens to `written` hears of each entry once, when the
outermost `together()` ends; what the listener does is part of the transaction, and fails with it.

Whatever is written here leaves its record in the history (core.recording), but for rows saved one by one, which
django-simple-history records.

Whoever writes waits for the transaction before it (`wait_turn`). Two things are not told and not recorded: SQL written
by hand, and writes to the table behind a many-to-many field that go around the field.

All records of history that one `together()` leaves bear one moment, so that what was known at a moment is never half of
a change. What is only to be looked at is written within `undone()`.
"""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.dispatch import Signal

from apps.core.bulk import batches
from apps.core.fixtures import whole_field
from apps.core.recording import at_one_moment, record_keys, record_rows, unrecorded

# Sent with `rows`, {model: set of primary keys}, of rows that are gone, too; and with `new`, the same of those that
# were not there before, to which no other row refers unless it is among the rows itself.
written = Signal()
_told = ContextVar("told", default=None)
_undone = ContextVar("undone", default=False)
# PostgreSQL's lock of whoever writes, any number that nothing else uses.
TURN = 7_305_551


class Told:
    """What has been told so far: all rows, and those of them that are new."""

    def __init__(self):
        self.rows, self.new = defaultdict(set), defaultdict(set)


@contextmanager
def together():
    """Within, what is written is gathered and told once, at the end, in the transaction that this opens."""
    if _told.get() is not None:
        yield
        return
    token = _told.set(Told())
    try:
        with transaction.atomic():
            wait_turn()
            # Once it is this one's turn: a later change has a later moment.
            with at_one_moment():
                yield
                # What is to be undone leaves nothing to keep in step with.
                while (told := _told.get()).rows and not transaction.get_rollback():
                    _told.set(Told())
                    written.send(sender=None, rows=told.rows, new=told.new)
    finally:
        _told.reset(token)


@contextmanager
def undone():
    """Within, what is written can be read by whoever wrote it; at the end it is undone, without a trace."""
    told, mark = _told.set(None), _undone.set(True)
    try:
        with transaction.atomic(), unrecorded():
            yield
            transaction.set_rollback(True)
    finally:
        _undone.reset(mark)
        _told.reset(told)


def is_undone():
    """Whether what is read now may never have been: nothing of it may be kept for another request."""
    return _undone.get()


def wait_turn():
    """Whoever writes waits here, before its first write, for the transaction before it, and sees what that wrote.

    Otherwise two that change one agreement, or a visit and its visitor's name, would each bring in step what it sees
    without the other; and of two that wait only after they wrote, each might have what the other needs. On SQLite
    transactions that write wait for each other from their beginning.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def tell(model, pks, *, new=False):
    """Tells of the rows of `model`, or of the entries that they are parts of, as the database has them now."""
    whole, wholes = top(model, pks)
    wholes.discard(None)
    if not wholes:
        return
    with together():
        told = _told.get()
        told.rows[whole] |= wholes
        if new and whole is model:
            told.new[whole] |= wholes


def top(model, pks):
    """(model, primary keys) of what the rows are parts of, at the top; of themselves where they are no parts."""
    while field := whole_field(model):
        wholes = set()
        for batch in batches(pks):
            wholes.update(model._base_manager.filter(pk__in=batch).values_list(field.attname, flat=True))
        model, pks = field.related_model, wholes
    return model, set(pks)


def listen(models_told):
    """Connects the signals by which rows of these models, written one by one, and their links tell of themselves."""
    for model in models_told:
        uid = f"{__name__}:{model._meta.label}"
        for signal in (pre_save, post_save, post_delete):
            signal.connect(_tell_of_row, sender=model, dispatch_uid=uid)
        for field in model._meta.many_to_many:
            links = field.remote_field.through
            m2m_changed.connect(_tell_of_links, sender=links, dispatch_uid=f"{uid}.{field.name}")
            # No signal tells of links that go with the row that they lead to.
            for signal in (pre_delete, post_delete):
                uid_of_linked = f"{__name__}:linked"  # One for all fields that lead to that model.
                signal.connect(_tell_of_linked, sender=field.related_model, dispatch_uid=uid_of_linked)


def _tell_of_row(sender, instance, signal, created=False, raw=False, **kwargs):
    whole = whole_field(sender)
    if signal is not pre_save and whole:
        tell(whole.related_model, {getattr(instance, whole.attname)})
    elif signal is not pre_save:
        # The file from which a raw row comes may have had what refers to it before.
        tell(sender, {instance.pk}, new=created and not raw)
    elif whole and instance.pk and not instance._state.adding:
        # It may be about to leave its whole, of which nothing will tell afterwards.
        tell(sender, {instance.pk})


def _tell_of_links(sender, instance, action, reverse, model, pk_set, **kwargs):
    if action.startswith("pre_"):
        wait_turn()
    if action == "pre_clear" and reverse:
        # Once they are gone nothing says whose they were.
        field = next(field for field in model._meta.many_to_many if field.remote_field.through is sender)
        instance._unlinked = linking(field, instance)
    elif action == "post_clear" and reverse:
        _links_changed(model, instance.__dict__.pop("_unlinked"), instance)
    elif action == "post_clear" or (action.startswith("post_") and pk_set):
        _links_changed(model if reverse else type(instance), pk_set if reverse else {instance.pk}, instance)


def _links_changed(model, pks, by):
    record_keys(model, pks, kind="~", by=by)
    tell(model, pks)


def _tell_of_linked(sender, instance, signal, **kwargs):
    if signal is post_delete:
        for model, pks in instance.__dict__.pop("_linked"):
            _links_changed(model, pks, instance)
        return
    wait_turn()
    instance._linked = [
        (relation.related_model, linking(relation.field, instance))
        for relation in sender._meta.get_fields(include_hidden=True)
        if relation.many_to_many and relation.auto_created
    ]


def linking(field, target):
    """Primary keys of the rows that the many-to-many field links to `target`."""
    links = field.remote_field.through._base_manager.filter(**{field.m2m_reverse_field_name(): target})
    return set(links.values_list(f"{field.m2m_field_name()}_id", flat=True))


class TellingQuerySet(models.QuerySet):
    """Whose bulk methods record and tell what they write."""

    def bulk_create(self, objs, batch_size=None):
        """As in Django, but for rows that are new: of rows in conflict the database does not tell which it wrote."""
        with together():
            rows = super().bulk_create(objs, batch_size=batch_size)
            record_rows(rows, kind="+")
            tell(self.model, {row.pk for row in rows}, new=True)
        return rows

    bulk_create.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        objs = list(objs)
        pks = {row.pk for row in objs}
        with together():
            tell(self.model, pks)
            # Of a plain set, whose update() does not record the rows, which have reasons of their own.
            plain = models.QuerySet(self.model, self.query.chain(), self.db)
            changed = plain.bulk_update(objs, fields, batch_size)
            record_rows(objs, kind="~")
            tell(self.model, pks)
        return changed

    bulk_update.alters_data = True

    def update(self, **kwargs):
        """As in Django; TypeError for a primary key, since by it the history knows a row."""
        key = self.model._meta.pk
        if not kwargs.keys().isdisjoint({"pk", key.name, key.attname}):
            raise TypeError(f"The primary key of a {self.model.__name__} stays: make another row.")
        with together():
            pks = set(self.order_by().values_list("pk", flat=True))
            tell(self.model, pks)
            changed = super().update(**kwargs)
            record_keys(self.model, pks, kind="~")
            tell(self.model, pks)
        return changed

    update.alters_data = True

    def delete(self):
        with together():
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True
