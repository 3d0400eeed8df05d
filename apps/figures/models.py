from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext_lazy as _, ngettext_lazy, pgettext_lazy

from apps.agreements.models import Agreement
from apps.core.alike import Alike, one_date
from apps.core.fields import FoldedField, PartialDateField
from apps.core.headlines import Headline, Words
from apps.core.models import End, Entry
from apps.core.onday import DATED
from apps.core.oneof import OneOf, at_most_one, exactly_one
from apps.events.models import Event, Project
from apps.figures.querysets import FigureQuerySet
from apps.figures.words import compared, value_words
from apps.organizations.models import Organization
from apps.sources.models import Citation
from apps.states.models import State


class Figure(Entry):
    """One number that measures something of a state or an organization, perhaps with another: a trade volume."""

    class Measure(models.TextChoices):
        TRADE_VOLUME = "trade_volume", _("trade volume")
        INVESTMENT = "investment", _("investment")
        LOAN = "loan", _("loan")
        ALLOCATION = "allocation", _("allocation of funds")
        CONTRACT_VALUE = "contract_value", _("worth of a contract")
        BORDER_LENGTH = "border_length", _("length of border")
        LENGTH = "length", _("length")
        AREA = "area", _("area")
        POPULATION = "population", _("population")
        MEMBERSHIP = "membership", _("number of members")
        STATES = "states", _("number of states")
        KILLED = "killed", _("people killed")
        INJURED = "injured", _("people injured")
        REFUGEES = "refugees", _("refugees")
        DISPLACED = "displaced", _("people displaced within their country")
        MILITARY_SITES = "military_sites", _("military sites")
        INSTRUMENTS = "instruments", _("number of instruments")
        RANK = "rank", _("rank")
        DURATION = "duration", _("duration")
        THRESHOLD = "threshold", _("threshold")
        ANNIVERSARY = "anniversary", _("anniversary")
        OTHER = "other", _("other measure")

    class Comparison(models.TextChoices):
        EXACTLY = "exactly", _("exactly")
        AT_LEAST = "at_least", _("at least")
        MORE_THAN = "more_than", _("more than")
        UP_TO = "up_to", _("up to")

    class Unit(models.TextChoices):
        MONEY = "money", _("money")
        KILOMETRE = "km", _("kilometres")
        HECTARE = "ha", _("hectares")
        PERSON = "people", pgettext_lazy("unit", "people")
        STATE = "states", _("states")
        MEMBER = "members", _("members")
        SITE = "sites", _("sites")
        INSTRUMENT = "instruments", _("instruments")
        YEAR = "years", _("years")
        DAY = "days", _("days")
        RANK = "rank", _("place in an order")
        OTHER = "other", _("other unit")

    counted = ngettext_lazy("%d figure", "%d figures")
    is_titled = True
    main_date = "date"
    by_then = DATED
    schema_type = "Observation"
    title_parts = ("of_state", "of_organization", "with_state", "with_organization")
    goes_by = Headline("%(title)s", title=Words("title"))
    ends = (
        End("of_state", "of"),
        End("of_organization", "of"),
        End("with_state", "with"),
        End("with_organization", "with"),
    )
    alike = (Alike(("search_text", "measure"), same_or_none=title_parts, when=one_date("date")),)
    # What the number was told of, besides whom.
    context = ("event", "project", "agreement")

    title = models.CharField(
        _("title"), max_length=200, help_text=_("What is measured: Trade between Kazakhstan and China.")
    )
    measure = models.CharField(_("measure"), max_length=16, choices=Measure.choices)
    comparison = models.CharField(
        _("comparison"),
        max_length=10,
        choices=Comparison.choices,
        default=Comparison.EXACTLY,
        help_text=_("How the source words it: at least, more than, up to."),
    )
    value = models.DecimalField(
        _("value"),
        max_digits=24,
        decimal_places=4,
        help_text=_("In full, in units: 27 thousand million is 27000000000."),
    )
    unit = models.CharField(_("unit"), max_length=12, choices=Unit.choices)
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("ISO 4217, e.g. USD."))
    date = PartialDateField(
        _("date"), help_text=_("The time for which the number holds, or at which it was so.")
    )
    approximate = models.BooleanField(_("approximate"), default=False)
    target = models.BooleanField(_("target"), default=False, help_text=_("An aim or a plan, not a result."))
    total = models.BooleanField(
        _("total"), default=False, help_text=_("A sum over the time up to the date, not that of one period.")
    )
    according_to = models.CharField(
        _("according to"),
        max_length=200,
        blank=True,
        help_text=_("Whose count or estimate it is, where the source says so: official estimate."),
    )
    of_state = models.ForeignKey(
        State, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("of the state")
    )
    of_organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="figures",
        verbose_name=_("of the organization"),
    )
    with_state = models.ForeignKey(
        State,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="figures_with",
        verbose_name=_("with the state"),
    )
    with_organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="figures_with",
        verbose_name=_("with the organization"),
    )
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("event")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("project")
    )
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("agreement")
    )
    search_text = FoldedField(sources=("title",))

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["-date_earliest", "pk"]
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(title=""),
                name="figures_figure_has_title",
                violation_error_message=_("Say what is measured."),
            ),
            models.CheckConstraint(
                condition=(Q(unit="money") & ~Q(currency="")) | (~Q(unit="money") & Q(currency="")),
                name="figures_figure_money_has_currency",
                violation_error_message=_("Money needs its currency, and nothing else has one."),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="figures_figure_not_negative",
                violation_error_message=_("The value is not negative."),
            ),
            models.CheckConstraint(
                condition=exactly_one("of_state", "of_organization"),
                name="figures_figure_of_one",
                violation_error_message=_(
                    "Say whose figure it is: a state's or an organization's, not both."
                ),
            ),
            models.CheckConstraint(
                condition=at_most_one("with_state", "with_organization"),
                name="figures_figure_with_one",
                violation_error_message=_(
                    "It is shared with a state or with an organization, not with both."
                ),
            ),
            models.CheckConstraint(
                condition=Q(with_state__isnull=True)
                | Q(of_state__isnull=True)
                | ~Q(with_state=F("of_state")),
                name="figures_figure_with_another",
                violation_error_message=_("A state shares no figure with itself."),
            ),
            models.CheckConstraint(
                condition=Q(with_organization__isnull=True)
                | Q(of_organization__isnull=True)
                | ~Q(with_organization=F("of_organization")),
                name="figures_figure_with_another_organization",
                violation_error_message=_("An organization shares no figure with itself."),
            ),
        ]
        indexes = [
            *Entry.Meta.indexes,
            models.Index(fields=["-date_earliest", "id"], name="figures_figure_by_date"),
            models.Index(fields=["title", "id"], name="figures_figure_by_title"),
        ]

    @property
    def words(self):
        """The number as its source words it: "more than 27,000,000,000 US dollars"."""
        words = value_words(self.value, self.unit, self.currency, get_language() or "en")
        return compared(words, self.comparison, self.approximate)

    of = OneOf("of_state", "of_organization")
    shared_with = OneOf("with_state", "with_organization")

    def __str__(self):
        return self.title


class FigureCitation(Citation):
    entry = models.ForeignKey(Figure, models.CASCADE, related_name="citations", verbose_name=_("figure"))
