from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, ngettext_lazy, pgettext_lazy

from apps.agreements.querysets import (
    ActionQuerySet,
    AgreementQuerySet,
    LinkQuerySet,
    PartyQuerySet,
    SubjectQuerySet,
)
from apps.core.alike import Alike, not_apart
from apps.core.fields import FoldedField, PartialDateField
from apps.core.models import End, Entry, Recorded, own_name, refuse_end_before_beginning
from apps.core.onday import SIGNED
from apps.core.oneof import OneOf, exactly_one
from apps.events.models import Event, Project
from apps.organizations.models import Organization
from apps.sources.models import Citation
from apps.states.models import Place, State
from apps.visits.models import Visit


class Subject(Recorded):
    """What an agreement is about, from a short list that curators keep."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    name_en = models.CharField(_("name in English"), max_length=100)
    name_kk = models.CharField(_("name in Kazakh"), max_length=100, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=100, blank=True)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["name_en", "pk"]
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")

    def __str__(self):
        return own_name(self)

    @property
    def public_id(self):
        return self.slug

    def natural_key(self):
        return (self.slug,)


class Agreement(Entry):
    """An instrument, or several told of as one, concluded between parties."""

    class Kind(models.TextChoices):
        TREATY = "treaty", _("treaty")
        AGREEMENT = "agreement", _("agreement")
        CONVENTION = "convention", _("convention")
        PROTOCOL = "protocol", _("protocol")
        MEMORANDUM = "memorandum", _("memorandum of understanding")
        DECLARATION = "declaration", _("declaration")
        JOINT_ACTION_PLAN = "joint_action_plan", _("joint action plan")
        PROGRAMME = "programme", _("programme")
        LOAN = "loan", _("loan")
        LEASE = "lease", _("lease")
        CONTRACT = "contract", _("contract")
        ARRANGEMENT = "arrangement", _("arrangement")
        OTHER = "other", _("other")

    counted = ngettext_lazy("%d agreement", "%d agreements")
    is_titled = True
    main_date = "signed"
    by_then = SIGNED
    ends = (
        End("parties__party_state", "party"),
        End("parties__party_organization", "party"),
        End("parties__acting_through", "acting_through"),
    )
    alike = (
        Alike(
            ("search_text",),
            when=not_apart("signed"),
            parts=("parties", "party_state", "party_organization"),
        ),
    )
    _history_m2m_fields = ["subjects", "projects"]

    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    subjects = models.ManyToManyField(
        Subject, blank=True, related_name="agreements", verbose_name=_("subjects")
    )
    signed = PartialDateField(_("signed"))
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("place of signature"),
    )
    in_force = PartialDateField(_("entry into force"))
    ended = PartialDateField(_("end"))
    period = PartialDateField(_("period covered"), help_text=_("What a plan covers, e.g. 2012/2015."))
    amount = models.DecimalField(
        _("amount"),
        max_digits=20,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("In units of the currency."),
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("ISO 4217, e.g. USD."))
    instruments = models.PositiveIntegerField(
        _("number of instruments"),
        default=1,
        null=True,
        blank=True,
        help_text=_(
            "1, or more where the entry stands for several; blank for several whose number is not told."
        ),
    )
    instruments_approximate = models.BooleanField(_("about that number"), default=False)
    concluded_during = models.ForeignKey(
        Visit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outcomes",
        verbose_name=_("concluded during the visit"),
    )
    concluded_at = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outcomes",
        verbose_name=_("concluded at the event"),
    )
    projects = models.ManyToManyField(
        Project, blank=True, related_name="agreements", verbose_name=_("projects")
    )

    search_text = FoldedField(sources=("title",))

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-signed_earliest", "pk"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            *Entry.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(title=""),
                name="agreements_agreement_has_title",
                violation_error_message=_("Give the agreement a title."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True, currency="") | (Q(amount__isnull=False) & ~Q(currency="")),
                name="agreements_agreement_amount_has_currency",
                violation_error_message=_("An amount and its currency go together."),
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="agreements_agreement_amount_not_negative",
                violation_error_message=_("An amount is not negative."),
            ),
            models.CheckConstraint(
                condition=Q(instruments__isnull=True) | Q(instruments__gte=1),
                name="agreements_agreement_has_instruments",
                violation_error_message=_("An entry stands for at least one instrument."),
            ),
            models.CheckConstraint(
                condition=Q(ended_latest__gte=F("signed_earliest")),
                name="agreements_agreement_signed_before_ended",
                violation_error_message=_("It cannot have ended before it was signed."),
            ),
        ]
        indexes = [
            *Entry.Meta.indexes,
            models.Index(fields=["-signed_earliest", "id"], name="agreements_agreement_by_date"),
            models.Index(fields=["title", "id"], name="agreements_agreement_by_title"),
        ]

    @property
    def is_legislation(self):
        """Whether it is of a kind that makes law between its parties."""
        kinds = self.Kind
        return self.kind in (kinds.TREATY, kinds.AGREEMENT, kinds.CONVENTION, kinds.PROTOCOL)

    @property
    def schema_type(self):
        return "Legislation" if self.is_legislation else "CreativeWork"

    def clean(self):
        super().clean()
        refuse_end_before_beginning(self, "signed", "ended", _("It cannot have ended before it was signed."))

    def __str__(self):
        return self.title


class AgreementCitation(Citation):
    entry = models.ForeignKey(
        Agreement, models.CASCADE, related_name="citations", verbose_name=_("agreement")
    )


class Party(Recorded):
    """A state or an organization bound, or to be bound, by an agreement."""

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="parties", verbose_name=_("agreement")
    )
    party_state = models.ForeignKey(
        State,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreement_parties",
        verbose_name=_("state"),
    )
    party_organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreement_parties",
        verbose_name=_("organization"),
    )
    acting_through = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="acted_for",
        verbose_name=_("acting through"),
        help_text=_("The ministry, bank or company that signed for it."),
    )

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [
            models.CheckConstraint(
                condition=exactly_one("party_state", "party_organization"),
                name="agreements_party_one_party",
                violation_error_message=_("Give either a state or an organization as the party, not both."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "party_state"],
                condition=Q(party_state__isnull=False),
                name="agreements_party_state_once",
                violation_error_message=_("This state is a party already."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "party_organization"],
                condition=Q(party_organization__isnull=False),
                name="agreements_party_organization_once",
                violation_error_message=_("This organization is a party already."),
            ),
        ]

    party = OneOf("party_state", "party_organization")

    def __str__(self):
        return str(self.party)

    def natural_key(self):
        return (*self.agreement.natural_key(), self.party.public_id)


class Action(Recorded):
    """What a party did about an agreement, in the terms of the UN Treaty Collection's glossary."""

    class Kind(models.TextChoices):
        SIGNATURE = "signature", _("signature")
        RATIFICATION = "ratification", _("ratification")
        ACCEPTANCE = "acceptance", _("acceptance")
        APPROVAL = "approval", _("approval")
        ACCESSION = "accession", _("accession")
        SUCCESSION = "succession", pgettext_lazy("of a treaty", "succession")
        PROVISIONAL_APPLICATION = "provisional_application", _("provisional application")
        WITHDRAWAL = "withdrawal", _("withdrawal")

    party = models.ForeignKey(Party, models.CASCADE, related_name="actions", verbose_name=_("party"))
    kind = models.CharField(_("action"), max_length=24, choices=Kind.choices)
    date = PartialDateField(_("date"))

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["date_earliest", "pk"]
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "date"],
                name="agreements_action_once",
                violation_error_message=_("This action is recorded already."),
            ),
        ]
        # By it the agreements of a rare action are found without a look at every one.
        indexes = [models.Index(fields=["kind", "party"], name="agreements_action_by_kind")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.party}"

    def natural_key(self):
        return (*self.party.natural_key(), self.kind, str(self.date))


class AgreementLink(Recorded):
    """How one agreement bears on another."""

    class Kind(models.TextChoices):
        AMENDS = "amends", _("amends")
        REPLACES = "replaces", _("replaces")
        EXTENDS = "extends", _("extends")
        IMPLEMENTS = "implements", _("implements")
        CONCLUDED_UNDER = "concluded_under", _("was concluded under")

    # Whole, so that each language can put the titles where it wants them.
    SENTENCES = {
        Kind.AMENDS: _("%(one)s amends %(other)s"),
        Kind.REPLACES: _("%(one)s replaces %(other)s"),
        Kind.EXTENDS: _("%(one)s extends %(other)s"),
        Kind.IMPLEMENTS: _("%(one)s implements %(other)s"),
        Kind.CONCLUDED_UNDER: _("%(one)s was concluded under %(other)s"),
    }
    # As the labels of the kinds, which stand before the title of an agreement: what that one is to this.
    INVERSE = {
        Kind.AMENDS: _("is amended by"),
        Kind.REPLACES: _("is replaced by"),
        Kind.EXTENDS: _("is extended by"),
        Kind.IMPLEMENTS: _("is implemented by"),
        Kind.CONCLUDED_UNDER: _("concluded under it"),
    }

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="links", verbose_name=_("agreement")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    other = models.ForeignKey(
        Agreement, models.PROTECT, related_name="links_in", verbose_name=_("other agreement")
    )

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.CheckConstraint(
                condition=~Q(agreement=F("other")),
                name="agreements_agreementlink_of_two",
                violation_error_message=_("An agreement does not bear on itself."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "kind", "other"],
                name="agreements_agreementlink_once",
                violation_error_message=_("This link is recorded already."),
            ),
        ]

    def __str__(self):
        return self.SENTENCES[self.kind] % {"one": self.agreement, "other": self.other}

    @property
    def inverse(self):
        """Its label on the page of the other agreement."""
        return self.INVERSE[self.kind]

    def natural_key(self):
        return (*self.agreement.natural_key(), self.kind, *self.other.natural_key())
