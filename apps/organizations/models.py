from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, ngettext_lazy, pgettext_lazy

from apps.core.alike import SPANS_MEET, Alike, SharedName, not_apart
from apps.core.fields import FoldedField, PartialDateField
from apps.core.models import End, Entry, Named, Span, refuse_end_before_beginning
from apps.core.oneof import OneOf, exactly_one
from apps.organizations import words
from apps.organizations.querysets import (
    AS_OF,
    MembershipQuerySet,
    OfficeQuerySet,
    OrganizationQuerySet,
    SuccessionQuerySet,
)
from apps.people.models import Person
from apps.sources.models import Citation
from apps.states.models import Place, State


class Organization(Entry, Named):
    """A body that states, or others, belong to, act in or act through."""

    class Kind(models.TextChoices):
        INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental organization")
        UN_BODY = "un_body", _("body of the United Nations")
        DEVELOPMENT_BANK = "development_bank", _("development bank")
        ALLIANCE = "alliance", _("alliance")
        UNION = "union", _("union")
        FORUM = "forum", _("forum")
        PROGRAMME = "programme", _("programme")
        INITIATIVE = "initiative", _("initiative")
        ORGAN = "organ", _("organ of an organization")
        COMMISSION = "commission", _("joint commission")
        MINISTRY = "ministry", _("ministry")
        AGENCY = "agency", _("agency")
        COMPANY = "company", _("company")
        ARMED_FORCE = "armed_force", _("armed force")
        OTHER = "other", _("other body")

    is_told_often = True
    counted = ngettext_lazy("%d organization", "%d organizations")
    ends = (End("pk", "subject"), End("state", "state"))
    alike = (SharedName(),)
    name_fields = (*Named.name_fields, "abbreviation")

    abbreviation = models.CharField(_("abbreviation"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    founded = PartialDateField(_("founded"))
    dissolved = PartialDateField(_("dissolved"))
    seat = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="seat_of", verbose_name=_("seat")
    )
    state = models.ForeignKey(
        State,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bodies",
        verbose_name=_("state"),
        help_text=_("For a company, ministry or agency: the state to which it belongs."),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    wikidata_id = models.CharField(_("Wikidata id"), max_length=20, blank=True)
    search_text = FoldedField(sources=("name_en", "name_kk", "name_ru", "abbreviation", "aliases"))

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name_en", "pk"]
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        indexes = [*Entry.Meta.indexes, models.Index(fields=["name_en", "id"], name="organizations_by_name")]
        constraints = [
            *Entry.Meta.constraints,
            *Named.Meta.constraints,
            models.CheckConstraint(
                condition=Q(dissolved_latest__gte=F("founded_earliest")),
                name="organizations_organization_founded_before_dissolved",
                violation_error_message=_("It cannot have been dissolved before it was founded."),
            ),
        ]

    def clean(self):
        super().clean()
        refuse_end_before_beginning(
            self, "founded", "dissolved", _("It cannot have been dissolved before it was founded.")
        )

    @property
    def existed(self):
        """When it began and when it ended."""
        return self.founded, self.dissolved

    @property
    def schema_type(self):
        types = {self.Kind.COMPANY: "Corporation", self.Kind.MINISTRY: "GovernmentOrganization"}
        return types.get(self.kind, "Organization")

    @property
    def short_name(self):
        """The abbreviation, which is English; to who reads another language, the name where it is recorded in that."""
        in_english = self.name == self.name_en
        return (self.abbreviation if in_english else "") or self.name


class OrganizationCitation(Citation):
    entry = models.ForeignKey(
        Organization, models.CASCADE, related_name="citations", verbose_name=_("organization")
    )


class Succession(Entry):
    """That one organization became, or went into, another."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", _("was renamed")
        TRANSFORMED = "transformed", _("was transformed into")
        MERGED = "merged", pgettext_lazy("of organizations", "merged into")
        ABSORBED = "absorbed", _("was absorbed by")
        GREW = "grew", _("grew into")

    counted = ngettext_lazy("%d succession", "%d successions")
    title_parts = ("predecessor", "successor")
    goes_by = words.SUCCESSION
    main_date = "date"
    ends = (End("predecessor", "predecessor"), End("successor", "successor"))
    alike = (Alike(("predecessor", "successor"), when=not_apart("date")),)
    schema_type = "Event"

    predecessor = models.ForeignKey(
        Organization, models.PROTECT, related_name="successions_out", verbose_name=_("predecessor")
    )
    successor = models.ForeignKey(
        Organization, models.PROTECT, related_name="successions_in", verbose_name=_("successor")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    date = PartialDateField(_("date"))

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        ordering = ["date_earliest", "pk"]
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        indexes = [*Entry.Meta.indexes]
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="organizations_succession_of_two",
                violation_error_message=_("An organization does not succeed itself."),
            ),
        ]

    def __str__(self):
        return self.headline


class SuccessionCitation(Citation):
    entry = models.ForeignKey(
        Succession, models.CASCADE, related_name="citations", verbose_name=_("succession")
    )


class Membership(Entry, Span):
    """That a state, or an organization, belongs to an organization in some status for some time."""

    class Standing(models.TextChoices):
        MEMBER = "member", _("member")
        ASSOCIATE = "associate", _("associate member")
        OBSERVER = "observer", _("observer")
        DIALOGUE_PARTNER = "dialogue_partner", _("dialogue partner")
        PARTNER = "partner", _("partner")
        PARTICIPANT = "participant", _("participant")
        APPLICANT = "applicant", _("applicant")

    counted = ngettext_lazy("%d membership", "%d memberships")
    title_parts = ("member_state", "member_organization", "organization")
    goes_by = words.MEMBERSHIP
    schema_type = "OrganizationRole"
    ends = (
        End("member_state", "member"),
        End("member_organization", "member"),
        End("organization", "organization"),
    )
    alike = (
        Alike(("member_state", "organization"), when=SPANS_MEET),
        Alike(("member_organization", "organization"), when=SPANS_MEET),
    )

    member_state = models.ForeignKey(
        State,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        db_index=False,
        verbose_name=_("member state"),
    )
    member_organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("member organization"),
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="members",
        db_index=False,
        verbose_name=_("organization"),
    )
    # `status` of an entry is its state of publication; the API calls this field `status`, as the field does.
    standing = models.CharField(
        _("status of membership"), max_length=20, choices=Standing.choices, default=Standing.MEMBER
    )
    founder = models.BooleanField(_("founding member"), default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["start_earliest", "pk"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        indexes = [
            *Entry.Meta.indexes,
            *Span.Meta.indexes,
            models.Index(fields=["member_state", "start_earliest", "id"], name="memberships_of_state"),
            models.Index(fields=["organization", "start_earliest", "id"], name="memberships_in_organization"),
            # Who belongs to what on a day, without a look at the memberships.
            models.Index(fields=AS_OF, condition=Q(status="published"), name="memberships_of_state_as_of"),
        ]
        constraints = [
            *Entry.Meta.constraints,
            *Span.Meta.constraints,
            models.CheckConstraint(
                condition=exactly_one("member_state", "member_organization"),
                name="organizations_membership_one_member",
                violation_error_message=_("Give either a member state or a member organization, not both."),
            ),
            models.CheckConstraint(
                condition=Q(member_organization__isnull=True) | ~Q(member_organization=F("organization")),
                name="organizations_membership_not_of_itself",
                violation_error_message=_("An organization is not a member of itself."),
            ),
            *(
                models.UniqueConstraint(
                    fields=[f"member_{kind}", "organization", "standing", "start"],
                    condition=Q(**{f"member_{kind}__isnull": False}),
                    name=f"organizations_membership_of_{kind}_unique",
                    violation_error_message=_(
                        "This membership, with this status and start, is recorded already."
                    ),
                )
                for kind in ("state", "organization")
            ),
        ]

    member = OneOf("member_state", "member_organization")

    @property
    def held_as(self):
        return words.STANDING.of(self)

    def __str__(self):
        return self.headline


class MembershipCitation(Citation):
    entry = models.ForeignKey(
        Membership, models.CASCADE, related_name="citations", verbose_name=_("membership")
    )


class Office(Entry, Span):
    """That a person, or a state, holds a post in a state or an organization for some time."""

    class Role(models.TextChoices):
        HEAD_OF_STATE = "head_of_state", _("head of state")
        HEAD_OF_GOVERNMENT = "head_of_government", _("head of government")
        VICE_PRESIDENT = "vice_president", _("vice-president")
        FOREIGN_MINISTER = "foreign_minister", _("minister of foreign affairs")
        DEFENCE_MINISTER = "defence_minister", _("minister of defence")
        MINISTER = "minister", _("minister")
        AMBASSADOR = "ambassador", _("ambassador")
        CHAIR = "chair", _("chair")
        TROIKA = "troika", _("member of the troika")
        SECRETARY_GENERAL = "secretary_general", _("secretary-general")
        SPECIAL_REPRESENTATIVE = "special_representative", _("special representative")
        HEAD = "head", _("head of a body or company")
        OTHER = "other", _("other post")

    counted = ngettext_lazy("%d office", "%d offices")
    title_parts = ("holder_person", "holder_state", "body_state", "body_organization")
    goes_by = words.OFFICE
    schema_type = "OrganizationRole"
    ends = (
        End("holder_person", "holder"),
        End("holder_state", "holder"),
        End("body_state", "body"),
        End("body_organization", "body"),
        End("from_state", "from"),
    )
    alike = tuple(
        Alike((holder, "role"), same_or_none=("body_state", "body_organization"), when=SPANS_MEET)
        for holder in ("holder_person", "holder_state")
    )

    holder_person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offices",
        verbose_name=_("holder (person)"),
    )
    holder_state = models.ForeignKey(
        State,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offices",
        verbose_name=_("holder (state)"),
    )
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("The post as it is called, e.g. Premier.")
    )
    body_state = models.ForeignKey(
        State,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="officers",
        verbose_name=_("in the state"),
    )
    body_organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="officers",
        verbose_name=_("in the organization"),
    )

    from_state = models.ForeignKey(
        State,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="officials_abroad",
        verbose_name=_("official of"),
        help_text=_("For a post in an organization: the state whose official the holder is."),
    )
    search_text = FoldedField(sources=("title",))

    objects = OfficeQuerySet.as_manager()

    class Meta:
        ordering = ["start_earliest", "pk"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        indexes = [*Entry.Meta.indexes, *Span.Meta.indexes]
        constraints = [
            *Entry.Meta.constraints,
            *Span.Meta.constraints,
            models.CheckConstraint(
                condition=exactly_one("holder_person", "holder_state"),
                name="organizations_office_one_holder",
                violation_error_message=_("Give either a person or a state as the holder, not both."),
            ),
            models.CheckConstraint(
                condition=exactly_one("body_state", "body_organization"),
                name="organizations_office_one_body",
                violation_error_message=_("Give either a state or an organization as the body, not both."),
            ),
        ]

    holder = OneOf("holder_person", "holder_state")
    body = OneOf("body_state", "body_organization")

    @property
    def called(self):
        """The post in the words of its source, or by its role."""
        return words.POST.of(self)

    held_as = called

    def __str__(self):
        return self.headline


class OfficeCitation(Citation):
    entry = models.ForeignKey(Office, models.CASCADE, related_name="citations", verbose_name=_("office"))
