"""Where a passage says otherwise of an entry: both tellings, side by side."""

from collections import defaultdict
from dataclasses import dataclass

from apps.core.fieldwords import prefetch_values, value_words
from apps.core.templatetags.reading import field_label
from apps.sources.models import Citation


@dataclass(frozen=True)
class Claim:
    """What a cited passage says."""

    citation: Citation
    says: str


@dataclass(frozen=True)
class Conflict:
    """A field of an entry, or the whole entry where `field` is "", of which passages say different things.

    `value` is what is recorded, in words: it may leave open which of them is right. `supporting` is empty where no
    passage is cited for the field, nor for the whole entry without saying otherwise of the field.
    """

    entry: object
    field: str
    value: str
    supporting: list[Claim]
    contradicting: list[Claim]

    @property
    def anchor(self):
        return anchor_of(self.entry)

    @property
    def label(self):
        """The reader's word for the field; "" for the whole entry."""
        return field_label(self.entry, self.field) if self.field else ""


def anchor_of(entry):
    """Where on the page of a source the conflicts of an entry stand."""
    return f"conflict-{entry._meta.model_name}-{entry.public_id}"


def conflicts_among(citations):
    """{entry: [Conflict of each contradicted field]} of the entries that any of the citations contradicts.

    One query for each relation that is contradicted, whatever the number of entries.
    """
    of_entry = defaultdict(list)
    for citation in citations:
        of_entry[citation.entry].append(citation)
    fields = {entry: _contradicted(rows) for entry, rows in of_entry.items()}
    fields = {entry: names for entry, names in fields.items() if names}
    _prefetch(fields)
    return {
        entry: [_conflict(entry, name, of_entry[entry]) for name in names] for entry, names in fields.items()
    }


def _contradicted(citations):
    """The names of the fields, that of the whole entry ("") first."""
    return sorted({row.field for row in citations if row.stance == Citation.Stance.CONTRADICTS})


def _prefetch(fields):
    kinds = defaultdict(list)
    for entry in fields:
        kinds[type(entry)].append(entry)
    for entries in kinds.values():
        prefetch_values(entries, sorted({name for entry in entries for name in fields[entry]}))


def _conflict(entry, field, citations):
    value = value_words(entry, field)
    against = [row for row in citations if row.stance == Citation.Stance.CONTRADICTS and row.field == field]
    return Conflict(
        entry=entry,
        field=field,
        value=value,
        supporting=[Claim(row, row.claim or value) for row in _supporting(field, citations)],
        contradicting=[Claim(row, row.claim) for row in against],
    )


def _supporting(field, citations):
    """Who speaks for the value that is recorded, those first that say the same.

    A passage cited for the whole entry does so only where none is cited for this very value, as it may be silent on
    it; and not where it is cited for the field too, since there it says what it says.
    """
    supports = [row for row in citations if row.stance == Citation.Stance.SUPPORTS]
    of_field = [row for row in supports if row.field == field]
    if field and all(row.claim for row in of_field):
        spoken = {row.passage_id for row in citations if row.field == field}
        of_field += [row for row in supports if not row.field and row.passage_id not in spoken]
    return sorted(of_field, key=lambda row: bool(row.claim))
