from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from apps.core.addresses import address_of
from apps.core.datewords import date_words
from apps.core.fields import FoldedField, PartialDateField, TouchedField
from apps.core.models import Recorded
from apps.sources.querysets import CitationQuerySet, PassageQuerySet, SourceQuerySet


class Source(Recorded):
    """A published text that entries rest on. Its words are not stored, only what identifies it."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("article")
        BOOK = "book", _("book")
        CHAPTER = "chapter", _("chapter")
        CONFERENCE_PAPER = "conference_paper", _("conference paper")
        DOCUMENT = "document", _("official document")
        NEWS = "news", _("news report")
        DATABASE = "database", _("database")
        WEB_PAGE = "web_page", _("web page")

    is_told_often = True
    counted = ngettext_lazy("%d source", "%d sources")
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=300)
    authors = models.CharField(
        _("authors"), max_length=300, blank=True, help_text=_("Surname, First name; several parted by ;")
    )
    container = models.CharField(
        _("container"), max_length=300, blank=True, help_text=_("The journal, book, conference or site.")
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    date = PartialDateField(_("date"))
    url = models.URLField(_("address"), max_length=500, blank=True)
    archived_url = models.URLField(_("archived address"), max_length=500, blank=True)
    accessed = models.DateField(_("accessed"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en", help_text=_("ISO 639 code."))
    note = models.TextField(_("note"), blank=True)
    updated_at = TouchedField(_("updated at"), db_index=True)
    search_text = FoldedField(sources=("title", "authors", "container", "publisher"))

    main_date = "date"

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["authors", "title", "pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(slug=""),
                name="sources_source_has_title",
                violation_error_message=_("Give the source a title and a slug."),
            ),
            *(
                # Else a link on a page of ours could run a script (javascript:, data:).
                models.CheckConstraint(
                    condition=Q(**{name: ""})
                    | Q(**{f"{name}__istartswith": "http://"})
                    | Q(**{f"{name}__istartswith": "https://"}),
                    name=f"sources_source_{name}_is_http",
                    violation_error_message=_("Give an address that begins with http:// or https://."),
                )
                for name in ("url", "archived_url")
            ),
        ]

    def __str__(self):
        return self.short_name

    # As `Entry` has them.
    told_by = ("authors", "title")

    @staticmethod
    def told(authors, title):
        """As a footnote would have it: "Akiner, Kazakhstan's Evolving Foreign Policy"."""
        first_author = authors.split(";")[0].split(",")[0].strip()
        return f"{first_author}, {title}" if first_author else title

    @property
    def short_name(self):
        return self.told(self.authors, self.title)

    @property
    def schema_type(self):
        """What it is in the vocabulary of schema.org."""
        types = {
            self.Kind.ARTICLE: "ScholarlyArticle",
            self.Kind.CONFERENCE_PAPER: "ScholarlyArticle",
            self.Kind.BOOK: "Book",
            self.Kind.CHAPTER: "Chapter",
            self.Kind.NEWS: "NewsArticle",
            self.Kind.DATABASE: "Dataset",
            self.Kind.WEB_PAGE: "WebPage",
        }
        return types.get(self.kind, "CreativeWork")

    @property
    def author_list(self):
        return authors_in(self.authors)

    @property
    def in_a_note(self):
        """As a bibliography would have it: "S. Akiner, “Evolving Foreign Policy”, A Conference (A Press, 2013)"."""
        where = f"“{self.title}”{f', {self.container}' if self.container else ''}"
        published = ", ".join(filter(None, [self.publisher, self.date and date_words(self.date)]))
        named = ", ".join([*map(initialled, self.author_list), where])
        return f"{named} ({published})" if published else named

    @property
    def public_id(self):
        return self.slug

    def natural_key(self):
        return (self.slug,)

    def get_absolute_url(self):
        return address_of("source-detail", self.slug)

    @property
    def api_url(self):
        return address_of("api:source-detail", self.slug)


def authors_in(text):
    """Each as it is written, "Surname, First name"."""
    return [author.strip() for author in text.split(";") if author.strip()]


def initialled(author):
    """ "Akiner, Shirin" to "S. Akiner"; a name without a comma as it is."""
    surname, _comma, first = author.partition(",")
    return " ".join([*(f"{name[0]}." for name in first.split()), surname.strip()])


class Passage(Recorded):
    """A paragraph or page of a source, the smallest thing that a citation points at."""

    class Research(models.TextChoices):
        OPEN = "open", _("more to encode")
        ENCODED = "encoded", _("encoded")
        NOTHING = "nothing", _("nothing to encode")

    is_told_often = True
    source = models.ForeignKey(Source, models.CASCADE, related_name="passages", verbose_name=_("source"))
    anchor = models.SlugField(
        _("anchor"), max_length=80, help_text=_("Names the passage within its source, e.g. bilateral-3.")
    )
    position = models.PositiveIntegerField(
        _("position"), help_text=_("Its place in the order of the source.")
    )
    section = models.CharField(_("section"), max_length=200, blank=True)
    paragraph = models.PositiveIntegerField(_("paragraph"), null=True, blank=True)
    page = models.CharField(_("page"), max_length=20, blank=True)
    research = models.CharField(_("research"), max_length=10, choices=Research.choices, default=Research.OPEN)
    reason = models.CharField(
        _("reason"), max_length=300, blank=True, help_text=_("Why there is nothing to encode in it.")
    )

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["source", "position", "pk"]
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [
            models.UniqueConstraint(fields=["source", "anchor"], name="sources_passage_anchor_unique"),
            models.UniqueConstraint(fields=["source", "position"], name="sources_passage_position_unique"),
            models.CheckConstraint(
                condition=Q(paragraph__isnull=False) | ~Q(page=""),
                name="sources_passage_has_locator",
                violation_error_message=_("Give a paragraph or a page."),
            ),
            models.CheckConstraint(
                condition=~Q(research="nothing") | ~Q(reason=""),
                name="sources_passage_nothing_has_reason",
                violation_error_message=_("Say why there is nothing to encode."),
            ),
        ]

    def __str__(self):
        return f"{self.source.short_name}: {self.locator}"

    @property
    def number(self):
        """Where in its section: "¶ 3" or "p. 12"."""
        return number_of(self.paragraph, self.page)

    @property
    def locator(self):
        return locator_of(self.section, self.paragraph, self.page)

    def natural_key(self):
        return (*self.source.natural_key(), self.anchor)

    natural_key.dependencies = ["sources.source"]

    def get_absolute_url(self):
        return f"{self.source.get_absolute_url()}#{self.anchor}"


def number_of(paragraph, page):
    # The sign and its number stay on one line.
    return f"¶\N{NO-BREAK SPACE}{paragraph}" if paragraph else f"p.\N{NO-BREAK SPACE}{page}"


def locator_of(section, paragraph, page):
    """Where in its source a passage is: "Bilateral Relations, ¶ 3" or "p. 12"."""
    number = number_of(paragraph, page)
    return f"{section}, {number}" if section else number


class Citation(Recorded):
    """That a passage supports an entry, or one of its fields, or says otherwise.

    Each cited model has a table of its own, with a foreign key `entry` to it, so that the database itself refuses
    a citation of what is not there.
    """

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        CONTRADICTS = "contradicts", _("contradicts")

    passage = models.ForeignKey(Passage, models.PROTECT, related_name="%(class)ss", verbose_name=_("passage"))
    field = models.CharField(
        _("field"),
        max_length=40,
        blank=True,
        help_text=_("The field that it speaks of, e.g. date; blank for the whole entry."),
    )
    stance = models.CharField(_("stance"), max_length=11, choices=Stance.choices, default=Stance.SUPPORTS)
    claim = models.CharField(
        _("claim"), max_length=300, blank=True, help_text=_("What this passage says where it differs.")
    )
    note = models.TextField(_("note"), blank=True)

    objects = CitationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["pk"]
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "passage", "field", "stance"],
                name="%(app_label)s_%(class)s_unique",
                violation_error_message=_("This passage is cited for the same field already."),
            ),
            models.CheckConstraint(
                condition=Q(stance="supports") | (Q(stance="contradicts") & ~Q(claim="")),
                name="%(app_label)s_%(class)s_contradiction_has_claim",
                violation_error_message=_("Say what the passage claims instead."),
            ),
        ]

    def __str__(self):
        return f"{self.entry}: {self.passage.locator}"

    def clean(self):
        super().clean()
        citable = self.citable_fields()
        if self.field and self.field not in citable:
            raise ValidationError(
                {
                    "field": _("%(model)s has no field “%(field)s”. It has: %(fields)s.")
                    % {
                        "model": self.entry_model()._meta.verbose_name,
                        "field": self.field,
                        "fields": ", ".join(citable),
                    }
                }
            )

    @classmethod
    def entry_model(cls):
        return cls._meta.get_field("entry").related_model

    @classmethod
    def citable_fields(cls):
        """Names of what a citation may speak of: the entry's own editable fields and its parts."""
        meta = cls.entry_model()._meta
        own = [
            field.name
            for field in (*meta.fields, *meta.many_to_many)
            if field.editable and not field.primary_key
        ]
        # Recorded, as an index that is worked out from the entry is no part that a passage could speak of.
        parts = [
            rel.get_accessor_name()
            for rel in meta.related_objects
            if rel.on_delete is models.CASCADE and issubclass(rel.related_model, Recorded)
        ]
        return sorted({*own, *parts} - {"slug", "status", "basis", "note", "citations"})

    def natural_key(self):
        return (self.entry.natural_key(), self.passage.natural_key(), self.field, self.stance)
