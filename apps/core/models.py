"""What every kind of entry is made of, and the number of the state that all of them are in."""

from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy as _

from apps.core.addresses import address_of
from apps.core.changes import TellingQuerySet, together
from apps.core.circles import refuse_circles
from apps.core.dates import UNKNOWN, BadDate, PartialDate
from apps.core.fields import FoldedField, SpanBoundField, SpanDateField, TouchedField
from apps.core.forms import SPAN_NOTATION
from apps.core.headlines import labels_of
from apps.core.onday import HAPPENED
from apps.core.querysets import EntryQuerySet, RevisionQuerySet
from apps.core.recording import History
from apps.core.spans import SpanBounds, holds_during, span_bounds
from apps.core.text import lines


def refuse_end_before_beginning(instance, beginning, end, message):
    """Raises a ValidationError on field `end` where its partial date lies wholly before that of `beginning`.

    The database has the same rule on the bounds; a form does not show these and so would not check it.
    """
    first, last = getattr(instance, beginning), getattr(instance, end)
    if isinstance(first, PartialDate) and isinstance(last, PartialDate) and last.latest < first.earliest:
        raise ValidationError({end: message})


class Recorded(models.Model):
    """A row whose every change is kept, with who made it, when and why."""

    # Whether so many rows refer to each that what lists say of it is kept (`core.cells`).
    is_told_often = False

    history = History(inherit=True, history_change_reason_field=models.TextField(null=True, blank=True))

    objects = TellingQuerySet.as_manager()

    class Meta:
        abstract = True
        # By it `treaty.parties.add(...)` writes, which is to be told as well. For this a model names Recorded, or a
        # class made of it, first among its bases.
        base_manager_name = "objects"

    def _get_FIELD_display(self, field):  # noqa: N802
        """What get_kind_display() says. Django's own makes its table of the choices anew for each row of a list."""
        value = getattr(self, field.attname)
        label = labels_of(field).get(value, value)
        return label if label is None else str(label)

    def save(self, *args, **kwargs):
        """In a transaction with its history and with all that is kept in step with it (core.changes)."""
        with together():
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with together():
            return super().delete(*args, **kwargs)


class Revision(models.Model):
    """The state of what is recorded, as a number that each change raises. One row.

    It names releases and citations of the data, and tells whether what somebody has read is still what there is.
    """

    ONLY = 1

    number = models.PositiveBigIntegerField(_("number"))
    changed_at = models.DateTimeField(
        _("changed at"), null=True, help_text=_("Null before the first change.")
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="core_revision_only_one",
                violation_error_message=_("There is one revision, that of the whole database."),
            )
        ]

    def __str__(self):
        return f"r{self.number}"


class End(NamedTuple):
    """One side of what an entry ties together: where `path` leads to a state, an organization or a person.

    `role` is the part that it has there, or, with `role_path`, the column says it of each row of a related set.
    """

    path: str
    role: str = ""
    role_path: str = ""


class Entry(Recorded):
    """One fact or one subject of facts, public once it is published, and cited by its slug or code."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Basis(models.TextChoices):
        STATED = "stated", _("stated")
        INFERRED = "inferred", _("inferred")

    # What identifies an entry in addresses, in the API and in fixtures.
    public_id_field = "slug"
    # So many of the kind in words, lazily: `Visit.counted % 3` is "3 visits". Each kind has its own, since languages
    # have more than two forms of a noun after a number.
    counted = None
    # Whether its title is a curator's own words, which there are in English only, and not made of names.
    is_titled = False
    # The foreign keys to entries that its title names; it is public only once these are.
    title_parts = ()
    # The columns of which `told()` makes its title in English, where others refer to it.
    told_by, told = ("title",), staticmethod(str)
    # The Headline of a kind that goes by the names of others.
    goes_by = None
    # What it is in the vocabulary of schema.org.
    schema_type = "Thing"
    # Whom it ties together, as the index of ties has it. Each app declares this for its own kinds.
    ends = ()
    # What is said of it as of a day, where it has one main date.
    by_then = HAPPENED
    # What two of the kind that may be one have in common (`core.alike`).
    alike = ()

    slug = models.SlugField(
        _("slug"),
        max_length=120,
        unique=True,
        help_text=_(
            "The entry's public identifier, part of its address. Where it is changed, the old one leads to the new."
        ),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    basis = models.CharField(
        _("basis"),
        max_length=8,
        choices=Basis.choices,
        default=Basis.STATED,
        help_text=_("Stated: the source says so. Inferred: you concluded it; say in the note how."),
    )
    note = models.TextField(
        _("note"), blank=True, help_text=_("For readers: how this was read, what other sources give.")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    updated_at = TouchedField(_("updated at"))
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("updated by"),
    )

    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawn_because = models.CharField(
        _("reason of the withdrawal"), max_length=300, blank=True, editable=False
    )
    # Where its address leads to since it was found to be the same as another one.
    heir = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [
            # Ending in the key, as a thousand rows may be written at one moment.
            models.Index(fields=["updated_at", "id"], name="%(class)s_by_update"),
            # With the key, which is all that most ask for (`querysets.NotHidden`); without what is published, all of
            # which SQLite would sort to show the first, as it takes what an index finds for little.
            models.Index(
                fields=["status", "id"], condition=~Q(status="published"), name="%(class)s_not_public"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "in_review", "published", "withdrawn"]),
                name="%(app_label)s_%(class)s_status_known",
                violation_error_message=_("The status is draft, in review, published or withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(basis="stated") | (Q(basis="inferred") & ~Q(note="")),
                name="%(app_label)s_%(class)s_inferred_has_note",
                violation_error_message=_("An inferred entry needs a note that says how it was concluded."),
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn")
                | Q(withdrawn_at__isnull=True, withdrawn_because="", heir__isnull=True),
                name="%(app_label)s_%(class)s_only_withdrawn_has_reason",
                violation_error_message=_("Only what is withdrawn has a reason and an heir."),
            ),
        ]

    def validate_unique(self, exclude=None):
        """And that nothing leads back to it: rules between rows, which whoever writes many checks for all at once."""
        super().validate_unique(exclude=exclude)
        refuse_circles(self, exclude or ())

    @property
    def public_id(self):
        return getattr(self, self.public_id_field)

    def natural_key(self):
        return (self.public_id,)

    def get_absolute_url(self):
        return address_of(f"{self._meta.model_name}-detail", self.public_id)

    @property
    def api_url(self):
        return address_of(f"api:{self._meta.model_name}-detail", self.public_id)

    @property
    def headline(self):
        """What it is called where its date stands beside it."""
        return self.goes_by.of(self) if self.goes_by else str(self)

    @property
    def is_published(self):
        return self.status == self.Status.PUBLISHED

    @property
    def is_public(self):
        """As `published()` has it, for a row at hand. Reads its title's parts, which `for_title()` loads."""
        parts = (getattr(self, name) for name in self.title_parts)
        return self.is_published and all(part is None or part.is_public for part in parts)

    @property
    def supporting_sources(self):
        """Each source on a passage of which it rests, once. Reads the citations, which `with_citations()` loads."""
        citations = self.citations.all()
        return tuple(
            dict.fromkeys(row.passage.source for row in citations if row.stance == row.Stance.SUPPORTS)
        )

    @property
    def is_inferred(self):
        return self.basis == self.Basis.INFERRED


def own_name(row):
    """The name in the reader's language, or in English where it is not recorded."""
    return getattr(row, f"name_{(get_language() or 'en')[:2]}", "") or row.name_en


class Named(models.Model):
    """A subject with a name in three languages and any number of other spellings."""

    name_en = models.CharField(_("name in English"), max_length=200)
    name_kk = models.CharField(_("name in Kazakh"), max_length=200, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    aliases = models.TextField(
        _("other names"),
        blank=True,
        help_text=_("Spelling variants, former names and abbreviations, one a line. Search finds them too."),
    )
    search_text = FoldedField(sources=("name_en", "name_kk", "name_ru", "aliases"))

    # What its names in the languages of the site are read from.
    name_fields = ("name_en", "name_kk", "name_ru")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_en=""),
                name="%(app_label)s_%(class)s_has_name",
                violation_error_message=_("Give the name in English."),
            )
        ]

    @property
    def name(self):
        return own_name(self)

    @property
    def alias_list(self):
        return lines(self.aliases)

    @classmethod
    def names_in_languages(cls, pks):
        """{primary key: its `name` in each language of the site}, for thousands of which no rows are made."""
        rows = cls._base_manager.filter(pk__in=pks).order_by()
        columns = [f"name_{code}" for code, _name in settings.LANGUAGES]
        return {
            pk: tuple(name or english for name in names)
            for pk, english, *names in rows.values_list("pk", "name_en", *columns)
        }

    def __str__(self):
        return self.name


class Span(models.Model):
    """Something that holds from a start to an end, each known as precisely as the source says.

    Blank means that the source does not say: never "none", never "now". An end of `..` says that it was still
    going on when the source was written. The four bounds follow from the three dates (`core.spans.span_bounds`).
    """

    start = SpanDateField(_("start"), help_text=SPAN_NOTATION)
    end = SpanDateField(
        _("end"),
        help_text=_("As the start; .. where it was still going on when the source was written."),
    )
    attested = SpanDateField(
        _("attested"), help_text=_("A date at which the source says that it held, e.g. 2013 or 2003/2004.")
    )
    start_earliest = SpanBoundField(edge="start_earliest")
    start_latest = SpanBoundField(edge="start_latest")
    end_earliest = SpanBoundField(edge="end_earliest")
    end_latest = SpanBoundField(edge="end_latest")

    # A date before which it cannot have held, whatever is known of its start.
    not_before = UNKNOWN
    # What it is while it holds, in a word; "" where there is none for it.
    held_as = ""

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["start_earliest", "id"], name="%(class)s_by_start"),
            models.Index(fields=["end_earliest", "id"], name="%(class)s_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_earliest__lte=F("start_latest"))
                & Q(start_earliest__lte=F("end_earliest"))
                & Q(start_latest__lte=F("end_latest"))
                & Q(end_earliest__lte=F("end_latest")),
                name="%(app_label)s_%(class)s_bounds_in_order",
                violation_error_message=_("The start must not come after the end."),
            )
        ]

    def clean(self):
        super().clean()
        dates = (self.start, self.end, self.attested)
        if not all(isinstance(date, PartialDate) for date in dates):
            return  # One of the three is no date at all, which its own field says.
        try:
            span_bounds(*dates)
        except BadDate as error:
            raise ValidationError({error.part or "end": str(error)}) from error

    def held(self, first, last):
        """As `as_of()` has it of rows in the database: Holds, or None where it held on none of these days."""
        bounds = SpanBounds(self.start_earliest, self.start_latest, self.end_earliest, self.end_latest)
        return None if self.not_before.earliest > last else holds_during(bounds, first, last)
