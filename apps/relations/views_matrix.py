"""States by organizations."""

from functools import cached_property

from babel.lists import format_list
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import get_language, gettext as _, gettext_lazy

from apps.core.parameters import ChoiceField
from apps.core.views_day import ROWS
from apps.organizations.models import Membership, Organization
from apps.relations.chart_forms import ChartForm, EntriesField
from apps.relations.matrix import BY_NAME, BY_NUMBER, MOST_NAMED, Matrix
from apps.relations.views_charts import ChartFile, ChartView
from apps.states.models import State

# In the selects of the form; more than these have no use there, and are asked for by the address.
MOST_OPTIONS = 300


class SortField(forms.Field):
    """By name, by number, or by the status in an organization, which is given by its slug."""

    widget = forms.HiddenInput

    def clean(self, value):
        if not value or value in (BY_NAME, BY_NUMBER):
            return value or ""
        found = Organization.objects.published().filter(slug=value).first()
        if found is None:
            raise forms.ValidationError(
                _("Sort by name, by number, or by the slug of a published organization.")
            )
        return found


class MatrixForm(ChartForm):
    organization = EntriesField(
        Organization.objects.published, most=MOST_NAMED, label=gettext_lazy("Organizations")
    )
    state = EntriesField(State.objects.published, most=MOST_NAMED, label=gettext_lazy("States"))
    region = ChoiceField(choices=State.Region.choices, label=gettext_lazy("Region"))
    kind = ChoiceField(choices=Organization.Kind.choices, label=gettext_lazy("Kind of organization"))
    sort = SortField(label=gettext_lazy("Order"))

    def __init__(self, data):
        super().__init__(data)
        # A name that Python does not let a class give.
        self.fields["in"] = EntriesField(
            Organization.objects.published, most=5, label=gettext_lazy("In each of")
        )
        for field in self.fields.values():
            field.required = False
        self.order_fields(["in", "organization", "state", "region", "kind", "sort", "as_of"])

    def _shown(self, name):
        value = self.given(name)
        return str(value) if isinstance(value, Organization) else super()._shown(name)

    @cached_property
    def organizations(self):
        """[(slug, what it is called in short)] of those to which states belong, to choose from."""
        members = Membership.objects.published().filter(
            member_state__isnull=False, organization=OuterRef("pk")
        )
        rows = Organization.objects.published().filter(Exists(members)).order_by("name_en", "pk")
        named = [(row.slug, row.short_name) for row in rows[:MOST_OPTIONS]]
        return sorted(named, key=lambda option: option[1].casefold())

    @cached_property
    def states(self):
        members = Membership.objects.published().filter(member_state=OuterRef("pk"))
        rows = State.objects.published().filter(Exists(members))[:MOST_OPTIONS]
        return sorted(((row.code, row.name) for row in rows), key=lambda option: option[1].casefold())

    @property
    def selects(self):
        """(parameter, label, options, values) for each that may be given several times: one more than is given."""
        for name, options, least in (("in", self.organizations, 2), ("state", self.states, 1)):
            given = list(filter(None, self.data.getlist(name)))[: self.fields[name].most]
            yield name, self.fields[name].label, options, [*given, *[""] * max(least - len(given), 1)]

    @property
    def named(self):
        return self.data.getlist("organization")

    @property
    def plain(self):
        return [self[name] for name in ("region", "kind")]


class MatrixView(ChartView):
    form_class = MatrixForm
    chart = Matrix.of
    name = "matrix"
    title = gettext_lazy("States and organizations")
    template_name = "relations/matrix.html"
    day_means = ROWS

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        matrix, form = context["chart"], context["form"]
        if matrix is None:
            return context
        columns = [
            (row, form.query(sort=row.slug), row == matrix.sort, row in matrix.common)
            for row in matrix.organizations
        ]
        return context | {
            "columns": columns,
            "by_name": form.query(sort=BY_NAME),
            "by_number": form.query(sort=BY_NUMBER),
            "common": told_in_common(matrix.in_common),
        }


class MatrixFile(ChartFile):
    page = MatrixView


def told_in_common(common):
    """(organizations, who certainly, who possibly) in words; "" of nobody."""
    if common is None:
        return None
    language = get_language() or "en"
    lists = (
        [row.short_name for row in common.organizations],
        [row.name for row in common.certain],
        [row.name for row in common.possible],
    )
    return [format_list(names, locale=language) if names else "" for names in lists]
