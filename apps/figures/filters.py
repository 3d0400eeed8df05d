from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.filters import Order, StrictFilterSet
from apps.core.parameters import (
    AsOfParameter,
    BasisParameter,
    ChoiceParameter,
    FromParameter,
    ToParameter,
    YearParameter,
)
from apps.events.filters import BY_TITLE, CounterpartParameter, TitleParameter
from apps.figures.models import Figure
from apps.organizations.filters import OrganizationParameter
from apps.states.filters import StateParameter


class Target(models.TextChoices):
    YES = "yes", _("aims")
    NO = "no", _("results")


class TargetParameter(ChoiceParameter):
    def filter(self, queryset, value):
        return queryset.filter(target=value == Target.YES) if value else queryset


class FigureFilter(StrictFilterSet):
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
    target = TargetParameter(
        choices=Target.choices,
        label=_("Aims"),
        help_text=_("Aims and plans (yes), or results (no)."),
        example="no",
    )
    year = YearParameter()
    from_ = FromParameter()
    to = ToParameter()
    as_of = AsOfParameter(help_text=_("Dated by this day, certainly or possibly (each row says which)."))
    basis = BasisParameter()

    needs = {"counterpart": "state"}
    # The second is the first from its end, so that one index serves both.
    orderings = {
        "-date": Order(_("latest first"), ("-date_earliest", "pk")),
        "date": Order(_("oldest first"), ("date_earliest", "-pk")),
        **BY_TITLE,
    }

    def narrow_counterpart(self, queryset, name, value):
        return queryset.linking(self.given("state"), value)
