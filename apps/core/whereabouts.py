"""What became of a row that an address names, where nothing public has that identifier now.

Somebody may have cited it. It is told from the history, which has a record of every write whatever made it: a step of
a curator, a package of data, a bulk update. What never was public is answered with nothing, like what never existed.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db import models
from django.utils.translation import get_language, gettext_lazy as _

from apps.core.datewords import day_words
from apps.core.fixtures import identifier_of

PUBLISHED, WITHDRAWN = "published", "withdrawn"
# By what it is on account of, and by what has become of it: each whole, since languages order and inflect otherwise.
_SENTENCES = {
    ("", "not public"): _("The %(kind)s “%(identifier)s” is no longer public."),
    ("", "withdrawn"): _("The %(kind)s “%(identifier)s” was withdrawn."),
    ("", "withdrawn on"): _("The %(kind)s “%(identifier)s” was withdrawn on %(day)s."),
    ("heir", "not public"): _(
        "The %(kind)s “%(identifier)s” was merged into “%(heir)s”, which is no longer public."
    ),
    ("heir", "withdrawn"): _(
        "The %(kind)s “%(identifier)s” was merged into “%(heir)s”, which was withdrawn."
    ),
    ("heir", "withdrawn on"): _(
        "The %(kind)s “%(identifier)s” was merged into “%(heir)s”, which was withdrawn on %(day)s."
    ),
    ("named", "not public"): _(
        "The %(kind)s “%(identifier)s” is not shown: its title names the %(other)s “%(name)s”, which is no longer "
        "public."
    ),
    ("named", "withdrawn"): _(
        "The %(kind)s “%(identifier)s” is not shown: its title names the %(other)s “%(name)s”, which was withdrawn."
    ),
    ("named", "withdrawn on"): _(
        "The %(kind)s “%(identifier)s” is not shown: its title names the %(other)s “%(name)s”, which was withdrawn on "
        "%(day)s."
    ),
}


@dataclass(frozen=True)
class Moved:
    """Public under another identifier: renamed, or merged into `row`."""

    row: models.Model


@dataclass(frozen=True)
class Gone:
    """Once public and no longer; of what it said, nothing is told but its kind and identifier."""

    model: type
    identifier: str
    # When and why, where that is on record.
    at: datetime | None = None
    because: str = ""
    is_withdrawn: bool = False
    # On account of which other row, that was public too: one that its title names, or one that it was merged into.
    named: models.Model | None = None
    heir: models.Model | None = None

    @property
    def kind(self):
        return self.model._meta.verbose_name

    @property
    def kinds(self):
        return self.model._meta.verbose_name_plural

    @cached_property
    def sentence(self):
        """What happened, without the reason."""
        words = {"kind": self.kind, "identifier": self.identifier}
        if self.at:
            words["day"] = day_words(self.at, get_language() or "en")
        if self.heir:
            words["heir"] = self.heir.public_id
        elif self.named:
            words |= {"other": self.named._meta.verbose_name, "name": self.named.public_id}
        cause = "heir" if self.heir else "named" if self.named else ""
        fate = "not public" if not self.is_withdrawn else "withdrawn on" if self.at else "withdrawn"
        return _SENTENCES[cause, fate] % words


def whereabouts(model, identifier):
    """Moved, Gone, or None: what became of the last row that had this public identifier in public.

    For who has found that no public row has it. One query where none ever had.
    """
    for key in _holders(model, identifier):
        if not _has_status(model):
            return _of_plain(model, key, identifier)
        if _was_public(model, key, identifier):
            return _of_entry(model, key, identifier)
    return None


def _has_status(model):
    """Whether rows are published one by one, as entries are; sources and places are public since they exist."""
    return hasattr(model, "is_published")


def _holders(model, identifier):
    """Primary keys of the rows that had the identifier, published if they need to be; who had it last comes first."""
    records = model.history.filter(**{identifier_of(model): identifier})
    if _has_status(model):
        records = records.filter(status=PUBLISHED)
    return dict.fromkeys(records.order_by("-history_date", "-history_id").values_list("id", flat=True))


def _of_plain(model, key, identifier):
    row = model._base_manager.filter(pk=key).first()
    if row is None:
        return Gone(model, identifier)
    return Moved(row) if row.public_id != identifier else None


def _of_entry(model, key, identifier):
    row = model.objects.for_title().filter(pk=key).first()
    if row is None:
        return Gone(model, identifier)
    if row.is_public:
        # The same identifier: it became public just now.
        return Moved(row) if row.public_id != identifier else None
    heir = _last_heir(row)
    if heir is None or not (heir.is_public or _was_public(model, heir.pk)):
        return _gone(row, identifier)
    return Moved(heir) if heir.is_public else replace(_gone(heir, identifier), heir=heir, named=None)


def _last_heir(row):
    """Into what it was merged, in the end; None where it was not."""
    seen, heir = {row.pk}, None
    while row.heir_id and row.heir_id not in seen:
        row = heir = type(row).objects.for_title().get(pk=row.heir_id)
        seen.add(row.pk)
    return heir


def _gone(row, identifier):
    gone = Gone(type(row), identifier)
    if row.status == WITHDRAWN:
        return replace(gone, is_withdrawn=True, **_withdrawal(row))
    if not row.is_published:
        return gone  # A draft again, by other means than a curator has.
    hidden = [getattr(row, name) for name in row.title_parts]
    for part in hidden:
        if part is not None and part.status == WITHDRAWN and _was_public(type(part), part.pk):
            return replace(gone, is_withdrawn=True, named=part, **_withdrawal(part))
    return gone


def _withdrawal(row):
    """When and why: what the row says, or where it was withdrawn by other means, the record of that."""
    if row.withdrawn_at or row.withdrawn_because:
        return {"at": row.withdrawn_at, "because": row.withdrawn_because}
    first = None
    for record in row.history.order_by("-history_date", "-history_id"):
        if record.status != WITHDRAWN:
            break
        first = record
    return {"at": first.history_date, "because": first.history_change_reason or ""} if first else {}


# When it was public


def _was_public(model, key, identifier=None):
    """Whether readers ever saw it, under the identifier if one is given: it and all that its title names published."""
    return any(
        _overlap(since, until, [_published(part, pk) for part, pk in parts])
        for since, until, parts in _periods(model, key, identifier)
    )


def _published(model, key):
    return [(since, until) for since, until, _parts in _periods(model, key)]


def _periods(model, key, identifier=None):
    """(since, until, [(model, primary key) that its title named]) of each record by which it was published.

    `until` is None for what is so now. What was changed again within the same moment nobody saw.
    """
    parts = [model._meta.get_field(name) for name in model.title_parts]
    name = identifier_of(model)
    columns = ["history_date", "history_type", "status", name, *(field.attname for field in parts)]
    records = list(
        model.history.filter(id=key).order_by("history_date", "history_id").values_list(*columns, named=True)
    )
    for record, later in zip(records, [*records[1:], None], strict=True):
        until = later and later.history_date
        is_asked = identifier in (None, getattr(record, name))
        if (
            record.status == PUBLISHED
            and record.history_type != "-"
            and is_asked
            and record.history_date != until
        ):
            keys = [(field.related_model, getattr(record, field.attname)) for field in parts]
            yield record.history_date, until, [(part, pk) for part, pk in keys if pk is not None]


def _overlap(since, until, others):
    """Whether a moment lies in the period and in one period of each of the others."""
    if not others:
        return True
    for begun, ended in others[0]:
        latest = max(since, begun)
        ends = [end for end in (until, ended) if end is not None]
        soonest = min(ends, default=None)
        if (soonest is None or latest < soonest) and _overlap(latest, soonest, others[1:]):
            return True
    return False
