"""What the database knew of an entry, change by change, from the records of the entry, its links and all its parts.

All records that one change left bear one moment (`core.changes.moment`), so a change is a moment. Everything here is
one walk through the records from the first to the last: a few queries for each kind of part, however many changes.
"""

from dataclasses import dataclass, field as attribute
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords

from apps.core.fixtures import whole_field
from apps.curation.differences import Names, differences
from apps.curation.versions import key_in_version, part_models, references_of, said_fields, values_of
from apps.curation.workflow import part_history


@dataclass(frozen=True)
class Known:
    """What was known from one moment on, and how that came.

    `record` is the entry's own in force, None where it was not there; `parts` has each part that was, by kind and key.
    """

    moment: object
    model: type
    record: object
    own: dict
    parts: dict
    records: list = attribute(default_factory=list)

    @property
    def status(self):
        return self.record.status if self.record else ""

    @property
    def status_words(self):
        return self.record.get_status_display() if self.record else ""

    @cached_property
    def version(self):
        """As `versions.version_of` had it then; None where the entry was not there."""
        if self.record is None:
            return None
        kept, parts = {self.model: {str(self.record.id)}}, {}
        for part in part_models(self.model):
            whole = whole_field(part)
            rows = self.parts.get(part._meta.label_lower, {})
            parts[part._meta.label_lower] = {
                key: rows[key]
                for key in sorted(rows, key=int)
                if str(rows[key][whole.attname]) in kept[whole.related_model]
            }
            kept[part] = parts[part._meta.label_lower].keys()
        return {"own": self.own, "parts": parts}


@dataclass(frozen=True)
class Change:
    """One change of an entry: what was known before (None before the first) and after, and the groups that differ."""

    before: Known
    after: Known
    groups: list

    @property
    def moment(self):
        return self.after.moment

    @property
    def who(self):
        """The users who made it, each once; empty for what a command did."""
        return list(dict.fromkeys(filter(None, (record.history_user for record in self.after.records))))

    @property
    def reasons(self):
        given = (record.history_change_reason for record in self.after.records)
        return list(dict.fromkeys(filter(None, given)))

    @property
    def began(self):
        return self.after.record is not None and (self.before is None or self.before.record is None)

    @property
    def ended(self):
        return self.after.record is None

    @property
    def verb(self):
        """In a word, what was done; "" where it only took a step to readers, which is told as such."""
        if self.began:
            return _("Entered")
        if self.ended:
            return _("Deleted")
        return "" if self.moved and not self.groups else _("Changed")

    @property
    def moved(self):
        """Whether its status changed."""
        return not self.began and not self.ended and self.before.status != self.after.status


def known_at(entry, moment):
    """What was Known of the entry at a moment; None before anything was. An entry that is gone is `model(pk=...)`."""
    return next(reversed(chronicle(entry, until=moment)), None)


def version_at(entry, moment):
    """The version as the database knew it at a moment; None before it was there and after it was deleted."""
    known = known_at(entry, moment)
    return known.version if known else None


def changes(model, knowns, wanted):
    """The Changes that made those of `knowns`, a chronicle, that have the indexes wanted, in the order of these."""
    pairs = [(knowns[index - 1] if index else None, knowns[index]) for index in wanted]
    names = Names()
    names.read(*(references_of(model, known.version) for known in _there(pairs)))
    return [
        Change(before, after, differences(model, before and before.version, after.version, names))
        for before, after in pairs
    ]


def _there(pairs):
    return {id(known): known for pair in pairs for known in pair if known and known.record}.values()


def chronicle(entry, until=None):
    """All that was ever Known of the entry, or until a moment, the earliest first."""
    events = sorted(_events(type(entry), entry.pk, until), key=lambda event: event.order)
    known, found = Known(None, type(entry), None, {}, {}), []
    for moment, some in groupby(events, key=lambda event: event.record.history_date):
        after = _followed(known, moment, list(some))
        # What was deleted elsewhere is a change of this one only if it was linked.
        if after.records:
            found.append(known := after)
    return found


# Records of history as events


@dataclass
class _Event:
    """A record of the entry or of a part; or the deletion of a row to which the entry's `link` may lead."""

    record: object
    model: type
    values: dict = attribute(default_factory=dict)
    link: str = ""

    @property
    def order(self):
        return (self.record.history_date, bool(self.link), self.record.history_id)


def _events(model, key, until):
    own = model.history.filter(id=key)
    yield from (found := list(_of_model(model, own, until)))
    for part in part_models(model):
        # Those that went to another whole, too, of which the records of this one do not tell.
        ids = part_history(part, model, key).order_by().values("id")
        yield from _of_model(part, part.history.filter(id__in=ids), until)
    for field in model._meta.many_to_many:
        targets = {target for event in found for target in event.values.get(field.name, ())}
        gone = field.related_model.history.filter(id__in=targets, history_type="-")
        for record in _until(gone, until):
            yield _Event(record, model, link=field.name)


def _of_model(model, records, until):
    records = _until(records, until)
    links = {field.name: _linked(field, records) for field in model._meta.many_to_many}
    plain = [field for field in said_fields(model) if not field.many_to_many]
    for record in records:
        values = values_of(record, model, plain)
        values |= {name: sorted(found.get(record.pk, ())) for name, found in links.items()}
        # In the order of the model, as versions have it.
        names = map(key_in_version, said_fields(model))
        yield _Event(record, model, {name: values[name] for name in names})


def _linked(field, records):
    """{key of a record: keys of what the row was linked to}; one query."""
    recorded = HistoricalRecords.m2m_models[field]._base_manager
    found = {}
    of_records = recorded.filter(history__in=records.order_by().values("pk"))
    for key, target in of_records.values_list("history_id", f"{field.m2m_reverse_field_name()}_id"):
        found.setdefault(key, []).append(target)
    return found


def _until(records, moment):
    records = records.filter(history_date__lte=moment) if moment else records
    return records.select_related("history_user")


def _followed(known, moment, events):
    """What is known after the events of a moment; without records where none of them was a change."""
    record, own, parts, records = known.record, known.own, dict(known.parts), []
    for event in events:
        if event.link:
            if event.record.id in own.get(event.link, ()):
                own = {**own, event.link: [key for key in own[event.link] if key != event.record.id]}
                records.append(event.record)
            continue
        records.append(event.record)
        is_gone = event.record.history_type == "-"
        if event.model is known.model:
            record, own = (None, {}) if is_gone else (event.record, event.values)
            continue
        label, key = event.model._meta.label_lower, str(event.record.id)
        rows = {**parts.get(label, {}), key: event.values}
        parts[label] = {other: row for other, row in rows.items() if not (is_gone and other == key)}
    return Known(moment, known.model, record, own, parts, records)
