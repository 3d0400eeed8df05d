"""The page of an entry as readers do not see it: not yet, with its pending revision, or as it was at some time.

What is to be seen is written, the ordinary view answers, and all of it is undone (`core.changes.undone`): the page is
that of the site, and nothing of it was ever there. Only the entry itself is so; lists stay those of readers.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.apps import apps
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from apps.core.asof import OF_CURATORS
from apps.core.changes import together
from apps.core.models import Entry
from apps.curation import workflow
from apps.curation.chronicle import known_at
from apps.curation.moments import moment_of
from apps.curation.restoring import lost_names
from apps.curation.roles import REVIEW, may
from apps.curation.steps import NOT_WITHDRAWN
from apps.curation.three_way import merged
from apps.curation.versions import apply, version_of

PREVIEW, RECORDED_AT = OF_CURATORS


class Unshown(Exception):
    """Why there is nothing to be seen, for who may see it: `status` is that of the answer."""

    def __init__(self, status, sentence):
        self.status = status
        super().__init__(sentence)


class Page(NamedTuple):
    """What kind of entry has its page, or its answer of the API, at an address, and under which identifier."""

    model: type
    identifier: str


@dataclass
class Sight:
    """What is to be seen of an entry, and the words that say what that is."""

    entry: Entry
    words: str
    version: dict | None = None
    # When it was so, and when the entry had been saved last by then; None of what is to come.
    moment: datetime | None = None
    saved_at: datetime | None = None

    @property
    def back(self):
        """The address of its page in the admin."""
        page = "history" if self.moment else "review"
        return reverse(admin_urlname(self.entry._meta, page), args=[self.entry.pk])

    def write(self, identifier):
        """Makes the database say it, the entry being public under the identifier; to be undone."""
        model = type(self.entry)
        with together():
            if self.version:
                own = {**self.version["own"], model.public_id_field: identifier}
                apply(self.entry, {**self.version, "own": own})
            _make_public(model.objects.for_title().get(pk=self.entry.pk))
            if self.saved_at:
                model.objects.filter(pk=self.entry.pk).update(updated_at=self.saved_at)


def _make_public(row):
    """And whatever its title names."""
    for name in row.title_parts:
        part = getattr(row, name)
        if isinstance(part, Entry) and not part.is_public:
            _make_public(part)
    if not row.is_published:
        type(row).objects.filter(pk=row.pk).update(status="published", **NOT_WITHDRAWN)


@cache
def _routes():
    kinds = [model for model in apps.get_models() if issubclass(model, Entry)]
    names = {f"{kind._meta.model_name}-detail": kind for kind in kinds}
    return names | {f"api:{name}": kind for name, kind in names.items()}


def page_at(path):
    """The Page at a path of the site, or None where no entry has its page."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    model = _routes().get(match.view_name)
    return Page(model, *match.kwargs.values()) if model else None


def sight(page, given, user):
    """The Sight that the parameters ask for; None where there is none for this user, as if they were not there.

    Raises Unshown.
    """
    if not may(user, "view", page.model):
        return None
    asked = given.getlist(RECORDED_AT)
    if asked and user.has_perm(REVIEW):
        if len(asked) > 1 or PREVIEW in given:
            raise Unshown(400, _("Give one moment, and no preview beside it."))
        return _sight_of_then(page, asked[0])
    return _sight_of_next(page) if not asked and given.getlist(PREVIEW) == ["1"] else None


def _sight_of_next(page):
    entry = _by_identifier(page)
    if entry is None:
        return None
    pending = workflow.pending_of(entry)
    if pending:
        words = _("Preview of the pending revision, %(status)s.") % {"status": pending.get_status_display()}
        version, _conflicts = merged(pending.base, pending.version, version_of(entry))
        _refuse_lost(entry, version)
        return Sight(entry, words, version)
    if entry.is_public:
        return Sight(entry, _("As readers see it: there is no pending revision."))
    if entry.is_published:
        return Sight(entry, _("Preview: published, but its title names what is not public."))
    return Sight(entry, _("Preview: %(status)s, not public.") % {"status": entry.get_status_display()})


def _sight_of_then(page, text):
    try:
        moment = moment_of(text)
    except ValidationError as error:
        raise Unshown(400, " ".join(error.messages)) from error
    entry = _by_identifier(page) or _by_identifier_of_then(page, moment)
    if entry is None:
        return None
    known = known_at(entry, moment)
    if known is None or known.version is None:
        raise Unshown(404, _("The database did not have it at that time."))
    _refuse_lost(entry, known.version)
    words = _("As the database knew it on %(when)s (UTC): %(status)s then.") % {
        "when": f"{moment:%Y-%m-%d %H:%M:%S}",
        "status": known.status_words,
    }
    return Sight(entry, words, known.version, moment, known.record.updated_at)


def _refuse_lost(entry, version):
    if gone := lost_names(type(entry), version):
        raise Unshown(
            409,
            _(
                "It cannot be drawn, as it names what is no longer there: %(names)s. Its history has all of it."
            )
            % {"names": "; ".join(gone)},
        )


def _by_identifier(page):
    rows = page.model.objects.for_title()
    return rows.filter(**{page.model.public_id_field: page.identifier}).first()


def _by_identifier_of_then(page, moment):
    name = page.model.public_id_field
    records = page.model.history.filter(**{name: page.identifier}, history_date__lte=moment)
    for key in dict.fromkeys(records.values_list("id", flat=True)):
        entry = page.model.objects.filter(pk=key).first()
        known = entry and known_at(entry, moment)
        if known and known.record and getattr(known.record, name) == page.identifier:
            return entry
    return None
