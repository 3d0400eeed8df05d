from django.db import models
from django.utils.translation import get_language, gettext_lazy as _, ngettext_lazy

from apps.core.alike import Alike, one_date
from apps.core.datewords import date_words
from apps.core.fields import FoldedField, PartialDateField
from apps.core.headlines import Headline, Name
from apps.core.models import End, Entry
from apps.core.oneof import OneOf, exactly_one
from apps.events.models import Event
from apps.organizations.models import Office, Organization
from apps.people.models import Person
from apps.sources.models import Citation
from apps.states.models import Place, State
from apps.visits.querysets import VisitQuerySet


class Visit(Entry):
    """A person's journey, in a capacity, to a host state."""

    class Kind(models.TextChoices):
        STATE = "state", _("state visit")
        OFFICIAL = "official", _("official visit")
        WORKING = "working", _("working visit")
        PRIVATE = "private", _("private visit")
        INFORMAL = "informal", _("informal visit")
        MULTILATERAL = "multilateral", _("multilateral meeting")
        NOT_STATED = "not_stated", _("not stated")

    counted = ngettext_lazy("%d visit", "%d visits")
    main_date = "date"
    schema_type = ("Event", "TravelAction")
    title_parts = ("visitor", "host", "sent_by_state", "sent_by_organization")
    goes_by = Headline(_("%(visitor)s to %(host)s"), visitor=Name("visitor"), host=Name("host"))
    ends = (
        End("visitor", "visitor"),
        End("sent_by_state", "sender"),
        End("sent_by_organization", "sender"),
        End("host", "host"),
        End("met", "met"),
    )
    alike = (Alike(("visitor", "host"), when=one_date("date")),)
    _history_m2m_fields = ["places", "met"]

    visitor = models.ForeignKey(
        Person, models.PROTECT, related_name="visits", db_index=False, verbose_name=_("visitor")
    )
    capacity = models.CharField(_("capacity"), max_length=24, choices=Office.Role.choices)
    sent_by_state = models.ForeignKey(
        State,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits_out",
        db_index=False,
        verbose_name=_("sent by the state"),
    )
    sent_by_organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits_out",
        verbose_name=_("sent by the organization"),
    )
    host = models.ForeignKey(
        State, models.PROTECT, related_name="visits_in", db_index=False, verbose_name=_("host state")
    )
    places = models.ManyToManyField(Place, blank=True, related_name="visits", verbose_name=_("places"))
    date = PartialDateField(_("date"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.NOT_STATED)
    occasion = models.CharField(_("occasion"), max_length=300, blank=True)
    event = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("event"),
        help_text=_("At which the visitor came to take part."),
    )
    met = models.ManyToManyField(Person, blank=True, related_name="meetings", verbose_name=_("met"))
    discussed = models.CharField(_("discussed"), max_length=300, blank=True)
    search_text = FoldedField(sources=("occasion", "discussed"))

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["-date_earliest", "pk"]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=exactly_one("sent_by_state", "sent_by_organization"),
                name="visits_visit_one_sender",
                violation_error_message=_("Give either the state or the organization that sent the visitor."),
            ),
        ]
        indexes = [
            *Entry.Meta.indexes,
            models.Index(fields=["-date_earliest", "id"], name="visits_visit_by_date"),
            # Each the first pages of what a list is narrowed to, in the order of time.
            models.Index(fields=["visitor", "-date_earliest", "id"], name="visits_visit_of_visitor"),
            models.Index(fields=["host", "-date_earliest", "id"], name="visits_visit_of_host"),
            models.Index(fields=["sent_by_state", "-date_earliest", "id"], name="visits_visit_of_sender"),
            models.Index(
                fields=["host", "sent_by_state", "-date_earliest", "id"], name="visits_visit_of_two"
            ),
            # By which visits that may be one are found.
            models.Index(fields=["visitor", "host", "date_earliest"], name="visits_visit_by_whom_and_where"),
        ]

    sent_by = OneOf("sent_by_state", "sent_by_organization")

    told_by = ("visitor__name_en", "host__name_en", "date")

    @staticmethod
    def told(visitor, host, date):
        headline = Visit.goes_by.filled(visitor=visitor, host=host)
        return f"{headline}, {date_words(date, get_language() or 'en')}"

    def __str__(self):
        return self.told(self.visitor, self.host, self.date)


class VisitCitation(Citation):
    entry = models.ForeignKey(Visit, models.CASCADE, related_name="citations", verbose_name=_("visit"))
