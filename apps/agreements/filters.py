from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.agreements.models import Action, Agreement, AgreementLink, Subject
from apps.core.filters import BY_UPDATE, Order
from apps.core.parameters import (
    ChoiceParameter,
    CurrencyParameter,
    EntryParameter,
    IdentifierParameter,
    NumberParameter,
    SearchParameter,
)
from apps.core.time_parameters import (
    AsOfParameter,
    CertaintyParameter,
    DateParameter,
    DatingParameter,
    FromParameter,
    ToParameter,
    YearParameter,
)
from apps.events.filters import BY_TITLE, EventParameter, ProjectParameter
from apps.organizations.filters import OrganizationParameter, OrganizationSlugParameter
from apps.sources.filters import EntryFilterSet
from apps.states.filters import PlaceParameter, StateParameter
from apps.visits.filters import VisitParameter


class Instruments(models.TextChoices):
    """For how many instruments an entry stands."""

    ONE = "one", _("one")
    SEVERAL = "several", _("several")


class AgreementParameter(IdentifierParameter):
    def __init__(self, field_name=None, **kwargs):
        super().__init__(field_name, rows=Agreement.objects.published, label=_("Agreement"), **kwargs)


class PartyParameter(StateParameter):
    scattered = True

    def __init__(self, **kwargs):
        super().__init__(word="with_party", **kwargs)


class AgreementFilter(EntryFilterSet):
    q = SearchParameter(
        label=_("Title contains"),
        help_text=_("Part of the title, whatever case and accents."),
        example="border",
    )
    state = PartyParameter(help_text=_("ISO 3166-1 alpha-3 code of a party."))
    counterpart = PartyParameter(
        needs="state",
        label=_("Other state"),
        help_text=_("ISO 3166-1 alpha-3 code of another party, beside the state asked for."),
        example=settings.FOCUS_STATE,
    )
    organization = OrganizationParameter(
        word="with_organization", help_text=_("Slug of a party, or of the body through which one acted.")
    )
    acting_through = OrganizationSlugParameter(
        None,
        word="acted_through",
        label=_("Acting through"),
        help_text=_("Slug of the ministry, bank or company through which a party acted."),
        example="un-secretariat",
    )
    kind = ChoiceParameter(
        choices=Agreement.Kind.choices,
        label=_("Kind"),
        help_text=_("What its title calls it."),
        example="treaty",
    )
    subject = EntryParameter(
        "subjects",
        rows=Subject.objects.all,
        many=True,
        label=_("Subject"),
        help_text=_("Slug of what it is about."),
        example="borders",
    )
    action = ChoiceParameter(
        choices=Action.Kind.choices,
        method="narrow_action",
        label=_("Action"),
        help_text=_(
            "What a party did about it, in the terms of the UN Treaty Collection; where a state is asked for, "
            "what that one did."
        ),
        example="ratification",
    )
    place = PlaceParameter("place", help_text=_("Slug of the place of signature."))
    year = YearParameter(help_text=_("Signed, possibly, in this year; undated ones are never left out."))
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter(help_text=_("Signed by this day, certainly or possibly (each row says which)."))
    certainty = CertaintyParameter()
    dating = DatingParameter()
    in_force = DateParameter(
        "in_force", label=_("Entry into force"), help_text=_("When it entered into force."), example="2009"
    )
    ended = DateParameter("ended", label=_("Ended"), help_text=_("When it ended."), example="2014")
    period = DateParameter(
        "period", label=_("Period"), help_text=_("The time that a plan covers."), example="2013"
    )
    visit = VisitParameter(
        "concluded_during",
        help_text=_("Slug of the visit during which it was concluded."),
        example="putin-kaz-2005-06",
    )
    event = EventParameter(
        "concluded_at",
        help_text=_("Slug of the event at which it was concluded."),
        example="2005-07-sco-summit-astana",
    )
    project = ProjectParameter(
        "projects",
        many=True,
        help_text=_("Slug of a project that it is about."),
        example="baikonur-space-centre",
    )
    link = ChoiceParameter(
        choices=AgreementLink.Kind.choices,
        word="with_link",
        label=_("Link"),
        help_text=_("How it bears on another agreement."),
        example="amends",
    )
    agreement = AgreementParameter(
        word="linked_with",
        help_text=_("Slug of an agreement on which it bears, or that bears on it."),
        example="1998-kaz-rus-caspian-seabed",
    )
    instruments = ChoiceParameter(
        choices=Instruments.choices,
        method="narrow_instruments",
        label=_("Instruments"),
        help_text=_("Whether the entry stands for one instrument or for several."),
        example="several",
    )
    currency = CurrencyParameter()
    amount_from = NumberParameter(
        "amount",
        "from",
        needs="currency",
        label=_("Amount from"),
        help_text=_("The least amount, in units of the currency."),
        example=5000000000,
    )
    amount_to = NumberParameter(
        "amount",
        "to",
        needs="currency",
        label=_("Amount to"),
        help_text=_("The greatest amount, in units of the currency."),
        example=5000000000,
    )

    # The second is the first from its end, so that one index serves both.
    orderings = {
        "-signed": Order(_("latest first"), ("-signed_earliest", "pk")),
        "signed": Order(_("oldest first"), ("signed_earliest", "-pk")),
        **BY_TITLE,
        **BY_UPDATE,
    }

    def narrow_action(self, queryset, name, value):
        return queryset.with_action(value, self.given("state"))

    def narrow_instruments(self, queryset, name, value):
        return queryset.of_several() if value == Instruments.SEVERAL else queryset.of_one()
