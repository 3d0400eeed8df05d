"""History of rows that are saved many at a time."""

from django.utils import timezone
from simple_history.models import HistoricalRecords


def link_and_record(model, rows, *, reason):
    """Writes the many-to-many links of rows just added, and the first record of history of each, links included.

    `rows` are pairs of an instance, saved with `skip_history_when_saving`, and {field name: [instances]}. One query
    per table, where django-simple-history takes several per row and a record more for every field that has links.
    """
    links = {field: _link(field, rows) for field in model._meta.many_to_many}
    # Each access to `model.history` makes a class.
    history = getattr(model, "history", None)
    if not rows or not history:
        return
    instances = [instance for instance, _ in rows]
    records = history.bulk_history_create(
        instances, default_change_reason=reason, default_date=timezone.now()
    )
    by_pk = {instance.pk: record for instance, record in zip(instances, records, strict=True)}
    for field in history.model._history_m2m_fields:
        _record_links(field, links[field], by_pk)


def _link(field, rows):
    one, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    through = field.remote_field.through
    return through.objects.bulk_create(
        through(**{one: instance, other: target})
        for instance, many in rows
        for target in many.get(field.name, [])
    )


def _record_links(field, links, records):
    names = [column.attname for column in field.remote_field.through._meta.concrete_fields]
    owner = f"{field.m2m_field_name()}_id"
    recorded = HistoricalRecords.m2m_models[field]
    recorded.objects.bulk_create(
        recorded(history=records[getattr(link, owner)], **{name: getattr(link, name) for name in names})
        for link in links
    )
