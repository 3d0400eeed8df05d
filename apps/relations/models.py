"""The index of ties: what the entries say of whom and when, in one place and in the order of time.

Nobody edits it. `relations.index` writes it in the transaction that changes an entry, and can make it afresh. It has
what is public and nothing else, so that what is read from it needs no further check.
"""

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext_lazy as _

from apps.core.addresses import address_of
from apps.core.dates import LATEST
from apps.core.datewords import date_words, span_words
from apps.core.fields import SpanDateField
from apps.core.models import Entry, Span
from apps.core.oneof import at_most_one
from apps.organizations.models import Organization
from apps.people.models import Person
from apps.relations.querysets import SUBJECTS, Has, TieCountQuerySet, TieQuerySet
from apps.relations.search_querysets import SearchEntryQuerySet, SearchWordQuerySet
from apps.states.models import State

# The models whose entries the index has, by the names that are its `kind`.
KINDS = SimpleLazyObject(
    lambda: {
        model._meta.model_name: model
        for model in apps.get_models()
        if issubclass(model, Entry) and model.ends
    }
)


class TiedEntry(models.Model):
    """A published entry as lists of entries of all kinds show it. `kind` is the name of its model, `key` its key there.

    The address is not kept: it follows from the kind and the public identifier, and from where the site is served.
    """

    kind = models.CharField(_("kind"), max_length=20)
    key = models.PositiveBigIntegerField(_("primary key"))
    public_id = models.CharField(_("public identifier"), max_length=120)
    basis = models.CharField(_("basis"), max_length=8)
    title_en = models.CharField(_("title in English"), max_length=700)
    title_kk = models.CharField(_("title in Kazakh"), max_length=700)
    title_ru = models.CharField(_("title in Russian"), max_length=700)
    # When it happened, or, of a project, when it was proposed.
    date = SpanDateField(_("date"))
    start = SpanDateField(_("start"))
    end = SpanDateField(_("end"))
    attested = SpanDateField(_("attested"))
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("updated at"))
    search_text = models.TextField(_("folded names"), help_text=_("Of the entry and of whom it ties."))

    class Meta:
        verbose_name = _("tied entry")
        verbose_name_plural = _("tied entries")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="relations_tiedentry_once"),
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="tiedentry_changed"),
            # When the last of a kind was changed.
            models.Index(fields=["kind", "updated_at"], name="tiedentry_kind_changed"),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self):
        return getattr(self, f"title_{(get_language() or 'en')[:2]}", "") or self.title_en

    @property
    def titles(self):
        """In each language; None where it is recorded in English only."""
        own = {"kk": self.title_kk, "ru": self.title_ru}
        return {"en": self.title_en} | {
            code: title if title != self.title_en else None for code, title in own.items()
        }

    @property
    def model(self):
        return KINDS[self.kind]

    @property
    def is_titled(self):
        return self.model.is_titled

    @property
    def kind_label(self):
        return self.model._meta.verbose_name

    @property
    def is_in_time(self):
        """Whether it tells what happened or held, and is not a state, an organization or a person."""
        return self.kind not in SUBJECTS

    @property
    def is_inferred(self):
        return self.basis == Entry.Basis.INFERRED

    @property
    def when(self):
        """Its date or its span in the reader's words."""
        locale = get_language() or "en"
        if not issubclass(self.model, Span):
            return date_words(self.date, locale)
        if not self.date.is_known:
            return span_words(self.start, self.end, self.attested, locale)
        proposed = _("proposed %(date)s") % {"date": date_words(self.date, locale)}
        if not any(date.is_known for date in (self.start, self.end, self.attested)):
            return proposed
        return f"{span_words(self.start, self.end, self.attested, locale)}; {proposed}"

    @property
    def bearers(self):
        """The ties of it that are of somebody."""
        return [tie for tie in self.ties.all() if tie.bearer]

    def get_absolute_url(self):
        return address_of(f"{self.kind}-detail", self.public_id)

    @property
    def api_url(self):
        return address_of(f"api:{self.kind}-detail", self.public_id)


TiedEntry._meta.get_field("search_text").register_lookup(Has)


class Tie(models.Model):
    """That an entry concerns a state, an organization or a person; and one row of each entry that names none of them.

    The days are bounds, both included, 0001-01-01 and 9999-12-31 where none is known:
    `earliest` to `latest` it may have happened or have been going on; `certain_from` to `certain_until` it certainly
    held (what has happened, holds ever after), `earliest` to `possible_until` it possibly did.
    """

    entry = models.ForeignKey(
        TiedEntry, models.CASCADE, related_name="ties", verbose_name=_("entry"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=20)
    state = models.ForeignKey(
        State, models.CASCADE, null=True, related_name="ties", verbose_name=_("state"), db_index=False
    )
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        null=True,
        related_name="ties",
        verbose_name=_("organization"),
        db_index=False,
    )
    person = models.ForeignKey(
        Person, models.CASCADE, null=True, related_name="ties", verbose_name=_("person"), db_index=False
    )
    roles = models.CharField(_("roles"), max_length=200, help_text=_("Separated by spaces."))
    # The same for all ties of an entry. By the setting FOCUS_STATE, after a change of which the index is made afresh.
    with_focus = models.BooleanField(_("concerns the focal state"))
    lasting = models.BooleanField(_("lasting"), help_text=_("It held over a span; it did not just happen."))
    # Where it stands in the order of time: at `earliest`, or at `certain_from` where that alone is known.
    position = models.DateField(_("position"))
    earliest = models.DateField(_("earliest"))
    latest = models.DateField(_("latest"))
    certain_from = models.DateField(_("certain from"))
    certain_until = models.DateField(_("certain until"))
    possible_until = models.DateField(_("possible until"))

    objects = TieQuerySet.as_manager()

    class Meta:
        verbose_name = _("tie")
        verbose_name_plural = _("ties")
        constraints = [
            models.CheckConstraint(
                condition=at_most_one("state", "organization", "person"), name="relations_tie_of_one"
            ),
            *(
                # In this order it tells, too, which entries two of them have in common.
                models.UniqueConstraint(
                    fields=[end, "entry"],
                    condition=Q(**{f"{end}__isnull": False}),
                    name=f"relations_tie_{end}_once",
                )
                for end in ("state", "organization", "person")
            ),
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(state__isnull=True, organization__isnull=True, person__isnull=True),
                name="relations_tie_of_none_once",
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[end, "position", "-certain_from", "id"],
                    condition=Q(**{f"{end}__isnull": False}),
                    name=f"tie_{end}_by_time",
                )
                for end in ("state", "organization", "person")
            ),
            models.Index(
                fields=["position", "-certain_from", "id"],
                condition=Q(state__isnull=True, organization__isnull=True, person__isnull=True),
                name="tie_by_time",
            ),
            # What lasted and has a day in some stretch of time; where it begins, the index before tells.
            *(
                models.Index(
                    fields=[column],
                    condition=Q(
                        lasting=True, state__isnull=True, organization__isnull=True, person__isnull=True
                    ),
                    name=f"tie_lasting_{column}",
                )
                for column in ("certain_from", "certain_until", "latest")
            ),
            models.Index(
                fields=["state", "position", "-certain_from", "id"],
                condition=Q(state__isnull=False, with_focus=True),
                name="tie_with_focus_by_time",
            ),
            # The latest of one kind; and which entries concern a state as of a day, without a look at the ties.
            models.Index(
                fields=["state", "kind", "with_focus", "earliest", "possible_until", "entry"],
                condition=Q(state__isnull=False),
                name="tie_state_by_kind",
            ),
            # The ties of an entry, and which states it concerns, again without a look at them.
            models.Index(fields=["entry", "state"], name="tie_entry_by_state"),
        ]

    @property
    def bearer(self):
        """The state, organization or person that it is of, or None."""
        return self.state or self.organization or self.person

    @property
    def year(self):
        """That under which it stands on a time line; None where nothing is known of when it was."""
        return None if self.position == LATEST else self.position.year

    def __str__(self):
        return f"{self.entry}: {self.bearer}" if self.bearer else str(self.entry)


class TieCount(models.Model):
    """How many ties are alike: what is counted is read from here, and need not be counted whenever it is asked for.

    They are alike that are of the same state (or, where `of` is 0, of all that is public, each entry once), kind and
    roles, and whose days lie in the same stretches of time, as long as `grain` says. The stretches are those of
    `relations.stretches`; of what is counted as a whole, all are 0. Nobody is shown a row of it.
    """

    class Grain(models.IntegerChoices):
        """How many stretches there are to a year."""

        WHOLE, YEAR, QUARTER = 0, 1, 4

    grain = models.PositiveSmallIntegerField(choices=Grain.choices)
    with_focus = models.BooleanField()
    # Primary key of the state; no foreign key, since a unique key counts no two NULLs as the same.
    of = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20)
    roles = models.CharField(max_length=200)
    lasting = models.BooleanField()
    # It lasted, and certainly did on some day.
    held = models.BooleanField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    certain_first = models.PositiveIntegerField()
    certain_last = models.PositiveIntegerField()
    ties = models.IntegerField()

    objects = TieCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("grain", "with_focus", "of", "kind", "roles", "first", "last"),
                    *("lasting", "held", "certain_first", "certain_last"),
                ],
                name="relations_tiecount_once",
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.ties}"


class PairCount(models.Model):
    """How many entries in time concern both of two states; told from either side. Nobody is shown a row of it."""

    # Primary keys of the states.
    one = models.PositiveBigIntegerField()
    other = models.PositiveBigIntegerField()
    entries = models.IntegerField(db_default=0)
    # To which both belong, at some time: only where `one` is the focal state.
    organizations = models.IntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="relations_paircount_once"),
        ]

    def __str__(self):
        return f"{self.one}, {self.other}: {self.entries}"


class PairYearCount(models.Model):
    """The same by the stretches of a year (`relations.stretches`) from which to which the entries possibly held."""

    one = models.PositiveBigIntegerField()
    other = models.PositiveBigIntegerField()
    # Of `Tie.earliest` and `Tie.possible_until`.
    first = models.PositiveIntegerField()
    until = models.PositiveIntegerField()
    entries = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other", "first", "until"], name="relations_pairyearcount_once"
            ),
        ]

    def __str__(self):
        return f"{self.one}, {self.other}, {self.first}, {self.until}: {self.entries}"


class SearchEntry(models.Model):
    """By what a search finds a published entry. Beside it stands an index of whole words (migrations 0002, 0005).

    The primary key is its place among all entries (`search_index.place_of`), so that those of one kind lie together,
    the latest of them first, and the first few of any search are found without a look at the others.
    """

    id = models.BigAutoField(primary_key=True)  # Given by whoever writes it, never counted up.
    entry = models.OneToOneField(TiedEntry, models.CASCADE, related_name="search", verbose_name=_("entry"))
    keys = models.TextField(
        _("keys of its names"),
        help_text=_("One a line: of its titles in each language, then of its other names."),
    )
    names = models.TextField(
        _("other names"), blank=True, help_text=_("One a line, then those of its places.")
    )
    words = models.TextField(_("words"), help_text=_("Of it and of whom it ties, separated by blanks."))

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry to be searched")
        verbose_name_plural = _("entries to be searched")

    def __str__(self):
        return str(self.entry)


class SearchWord(models.Model):
    """How many entries of a kind have a word: what tells whether to look for it among the latest or in the index."""

    kind = models.CharField(_("kind"), max_length=20)
    word = models.CharField(_("word"), max_length=80)
    entries = models.IntegerField(_("entries"))

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word to be searched")
        verbose_name_plural = _("words to be searched")
        constraints = [
            models.UniqueConstraint(fields=["word", "kind"], name="relations_searchword_once"),
        ]
        # By which PostgreSQL finds what begins alike, whatever the order of letters in its language.
        indexes = [models.Index(fields=["word"], name="searchword_begins", opclasses=["varchar_pattern_ops"])]

    def __str__(self):
        return self.word
