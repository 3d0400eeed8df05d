"""History: a record of every row that is added, changed or deleted, on whatever path that is done.

django-simple-history records what is saved row by row. What it would leave out is recorded here and where our rows
are written otherwise (core.changes): what is written many at a time, links from either side, rows that `loaddata`
takes. Each of these records is made of what the database has, not of what some instance in memory says.
"""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.db.models.signals import post_save
from django.utils import timezone
from simple_history.manager import HistoryDescriptor
from simple_history.models import HistoricalChanges, HistoricalRecords
from simple_history.signals import pre_create_historical_record
from simple_history.utils import get_change_reason_from_object

from apps.core.bulk import batches, columns_of, insert_values, reserve, stored

# {model: {primary key: kind of record}} of what `loaddata` has written so far; None while it does not run.
_loaded = ContextVar("loaded", default=None)
_moment = ContextVar("moment", default=None)
_unrecorded = ContextVar("unrecorded", default=False)


@contextmanager
def at_one_moment():
    """All records that are written within bear the moment at which it begins."""
    token = _moment.set(timezone.now())
    try:
        yield
    finally:
        _moment.reset(token)


def moment():
    """When the change that is being made was made, the same for all its rows; outside of one, now."""
    return _moment.get() or timezone.now()


@contextmanager
def unrecorded():
    """Within, nothing leaves a record: for what is undone in the end, where records would take half of the time."""
    token = _unrecorded.set(True)
    try:
        yield
    finally:
        _unrecorded.reset(token)


def _date_at_the_moment(sender, instance, history_instance, **kwargs):
    history_instance.history_date = getattr(instance, "_history_date", None) or moment()


pre_create_historical_record.connect(_date_at_the_moment, dispatch_uid=f"{__name__}.moment")


class Records(HistoryDescriptor):
    """The package's, which makes a class anew each time that `history` of a model or a row is asked for."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.manager_of_records = self.manager_class.from_queryset(self.queryset_class)

    def __get__(self, instance, owner):
        return self.manager_of_records(self.model, instance)


class History(HistoricalRecords):
    """The package's, without the ways that it leaves open to write and record nothing, or something else."""

    def finalize(self, sender, **kwargs):
        super().finalize(sender, **kwargs)
        told = vars(sender).get(self.manager_name)
        if isinstance(told, HistoryDescriptor):
            setattr(sender, self.manager_name, Records(told.model, told.manager_class, told.queryset_class))

    def add_extra_methods(self, cls):
        """None: the package's `save_without_historical_record` is not wanted."""

    def post_save(self, instance, created, raw=False, update_fields=None, using=None, **kwargs):
        kind = "+" if created else "~"
        if _unrecorded.get():
            return
        if raw or update_fields is not None:
            # The instance may hold what was not written.
            record_rows([instance], kind=kind)
        else:
            self.create_historical_record(instance, kind, using=using)

    def pre_delete(self, instance, **kwargs):
        """Here, while the row and its links are still there to be read."""
        record_rows([instance], kind="-")

    def post_delete(self, **kwargs):
        """Nothing: see `pre_delete`."""

    def m2m_changed(self, **kwargs):
        """Nothing: core.changes records links from both sides, the package the wrong row from one of them."""


def record_rows(rows, *, kind):
    """Records of rows of one model as they are stored, each for its own reason and in its own user's name."""
    groups = defaultdict(set)
    for row in rows:
        groups[type(row), _user(row), get_change_reason_from_object(row)].add(row.pk)
    for (model, user, reason), pks in groups.items():
        record_stored(model, pks, kind=kind, reason=reason, user=user)


def record_keys(model, pks, *, kind, by=None):
    """Records of rows as they are stored, for the reason and in the name of the user that `by` has, if any."""
    record_stored(model, pks, kind=kind, reason=get_change_reason_from_object(by), user=_user(by))


def _user(row):
    """The primary key of `row._history_user` or, without one, of whoever sent the request that is being answered."""
    user = History().get_history_user(row)
    return user and user.pk


def record_stored(model, pks, *, kind, reason, user):
    """A record of each row of these keys that there is, as the database has it now, links included."""
    if _unrecorded.get():
        return
    if (loaded := _loaded.get()) is not None:
        for pk in pks:
            loaded[model].setdefault(pk, kind)
        return
    for batch in batches(pks):
        rows = stored(model, batch)
        record(model, list(rows), kind=kind, reason=reason, user=user, values=rows.values())


@contextmanager
def loading(reason):
    """Within, rows are loaded as a file has them, in any order: their records are written at the end, one of each.

    Not of rows whose history is in the file too, which is then that of a whole database.
    """
    loaded, with_history = defaultdict(dict), defaultdict(set)

    def note(sender, instance, raw, **kwargs):
        if raw and isinstance(instance, HistoricalChanges) and hasattr(instance, "history_type"):
            with_history[sender.instance_type].add(instance.id)

    uid = f"{__name__}.loading"
    post_save.connect(note, weak=False, dispatch_uid=uid)
    token = _loaded.set(loaded)
    try:
        yield
    finally:
        _loaded.reset(token)
        post_save.disconnect(dispatch_uid=uid)
    for model, kinds in loaded.items():
        for kind in ("+", "~"):
            pks = {pk for pk, of in kinds.items() if of == kind} - with_history[model]
            record_stored(model, pks, kind=kind, reason=reason, user=None)


def add_links(model, drafts):
    """Writes the links of rows; of each `draft.links` names those of draft.instance, {field name: [primary keys]}."""
    for field in model._meta.many_to_many:
        pairs = [(draft.instance.pk, pk) for draft in drafts for pk in draft.links.get(field.name, [])]
        insert_values(field.remote_field.through, _sides(field), pairs)


def remove_links(model, drafts):
    """Deletes the links of rows in the fields that `draft.links` names."""
    for field in model._meta.many_to_many:
        pks = [draft.instance.pk for draft in drafts if field.name in draft.links]
        for batch in batches(pks):
            links = field.remote_field.through._base_manager.filter(**{f"{_sides(field)[0]}__in": batch})
            links._raw_delete(links.db)


def record(model, pks, *, kind, reason, values, user=None):
    """Writes a record of history of each row of these keys, its links included: one query per table.

    `kind` is + for rows that were added, ~ for those that were changed, - for those about to be deleted; `values` are
    what `core.bulk` wrote or found of them. `user` is a primary key. django-simple-history would take several queries
    per row, and a record more for every field that has links.
    """
    history = getattr(model, "history", None)
    if not pks or not history or _unrecorded.get():
        return
    of, keys = history.model, reserve(history.model, len(pks))
    names = columns_of(model)
    kept = [names.index(field.attname) for field in of.tracked_fields]
    now = of._meta.get_field("history_date").get_db_prep_save(moment(), connection)
    about = ["history_date", "history_type", "history_change_reason", "history_user_id", "history_id"]
    told = [now, kind, reason, user]
    records = [[*told, key, *(row[place] for place in kept)] for key, row in zip(keys, values, strict=True)]
    insert_values(of, [*about, *(names[place] for place in kept)], records)
    by_row = dict(zip(pks, keys, strict=True))
    for field in of._history_m2m_fields:
        _record_links(field, by_row)


def _record_links(field, by_row):
    """`by_row` has the key of the record of each row."""
    one, other = _sides(field)
    recorded = HistoricalRecords.m2m_models[field]
    for batch in batches(by_row):
        links = field.remote_field.through._base_manager.filter(**{f"{one}__in": batch}).order_by("pk")
        found = links.values_list("pk", one, other)
        values = [(by_row[pk], link, pk, target) for link, pk, target in found]
        insert_values(recorded, ["history_id", "id", one, other], values)


def _sides(field):
    """The columns of the table behind a many-to-many field: of the row that has it, and of what it links."""
    return f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
