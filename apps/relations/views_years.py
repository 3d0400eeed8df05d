"""How much is recorded of each year."""

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from apps.core.parameters import ANY, ChoiceField
from apps.core.time_parameters import YearField
from apps.relations.chart_forms import ChartForm
from apps.relations.models import KINDS
from apps.relations.views_charts import ChartFile, ChartView
from apps.relations.years import COUNTED, MOST_YEARS, Years
from apps.relations.years_picture import YearsPicture
from apps.states.filters import StateField
from apps.states.models import State


def kind_choices():
    return [(kind, KINDS[kind]._meta.verbose_name_plural) for kind in COUNTED]


class YearsForm(ChartForm):
    kind = ChoiceField(choices=kind_choices(), label=gettext_lazy("Kind"))
    state = StateField(State.objects.published(), label=gettext_lazy("State"), empty_label=ANY)

    def __init__(self, data):
        super().__init__(data)
        # Two names that Python does not let a class give.
        for name, label in (("from", gettext_lazy("From")), ("to", gettext_lazy("To"))):
            widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "placeholder": "YYYY"})
            self.fields[name] = YearField(label=label, required=False, widget=widget)
        self.order_fields(["kind", "state", "from", "to", "as_of"])

    def clean(self):
        given = super().clean()
        first, last = given.get("from"), given.get("to")
        if first and last and last.earliest < first.earliest:
            self.add_error("to", _("%(to)s lies before %(from)s.") % {"to": last, "from": first})
        elif first and last and last.earliest.year - first.earliest.year >= MOST_YEARS:
            self.add_error("to", _("Ask for no more than %(most)s years.") % {"most": MOST_YEARS})
        return given


class YearsView(ChartView):
    form_class = YearsForm
    chart = Years.of
    picture = YearsPicture
    name = "years"
    title = gettext_lazy("Year by year")
    template_name = "relations/years.html"


class YearsFile(ChartFile):
    page = YearsView
