from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from apps.core.alike import Alike, not_apart
from apps.core.fields import FoldedField, PartialDateField
from apps.core.models import End, Entry, Recorded, Span
from apps.core.oneof import OneOf, exactly_one
from apps.events.querysets import (
    EventQuerySet,
    ParticipantQuerySet,
    ProjectPartyQuerySet,
    ProjectQuerySet,
)
from apps.organizations.models import Organization
from apps.people.models import Person
from apps.sources.models import Citation
from apps.states.models import Place, State


class Event(Entry):
    """Something that happened at a time and concerned states, organizations or people: a summit, a vote, a crisis."""

    class Kind(models.TextChoices):
        SUMMIT = "summit", _("summit")
        MEETING = "meeting", _("meeting")
        CONFERENCE = "conference", _("conference")
        CONGRESS = "congress", _("congress")
        FORUM = "forum", _("forum")
        EXERCISE = "exercise", _("military exercise")
        CELEBRATION = "celebration", _("celebration")
        FOUNDING = "founding", _("founding")
        OPENING = "opening", _("opening")
        TRANSFORMATION = "transformation", _("transformation")
        SUSPENSION = "suspension", _("suspension")
        ADMISSION = "admission", _("admission")
        VOTE = "vote", _("vote")
        DECISION = "decision", _("decision")
        PROPOSAL = "proposal", _("proposal")
        ANNOUNCEMENT = "announcement", _("announcement")
        STATEMENT = "statement", _("statement")
        PROTEST = "protest", _("protest")
        CRISIS = "crisis", _("crisis")
        CONFLICT = "conflict", _("armed conflict")
        EVACUATION = "evacuation", _("evacuation")
        DEPLOYMENT = "deployment", _("deployment")
        INVESTIGATION = "investigation", _("investigation")
        NUCLEAR_TEST = "nuclear_test", _("nuclear test")
        INDEPENDENCE = "independence", _("independence")
        OTHER = "other", _("other")

    counted = ngettext_lazy("%d event", "%d events")
    is_titled = True
    main_date = "date"
    schema_type = "Event"
    ends = (
        End("participants__participant_state", role_path="participants__role"),
        End("participants__participant_organization", role_path="participants__role"),
        End("participants__participant_person", role_path="participants__role"),
    )
    alike = (Alike(("search_text",), when=not_apart("date")),)

    title = models.CharField(
        _("title"), max_length=200, help_text=_("What it was, without its date: SCO summit in Astana.")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    date = PartialDateField(_("date"))
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("place")
    )
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("What happened, and what came of it, in a sentence or two.")
    )
    search_text = FoldedField(sources=("title",))

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-date_earliest", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(title=""),
                name="events_event_has_title",
                violation_error_message=_("Give the event a title."),
            ),
        ]
        indexes = [
            *Entry.Meta.indexes,
            models.Index(fields=["-date_earliest", "id"], name="events_event_by_date"),
            models.Index(fields=["title", "id"], name="events_event_by_title"),
        ]

    def __str__(self):
        return self.title


class EventCitation(Citation):
    entry = models.ForeignKey(Event, models.CASCADE, related_name="citations", verbose_name=_("event"))


class Part(Recorded):
    """The part, by its `role`, that one of several kinds of bearers has in something."""

    class Meta:
        abstract = True

    @property
    def role_place(self):
        """Where its role stands in the order of roles."""
        return self.Role.values.index(self.role)

    def __str__(self):
        return f"{self.bearer}, {self.get_role_display()}"


class Participant(Part):
    """The part that a state, an organization or a person had in an event, or conspicuously had not."""

    class Role(models.TextChoices):
        HOST = "host", _("host")
        ORGANIZER = "organizer", _("organizer")
        INITIATOR = "initiator", _("initiator")
        PARTICIPANT = "participant", _("participant")
        SPEAKER = "speaker", _("speaker")
        INVITED = "invited", _("invited")
        ABSENT = "absent", _("absent")
        AFFECTED = "affected", _("affected")

    event = models.ForeignKey(Event, models.CASCADE, related_name="participants", verbose_name=_("event"))
    participant_state = models.ForeignKey(
        State,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("state"),
    )
    participant_organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("organization"),
    )
    participant_person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("person"),
    )
    role = models.CharField(
        _("role"),
        max_length=12,
        choices=Role.choices,
        default=Role.PARTICIPANT,
        help_text=_(
            "Host: on whose territory it was. Absent: where the source stresses it. "
            "Affected: whom it concerned without their acting."
        ),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(
                condition=exactly_one("participant_state", "participant_organization", "participant_person"),
                name="events_participant_one_participant",
                violation_error_message=_("Give one of a state, an organization and a person."),
            ),
            *(
                models.UniqueConstraint(
                    fields=["event", f"participant_{kind}", "role"],
                    condition=Q(**{f"participant_{kind}__isnull": False}),
                    name=f"events_participant_{kind}_once",
                    violation_error_message=_("This participant has this role already."),
                )
                for kind in ("state", "organization", "person")
            ),
        ]

    bearer = participant = OneOf("participant_state", "participant_organization", "participant_person")

    def natural_key(self):
        return (*self.event.natural_key(), self.participant.public_id, self.role)


class Project(Entry, Span):
    """Something built, exploited, run or planned over time: a pipeline, a space centre, a fund, a programme.

    Its span is that of the work: `start` is when work began or it was launched, `end` when it was over.
    """

    class Kind(models.TextChoices):
        PIPELINE = "pipeline", _("pipeline")
        RAILWAY = "railway", _("railway")
        CANAL = "canal", _("canal")
        FIELD = "field", _("oil or gas field")
        REFINERY = "refinery", _("refinery")
        SPACE_CENTRE = "space_centre", _("space centre")
        SATELLITE_SYSTEM = "satellite_system", _("satellite system")
        MILITARY_BASE = "military_base", _("military base or site")
        TRANSPORT_CORRIDOR = "transport_corridor", _("transport corridor")
        INFRASTRUCTURE = "infrastructure", _("infrastructure")
        FUND = "fund", _("fund")
        FUEL_BANK = "fuel_bank", _("nuclear fuel bank")
        SUPPLY = "supply", _("supply")
        LAND_LEASE = "land_lease", _("lease of land")
        ZONE = "zone", _("zone")
        PROGRAMME = "programme", _("programme")
        INITIATIVE = "initiative", _("initiative")
        OTHER = "other", _("other")

    class Stage(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        AGREED = "agreed", _("agreed")
        UNDER_WAY = "under_way", _("under way")
        IN_OPERATION = "in_operation", _("in operation")
        SUSPENDED = "suspended", _("suspended")
        NOT_REALISED = "not_realised", _("not realised")
        COMPLETED = "completed", _("completed")
        NOT_STATED = "not_stated", _("not stated")

    counted = ngettext_lazy("%d project", "%d projects")
    is_titled = True
    schema_type = "Project"
    ends = (
        End("parties__party_state", role_path="parties__role"),
        End("parties__party_organization", role_path="parties__role"),
    )
    alike = (Alike(("search_text",)),)

    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("place")
    )
    proposed = PartialDateField(_("proposed"), help_text=_("When it was first put forward."))
    stage = models.CharField(
        _("state of progress"), max_length=16, choices=Stage.choices, default=Stage.NOT_STATED
    )
    stage_date = PartialDateField(
        _("as of"), help_text=_("The date for which the source tells the state of progress.")
    )
    summary = models.TextField(_("summary"), blank=True, help_text=_("What it is, in a sentence or two."))
    search_text = FoldedField(sources=("title",))

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            *Entry.Meta.constraints,
            *Span.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(title=""),
                name="events_project_has_title",
                violation_error_message=_("Give the project a title."),
            ),
        ]
        indexes = [*Entry.Meta.indexes, *Span.Meta.indexes]

    @property
    def not_before(self):
        """Nothing runs before it is proposed."""
        return self.proposed

    @property
    def has_span(self):
        """Whether anything is known of when it ran."""
        return any(date.is_known for date in (self.start, self.end, self.attested))

    def __str__(self):
        return self.title


class ProjectCitation(Citation):
    entry = models.ForeignKey(Project, models.CASCADE, related_name="citations", verbose_name=_("project"))


class ProjectParty(Part):
    """The part that a state or an organization has in a project."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        OPERATOR = "operator", _("operator")
        HOST = "host", _("host")
        BUILDER = "builder", _("builder")
        INVESTOR = "investor", _("investor")
        LENDER = "lender", _("lender")
        LESSOR = "lessor", _("lessor")
        LESSEE = "lessee", _("lessee")
        SUPPLIER = "supplier", _("supplier")
        BUYER = "buyer", _("buyer")
        INITIATOR = "initiator", _("initiator")
        SUPPORTER = "supporter", _("supporter")
        OPPONENT = "opponent", _("opponent")
        PARTICIPANT = "participant", _("participant")
        AFFECTED = "affected", _("affected")

    project = models.ForeignKey(Project, models.CASCADE, related_name="parties", verbose_name=_("project"))
    party_state = models.ForeignKey(
        State,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="project_parties",
        verbose_name=_("state"),
    )
    party_organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="project_parties",
        verbose_name=_("organization"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.PARTICIPANT)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ProjectPartyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("party to a project")
        verbose_name_plural = _("parties to projects")
        constraints = [
            models.CheckConstraint(
                condition=exactly_one("party_state", "party_organization"),
                name="events_projectparty_one_party",
                violation_error_message=_("Give either a state or an organization, not both."),
            ),
            *(
                models.UniqueConstraint(
                    fields=["project", f"party_{kind}", "role"],
                    condition=Q(**{f"party_{kind}__isnull": False}),
                    name=f"events_projectparty_{kind}_once",
                    violation_error_message=_("This party has this role already."),
                )
                for kind in ("state", "organization")
            ),
        ]

    bearer = party = OneOf("party_state", "party_organization")

    def natural_key(self):
        return (*self.project.natural_key(), self.party.public_id, self.role)
