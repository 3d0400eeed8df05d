"""List filters of the admin that stay usable, and true to partial dates, with ten thousand rows."""

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Max, Min, Q
from django.utils.translation import gettext_lazy as _

from apps.core.admin_widgets import KeyAutocompleteSelect
from apps.core.dates import EARLIEST, LATEST, BadDate, PartialDate

NOT_RECORDED = "none"


class WhenFilter(admin.SimpleListFilter):
    """By decade, then by year, in place of Django's date hierarchy.

    That one reads the earliest day alone: it would look for what happened in [1992..1997] under 1992 only, and for
    what is undated in the year 1. Here an entry is found in each year in which it may have happened or held.
    """

    title = _("date")
    parameter_name = "when"

    def __init__(self, request, params, model, model_admin):
        self.date = getattr(model, "main_date", "start")
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [*self._periods(model_admin.model), (NOT_RECORDED, _("not recorded"))]

    def _periods(self, model):
        first, last = self._years(model)
        chosen = str(self.used_parameters.get(self.parameter_name) or "")[:3]
        for decade in range(last // 10, first // 10 - 1, -1):
            yield f"{decade:03}X", _("%(year)ss") % {"year": f"{decade:03}0"}
            if f"{decade:03}" == chosen:
                years = range(min(decade * 10 + 9, last), max(decade * 10, first) - 1, -1)
                yield from ((f"{year:04}", f"– {year}") for year in years)

    def _years(self, model):
        earliest, latest = f"{self.date}_earliest", f"{self.date}_latest"
        found = model.objects.aggregate(
            first=Min(earliest, filter=Q(**{f"{earliest}__gt": EARLIEST})),
            begun=Max(earliest, filter=Q(**{f"{earliest}__gt": EARLIEST})),
            last=Max(latest, filter=Q(**{f"{latest}__lt": LATEST})),
        )
        years = [day.year for day in found.values() if day]
        return (min(years), max(years)) if years else (0, -1)

    def queryset(self, request, queryset):
        value = self.value()
        if not value:
            return queryset
        if value == NOT_RECORDED:
            return queryset.filter(**{self.date: ""})
        try:
            period = PartialDate.parse(value)
        except BadDate as error:
            raise IncorrectLookupParameters(str(error)) from error
        return queryset.between(period.earliest, period.latest)


class CitedFilter(admin.SimpleListFilter):
    """What still wants a source, and what sources disagree on."""

    title = _("citations")
    parameter_name = "cited"

    def lookups(self, request, model_admin):
        return [("no", _("not supported yet")), ("disputed", _("contradicted"))]

    def queryset(self, request, queryset):
        if self.value() == "no":
            return queryset.unsupported()
        if self.value() == "disputed":
            citation = queryset.model.citations.rel.related_model
            return queryset.filter(pk__in=citation.objects.filter(stance="contradicts").values("entry"))
        return queryset


class AutocompleteFilter(admin.FieldListFilter):
    """By one row of a table that grows: typed and chosen, where Django would list every row of it."""

    template = "admin/autocomplete_filter.html"

    def __init__(self, field, request, params, model, model_admin, field_path):
        self.parameter = f"{field_path}__{field.target_field.name}__exact"
        super().__init__(field, request, params, model, model_admin, field_path)
        self.remote = field.remote_field.model
        self.title = field.verbose_name
        self.site = model_admin.admin_site

    def expected_parameters(self):
        return [self.parameter]

    def has_output(self):
        return True

    def choices(self, changelist):
        """One item, which the template draws as a form that keeps the other parameters."""
        chosen = (self.used_parameters.get(self.parameter) or [""])[-1]
        widget = KeyAutocompleteSelect(self.field, self.site, attrs={"aria-label": self.title})
        # A form field, as the widget reads the rows to choose from there.
        field = forms.ModelChoiceField(self.remote._default_manager.all(), widget=widget, required=False)
        others = {name: values for name, values in changelist.filter_params.items() if name != self.parameter}
        yield {
            "select": field.widget.render(self.parameter, chosen, {"id": f"id_filter_{self.field_path}"}),
            "others": [(name, value) for name, values in others.items() for value in values],
            "clear": changelist.get_query_string(remove=[self.parameter]) if chosen else "",
        }
