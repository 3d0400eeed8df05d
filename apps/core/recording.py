"""History of rows that are saved many at a time."""

from django.db import connection
from simple_history.models import HistoricalRecords

from apps.core.bulk import columns_of, insert_values, reserve
from apps.core.changes import batches, moment


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


def record(model, drafts, *, kind, reason, values, user=None):
    """Writes a record of history of each row, its links included: one query per table.

    `kind` is + for rows that were added, ~ for those that were changed; `values` are what `core.bulk` wrote of them.
    django-simple-history would take several queries per row, and a record more for every field that has links.
    """
    # Each access to `model.history` makes a class.
    history = getattr(model, "history", None)
    if not drafts or not history:
        return
    of, keys = history.model, reserve(history.model, len(drafts))
    names = columns_of(model)
    kept = [names.index(field.attname) for field in of.tracked_fields]
    now = of._meta.get_field("history_date").get_db_prep_save(moment(), connection)
    about = ["history_date", "history_type", "history_change_reason", "history_user_id", "history_id"]
    told = [now, kind, reason, user and user.pk]
    records = [[*told, key, *(row[place] for place in kept)] for key, row in zip(keys, values, strict=True)]
    insert_values(of, [*about, *(names[place] for place in kept)], records)
    by_row = dict(zip((draft.instance.pk for draft in drafts), keys, strict=True))
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
