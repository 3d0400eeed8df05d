"""Entries, and revisions of them, that wait for somebody: of all kinds, in one list that the database puts in order."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse

from apps.core.models import Entry
from apps.curation.models import Pending, Step, kind_of
from apps.curation.workflow import written_by

SHOWN = 20
# How many are counted: of more it is said that there are at least so many.
COUNTED = 200
DRAFT, IN_REVIEW = "draft", "in_review"
RETURNED = Q(last_step=Step.Kind.RETURNED)


def page_of(entry, page):
    """The address of a page of the entry in the admin; "" where there is no such page."""
    try:
        return reverse(admin_urlname(entry._meta, page), args=[entry.pk])
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Waiting:
    """An entry, or a revision of it, with the last step that was taken with it."""

    entry: Entry
    is_revision: bool
    is_mine: bool
    step: Step | None
    since: datetime

    @property
    def kind(self):
        return self.entry._meta.verbose_name

    @property
    def address(self):
        return page_of(self.entry, "review")


@dataclass(frozen=True)
class Shortlist:
    """The first of many, and how many more there are, or are at least."""

    rows: list
    more: int = 0
    at_least: bool = False

    def __bool__(self):
        return bool(self.rows)

    @classmethod
    def of(cls, found, make):
        """Of no more than COUNTED + 1 rows, and what is made of each that is shown."""
        return cls(
            [make(row) for row in found[:SHOWN]],
            max(min(len(found), COUNTED) - SHOWN, 0),
            len(found) > COUNTED,
        )


def to_review(models, user):
    """Drafts and revisions in review, those that wait longest first."""
    return _shortlist(models, user, IN_REVIEW, "since")


def returned_to(user, models):
    """What the user wrote and a reviewer returned, the latest first."""
    return _shortlist(models, user, DRAFT, "-since", Q(is_mine=True) & RETURNED)


def drafts_of(user, models):
    """Other drafts and revisions that the user wrote and has not sent to review, the latest first."""
    return _shortlist(models, user, DRAFT, "-since", Q(is_mine=True) & ~RETURNED)


def revisions_of_others(user, models):
    """How many revisions others have begun and not sent to review."""
    kinds = [kind_of(model) for model in models]
    return Pending.objects.filter(~written_by(user, Pending), status=DRAFT, kind__in=kinds).count()


def _shortlist(models, user, status, order, condition=None):
    kinds = {kind_of(model): model for model in models}
    if not kinds:
        return Shortlist([])
    pending = Pending.objects.filter(kind__in=kinds)
    queries = [
        _rows(queryset, status, user).filter(condition or Q()).values_list(*COLUMNS)
        for queryset in (pending, *(model.objects.order_by() for model in models))
    ]
    found = list(
        queries[0].union(*queries[1:], all=True).order_by(order, "its_kind", "its_key")[: COUNTED + 1]
    )
    entries = entries_of((kinds[kind], key) for kind, key, *_rest in found[:SHOWN])
    steps = Step.objects.select_related("by").in_bulk([row[-1] for row in found[:SHOWN] if row[-1]])

    def waiting(row):
        kind, key, is_revision, is_mine, since, step = row
        return Waiting(entries[kinds[kind], key], is_revision, is_mine, steps.get(step), since)

    return Shortlist.of(found, waiting)


COLUMNS = ("its_kind", "its_key", "is_revision", "is_mine", "since", "step_taken")


def _rows(queryset, status, user):
    """Rows of one kind, or pending revisions, with what the union of all has of them."""
    model = queryset.model
    is_revision = model is Pending
    its_kind = F("kind") if is_revision else Value(kind_of(model), CharField())
    about = (OuterRef("kind"), OuterRef("key")) if is_revision else (kind_of(model), OuterRef("pk"))
    steps = Step.objects.filter(kind=about[0], key=about[1]).order_by("-pk")
    return queryset.filter(status=status).annotate(
        its_kind=its_kind,
        its_key=F("key" if is_revision else "pk"),
        is_revision=Value(is_revision, BooleanField()),
        is_mine=ExpressionWrapper(written_by(user, model), BooleanField()),
        since=Coalesce(
            Subquery(steps.values("at")[:1]),
            F("changed_at" if is_revision else "updated_at"),
            output_field=DateTimeField(),
        ),
        step_taken=Subquery(steps.values("pk")[:1]),
        last_step=Coalesce(Subquery(steps.values("step")[:1]), Value("")),
    )


def entries_of(names):
    """{(model, primary key): entry} with what their titles read; a query for each kind."""
    keys = {}
    for model, key in names:
        keys.setdefault(model, set()).add(key)
    return {
        (model, entry.pk): entry
        for model, wanted in keys.items()
        for entry in model.objects.for_title().filter(pk__in=wanted)
    }
