from django.utils.translation import gettext_lazy as _

from apps.agreements.filters import AgreementParameter
from apps.core.filters import BY_UPDATE, Order
from apps.core.parameters import ChoiceParameter, CurrencyParameter, FlagParameter, NumberParameter
from apps.core.time_parameters import (
    AsOfParameter,
    CertaintyParameter,
    FromParameter,
    ToParameter,
    YearParameter,
)
from apps.events.filters import (
    BY_TITLE,
    CounterpartParameter,
    EventParameter,
    ProjectParameter,
    TitleParameter,
)
from apps.figures.models import Figure
from apps.organizations.filters import OrganizationParameter
from apps.sources.filters import EntryFilterSet
from apps.states.filters import StateParameter


class FigureFilter(EntryFilterSet):
    q = TitleParameter(example="trade")
    state = StateParameter(
        word="concerning",
        help_text=_("ISO 3166-1 alpha-3 code of the state whose figure it is, or that shares in it."),
    )
    counterpart = CounterpartParameter(
        word=None,
        method="narrow_counterpart",
        help_text=_("ISO 3166-1 alpha-3 code of the other of two states, beside the state asked for."),
    )
    organization = OrganizationParameter(
        word="with_organization",
        help_text=_("Slug of the organization whose figure it is, or that shares in it."),
    )
    measure = ChoiceParameter(
        choices=Figure.Measure.choices,
        label=_("Measure"),
        help_text=_("What is measured."),
        example="trade_volume",
    )
    unit = ChoiceParameter(
        choices=Figure.Unit.choices,
        label=_("Unit"),
        help_text=_("In what it is measured."),
        example="people",
    )
    currency = CurrencyParameter()
    value_from = NumberParameter(
        "value",
        "from",
        needs="unit",
        label=_("Value from"),
        help_text=_("The least value, in full, in the unit."),
        example=1000,
    )
    value_to = NumberParameter(
        "value",
        "to",
        needs="unit",
        label=_("Value to"),
        help_text=_("The greatest value, in full, in the unit."),
        example=1000,
    )
    comparison = ChoiceParameter(
        choices=Figure.Comparison.choices,
        label=_("Comparison"),
        help_text=_("How the source words it."),
        example="more_than",
    )
    approximate = FlagParameter(
        "approximate",
        yes=_("approximate"),
        no=_("others"),
        label=_("Approximate"),
        help_text=_("Numbers that the source gives as about right (yes), or others (no)."),
        example="yes",
    )
    target = FlagParameter(
        "target",
        yes=_("aims"),
        no=_("results"),
        label=_("Aims"),
        help_text=_("Aims and plans (yes), or results (no)."),
        example="no",
    )
    total = FlagParameter(
        "total",
        yes=_("totals"),
        no=_("others"),
        label=_("Totals"),
        help_text=_("Sums over the time up to the date (yes), or others (no)."),
        example="no",
    )
    event = EventParameter(
        "event",
        help_text=_("Slug of the event of which it is told."),
        example="2010-06-kyrgyz-uzbek-conflict",
    )
    project = ProjectParameter(
        "project", help_text=_("Slug of the project of which it is told."), example="nuclear-fuel-bank"
    )
    agreement = AgreementParameter(
        "agreement",
        help_text=_("Slug of the agreement of which it is told."),
        example="2006-central-asia-nwfz",
    )
    year = YearParameter()
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter(help_text=_("Dated by this day, certainly or possibly (each row says which)."))
    certainty = CertaintyParameter()

    # The second is the first from its end, so that one index serves both.
    orderings = {
        "-date": Order(_("latest first"), ("-date_earliest", "pk")),
        "date": Order(_("oldest first"), ("date_earliest", "-pk")),
        **BY_TITLE,
        **BY_UPDATE,
    }

    def narrow_counterpart(self, queryset, name, value):
        return queryset.linking(self.given("state"), value)
