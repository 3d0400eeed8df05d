from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Upper
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from apps.core.alike import SharedName
from apps.core.fields import PartialDateField, TouchedField
from apps.core.models import End, Entry, Named, Recorded
from apps.sources.models import Citation
from apps.states.querysets import PlaceQuerySet, StateQuerySet


class State(Entry, Named):
    """A state, present or former, identified by its ISO 3166 alpha-3 code."""

    class Kind(models.TextChoices):
        SOVEREIGN = "sovereign", _("sovereign state")
        FORMER = "former", _("former state")
        OTHER = "other", _("other territory")

    class Region(models.TextChoices):
        """The regions of the UN's M49 standard, those below the continents."""

        NORTHERN_AFRICA = "015", _("Northern Africa")
        SUB_SAHARAN_AFRICA = "202", _("Sub-Saharan Africa")
        LATIN_AMERICA = "419", _("Latin America and the Caribbean")
        NORTHERN_AMERICA = "021", _("Northern America")
        CENTRAL_ASIA = "143", _("Central Asia")
        EASTERN_ASIA = "030", _("Eastern Asia")
        SOUTH_EASTERN_ASIA = "035", _("South-eastern Asia")
        SOUTHERN_ASIA = "034", _("Southern Asia")
        WESTERN_ASIA = "145", _("Western Asia")
        EASTERN_EUROPE = "151", _("Eastern Europe")
        NORTHERN_EUROPE = "154", _("Northern Europe")
        SOUTHERN_EUROPE = "039", _("Southern Europe")
        WESTERN_EUROPE = "155", _("Western Europe")
        AUSTRALIA_NEW_ZEALAND = "053", _("Australia and New Zealand")
        MELANESIA = "054", _("Melanesia")
        MICRONESIA = "057", _("Micronesia")
        POLYNESIA = "061", _("Polynesia")

    counted = ngettext_lazy("%d state", "%d states")
    public_id_field = "code"
    is_told_often = True
    ends = (End("pk", "subject"),)
    alike = (SharedName(),)
    slug = None

    code = models.CharField(
        _("code"),
        max_length=3,
        unique=True,
        validators=[
            RegexValidator(r"^[A-Z]{3}\Z", _("The code is three capital letters (ISO 3166-1 alpha-3)."))
        ],
        help_text=_("ISO 3166-1 alpha-3; for a former state its last alpha-3 code, e.g. SUN."),
    )
    alpha2 = models.CharField(_("alpha-2 code"), max_length=2, blank=True)
    numeric = models.CharField(_("numeric code"), max_length=3, blank=True, help_text=_("UN M49."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SOVEREIGN)
    region = models.CharField(_("region"), max_length=3, choices=Region.choices, blank=True)
    begin = PartialDateField(_("begin"))
    ended = PartialDateField(_("ended"))
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("predecessor"),
    )
    wikidata_id = models.CharField(_("Wikidata id"), max_length=20, blank=True)

    objects = StateQuerySet.as_manager()

    class Meta:
        ordering = ["name_en", "pk"]
        verbose_name = _("state")
        verbose_name_plural = _("states")
        indexes = [*Entry.Meta.indexes]
        constraints = [
            *Entry.Meta.constraints,
            *Named.Meta.constraints,
            models.CheckConstraint(
                condition=Q(Exact(Length("code"), 3), Exact(Upper("code"), F("code"))),
                name="states_state_code_upper_case",
                violation_error_message=_("The code is three capital letters (ISO 3166-1 alpha-3)."),
            ),
        ]

    @property
    def existed(self):
        """When it began and when it ended."""
        return self.begin, self.ended

    @property
    def schema_type(self):
        return "AdministrativeArea" if self.kind == self.Kind.OTHER else "Country"

    @property
    def is_focus(self):
        """Whether this is the state whose relations the database describes."""
        return self.code == settings.FOCUS_STATE


class StateCitation(Citation):
    entry = models.ForeignKey(State, models.CASCADE, related_name="citations", verbose_name=_("state"))


class Place(Recorded, Named):
    """A city, region or emirate in a state, where something happened or has its seat."""

    is_told_often = True
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    state = models.ForeignKey(State, models.PROTECT, related_name="places", verbose_name=_("state"))
    note = models.TextField(_("note"), blank=True)
    updated_at = TouchedField(_("updated at"), db_index=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["name_en", "pk"]
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [*Named.Meta.constraints]

    schema_type = "Place"

    @property
    def public_id(self):
        return self.slug

    def natural_key(self):
        return (self.slug,)
