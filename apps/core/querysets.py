"""The vocabulary shared by all entries: what is public, what held on a day, what happened between two days.

And that of the revision, which each change of anything recorded raises.
"""

from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.utils import timezone

from apps.core.changes import TellingQuerySet
from apps.core.dates import EARLIEST, LATEST
from apps.core.fields import DerivedField
from apps.core.lease import wait_once_committed
from apps.core.spans import Holds
from apps.core.text import fold

# The bounds of a date of which nothing is known.
UNDATED = (EARLIEST, EARLIEST), (LATEST, LATEST)


def certain_if(condition):
    """ "certain" for rows that meet the condition, "possible" for the others."""
    return Case(
        When(condition, then=Value(Holds.CERTAIN.value)),
        default=Value(Holds.POSSIBLE.value),
        output_field=models.CharField(),
    )


def holds_column(queryset):
    """("holds",) of rows that are `as_of` a day, each annotated with it; () of any others."""
    return ("holds",) if "holds" in queryset.query.annotations else ()


def is_public(model, path=""):
    """Condition that an entry of the model is public, or the one to which the path, such as "entry__", leads."""
    status = model.Status.PUBLISHED
    public = Q(**{f"{path}status": status})
    for part in model.title_parts:
        public &= Q(**{f"{path}{part}__isnull": True}) | Q(**{f"{path}{part}__status": status})
    return public


class NotHidden(Func):
    """Condition that the row to which the foreign key leads, if any, is not among those, few, that are not public.

    As SQL, since a subquery of Django's own would be made anew for each part of a title and for each query.
    """

    output_field = models.BooleanField()

    def __init__(self, key, **kwargs):
        self.key = key
        super().__init__(F(key.attname), **kwargs)

    def as_sql(self, compiler, connection):
        key, params = compiler.compile(self.source_expressions[0])
        quoted, rows = connection.ops.quote_name, self.key.related_model._meta
        key_column, table = quoted(rows.pk.column), quoted(rows.db_table)
        hidden = f"SELECT {key_column} FROM {table} WHERE NOT (status = 'published')"  # nosec B608  # Names of ours.
        shown = f"NOT ({key} IN ({hidden}))"
        return f"({key} IS NULL OR {shown})" if self.key.null else shown, params


class DerivingQuerySet(TellingQuerySet):
    """Keeps derived columns true on the two paths that do not save row by row."""

    def update(self, **kwargs):
        """As in Django; TypeError where a column derived from what is written would be left untrue."""
        for field in self._derived():
            if field.name not in kwargs and not kwargs.keys().isdisjoint(field.sources):
                raise TypeError(
                    f"update() cannot compute {self.model.__name__}.{field.name}: "
                    "save the rows one by one, or use bulk_update()."
                )
        return super().update(**kwargs)

    update.alters_data = True

    def bulk_update(self, objs, fields, batch_size=None):
        """As in Django, with the columns derived from `fields` written too."""
        names = set(fields)
        names |= {field.name for field in self._derived() if not names.isdisjoint(field.sources)}
        return super().bulk_update(objs, sorted(names), batch_size)

    bulk_update.alters_data = True

    def _derived(self):
        return [field for field in self.model._meta.concrete_fields if isinstance(field, DerivedField)]


class EntryQuerySet(DerivingQuerySet):
    """Words for every kind of entry.

    A kind says with `for_title()`, `for_list()` and `for_detail()` what its title, its row in a list and its page
    read, so that none of them asks the database again for each row.
    """

    def for_title(self):
        # Without names, select_related() would follow every foreign key.
        return self.select_related(*self.model.title_parts) if self.model.title_parts else self

    def for_list(self):
        return self.for_title()

    def for_detail(self):
        return self.for_list().with_citations()

    def get_by_natural_key(self, public_id):
        return self.get(**{self.model.public_id_field: public_id})

    def published(self):
        """What the public may see: every page, API answer, export, count and search starts here.

        An entry whose title names others, as that of a visit names the visitor, is public once all of these are.
        """
        return self.filter(is_public(self.model))

    def published_one_by_one(self):
        """As published(), for whoever reads a few of many in some order: row by row, whether it is public.

        Joined with what a title names, a database may begin there, and sort all rows to show the first of them.
        """
        parts = (self.model._meta.get_field(part) for part in self.model.title_parts)
        return self.filter(*map(NotHidden, parts), status=self.model.Status.PUBLISHED)

    def themselves_published(self):
        """Whether what their titles name is public or not: for who has just found them among those of published().

        A reference to what ceased to be public meanwhile is null in the API (`cells.PUBLIC`); the row is told of still.
        """
        return self.filter(status=self.model.Status.PUBLISHED)

    def any_of(self, *conditions):
        """That meet one of the conditions, or several; remembered as the branches by which a page is read."""
        met = Q()
        for condition in conditions:
            met |= condition
        rows = self.filter(met)
        rows.branches = conditions
        return rows

    # Conditions of which each row meets one at least, where there are any.
    branches = ()
    # Conditions that every row meets, by which the rows are found where they are few; by the others more than once.
    clues = repeating_clues = ()

    def found_by(self, clue, condition, *, repeats=False):
        """Rows that meet the condition, which is asked of one row after another; `clue` says it, or less, by a join.

        A database begins with what is joined, and then sorts all that it found there to show the first of it. Where
        few rows are found that is best, where many are it is worst, and only `looked_up()` knows which it is.
        Of a clue that `repeats`, the join leads to the same row more than once.
        """
        rows = self.filter(condition)
        if repeats:
            rows.repeating_clues = (*self.repeating_clues, clue)
        else:
            rows.clues = (*self.clues, clue)
        return rows

    def looked_up(self, *, once=True):
        """The same rows, for whoever wants all of them, or the first in no order; perhaps repeated, unless `once`."""
        rows = self
        for clue in self.clues if once else (*self.clues, *self.repeating_clues):
            rows = rows.filter(clue)
        return rows

    def _clone(self):
        clone = super()._clone()
        for name in ("branches", "clues", "repeating_clues"):
            setattr(clone, name, getattr(self, name))
        return clone

    def uncited(self):
        """Without a passage that supports it; none of these may be published."""
        return self.exclude(self._is_supported())

    def unsupported(self):
        """Uncited ones that are still to be supported, which of what is withdrawn nobody expects."""
        return self.uncited().exclude(status=self.model.Status.WITHDRAWN)

    def _is_supported(self):
        citation = self.model.citations.rel.related_model
        return Exists(citation.objects.filter(entry=OuterRef("pk"), stance=citation.Stance.SUPPORTS))

    def to_do(self, own):
        """How many there are of each of those that a curator has to look at; `own` is a condition on drafts."""
        status = self.model.Status
        conditions = {
            "drafts": Q(status=status.DRAFT),
            "own_drafts": Q(status=status.DRAFT) & own,
            "in_review": Q(status=status.IN_REVIEW),
            "unsupported": ~Q(status=status.WITHDRAWN) & ~self._is_supported(),
            "inferred": Q(basis=self.model.Basis.INFERRED),
        }
        return self.aggregate(
            **{name: models.Count("pk", filter=which) for name, which in conditions.items()}
        )

    def with_citations(self):
        """One more query for the citations of all rows, each with its passage and source."""
        citations = self.model.citations.rel.related_model.objects.select_related("passage__source")
        return self.prefetch_related(models.Prefetch("citations", citations))

    def public_related(self, *names):
        """Prefetches of related sets of dated entries, the public ones of each, the latest first."""
        for name in names:
            field = self.model._meta.get_field(name)
            rows = field.related_model.objects.published().for_title().latest_first()
            yield models.Prefetch(field.get_accessor_name(), rows)

    def matching(self, text):
        """Entries in whose own names, titles or occasions, or in a name that their title has, `text` occurs.

        Whatever the case and the accents.
        """
        words, found = fold(text), Q()
        for part in getattr(self.model, "title_parts", ()):
            # Of the few that titles name, found once, and not of each entry anew.
            named = self.model._meta.get_field(part).related_model.objects.order_by()
            found |= Q(**{f"{part}__in": named.filter(search_text__contains=words).values("pk")})
        if hasattr(self.model, "search_text"):
            found |= Q(search_text__contains=words)
        return self.filter(found)

    def citing(self, source, anchor=None):
        """Entries that cite a passage of the source, or that of the anchor, for what they say or against it."""
        citations = self.model.citations.rel.related_model.objects.of_source(source, anchor)
        # One passage is cited by few entries, which an index finds at once; a source perhaps by all.
        if anchor:
            return self.filter(pk__in=citations.values("entry"))
        return self.filter(Exists(citations.filter(entry=OuterRef("pk"))))

    def with_date(self, name, first, last):
        """Whose date of that name is recorded, and lies, possibly, within the days `first` to `last`, both included."""
        return self.exclude(**{f"{name}__in": ["", ".."]}).filter(
            **{f"{name}_latest__gte": first, f"{name}_earliest__lte": last}
        )

    def leading_to(self, name, row):
        """Whose many-to-many field of that name leads to the row."""
        field = self.model._meta.get_field(name)
        links = field.remote_field.through._base_manager.filter(**{field.m2m_reverse_field_name(): row})
        # Not EXISTS: SQLite would look at every entry, where the index of the links names the few that are meant.
        return self.filter(pk__in=links.values(field.m2m_field_name()))


class DatedQuerySet(models.QuerySet):
    """Words for entries with one main date, named in the model's `main_date`."""

    def between(self, first, last):
        """Dated possibly within the days `first` to `last`, both included; an unknown date is never left out."""
        name = self.model.main_date
        return self.filter(**{f"{name}_latest__gte": first, f"{name}_earliest__lte": last})

    def within(self, first, last):
        """Dated certainly within the days `first` to `last`, both included."""
        return self.bounded((first, last), (first, last))

    def across(self, first, last):
        """Dated possibly within the days `first` to `last`, and possibly not; an unknown date is left out."""
        name = self.model.main_date
        before, after = Q(**{f"{name}_earliest__lt": first}), Q(**{f"{name}_latest__gt": last})
        # Where there is no limit, none can lie beyond it, and an index of the other side tells where to begin.
        beyond = before if last == LATEST else after if first == EARLIEST else before | after
        return self.between(first, last).filter(beyond).exclude(self._bounds(*UNDATED))

    def bounded(self, earliest, latest):
        """Whose first and whose last possible day lie each between two days, both included."""
        return self.filter(self._bounds(earliest, latest))

    def undated(self):
        """Of whose date nothing is known."""
        return self.bounded(*UNDATED)

    def _bounds(self, earliest, latest):
        name = self.model.main_date
        return Q(**{f"{name}_earliest__range": earliest, f"{name}_latest__range": latest})

    def as_of(self, first, last=None):
        """Dated, possibly, on or before the day (or the last of the days `first` to `last`), with `holds`.

        `holds` is "certain" where the whole range of the date lies no later than that, otherwise "possible".
        """
        last, name = last or first, self.model.main_date
        return self.filter(**{f"{name}_earliest__lte": last}).annotate(
            holds=certain_if(Q(**{f"{name}_latest__lte": last}))
        )

    def latest_first(self):
        """In order of time, most recent first, undated ones last, the primary key where dates are the same."""
        return self.order_by(f"-{self.model.main_date}_earliest", "pk")


class SpanQuerySet(models.QuerySet):
    """Words for entries that hold over a span of time (`core.models.Span`)."""

    def as_of(self, first, last=None):
        """Rows that hold, or may hold, on a day (or at some time in the days `first` to `last`), with `holds`.

        `holds` is "certain" where the row certainly held on every one of these days, otherwise "possible".
        The rule is that of `core.spans.holds_during`.
        """
        last = last or first
        certain = Q(start_latest__lte=first, end_earliest__gte=last)
        return self.between(first, last).annotate(holds=certain_if(certain))

    def earliest_first(self):
        """In order of their starts, unknown ones first, the primary key where these are the same."""
        return self.order_by("start_earliest", "pk")

    def between(self, first, last):
        """Holding, possibly, at some time in the days `first` to `last`, both included."""
        return self.filter(start_earliest__lte=last, end_latest__gte=first)


class RevisionQuerySet(models.QuerySet):
    def current(self):
        """The Revision that the database is at; number 0 where nothing was ever written."""
        return self.first() or self.model(number=0)

    def bump(self):
        """Whatever is read from now on is of a new revision; in the transaction of the change itself.

        On PostgreSQL whoever calls it goes on 0.021 s after the commit (`core.lease`).
        """
        if not self.raise_known():
            self.create(pk=self.model.ONLY, number=1, changed_at=timezone.now())
            wait_once_committed()

    def raise_known(self):
        """As `bump()`, but where nothing was ever written there is no revision still; whether there is one."""
        is_there = self.update(number=F("number") + 1, changed_at=timezone.now())
        if is_there:
            wait_once_committed()
        return is_there
