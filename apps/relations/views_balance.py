"""How the ties of the focal state are spread over partners and regions."""

from django.utils.translation import gettext_lazy as _

from apps.core.parameters import ChoiceField
from apps.organizations.models import Membership
from apps.relations.balance import LENGTHS, MEMBERSHIP, Balance
from apps.relations.balance_picture import BalancePicture
from apps.relations.chart_forms import ChartForm
from apps.relations.views_charts import ChartFile, ChartView
from apps.relations.views_years import kind_choices
from apps.states.models import State


class BalanceForm(ChartForm):
    kind = ChoiceField(
        choices=[*kind_choices(), (MEMBERSHIP, Membership._meta.verbose_name_plural)],
        label=_("Kind"),
        empty_label=_("visits, agreements and events"),
    )
    region = ChoiceField(choices=State.Region.choices, label=_("Region"))
    # The usual one first, which the form shows where none is asked for.
    years = ChoiceField(
        choices=[(str(length), str(length)) for length in LENGTHS],
        label=_("Years of a period"),
        empty_label=None,
    )
    field_order = ["kind", "region", "years", "as_of"]


class BalanceView(ChartView):
    form_class = BalanceForm
    chart = Balance.of
    picture = BalancePicture
    name = "balance"
    title = _("Balance of ties")
    template_name = "relations/balance.html"


class BalanceFile(ChartFile):
    page = BalanceView
