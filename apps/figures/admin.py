from django.contrib import admin
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from apps.core.admin import DATE_GUIDE, PUBLICATION
from apps.core.admin_columns import date_column
from apps.core.admin_filters import AutocompleteFilter, WhenFilter
from apps.curation.admin import EntryAdmin
from apps.curation.admin_forms import TitledForm
from apps.figures.models import Figure, FigureCitation
from apps.sources.admin import CitationAdmin, CitationInline


class FigureCitationInline(CitationInline):
    model = FigureCitation


@admin.register(Figure)
class FigureAdmin(EntryAdmin):
    form = TitledForm
    list_display = ["title", "measure", "words", date_column("date", _("date")), "of", "status"]
    list_filter = [
        *EntryAdmin.list_filter,
        WhenFilter,
        "measure",
        "target",
        ("of_state", AutocompleteFilter),
        ("of_organization", AutocompleteFilter),
        ("with_state", AutocompleteFilter),
    ]
    list_select_related = ("of_state", "of_organization")
    search_fields = [
        "search_text",
        "of_state__search_text",
        "of_organization__search_text",
        "with_state__search_text",
        "with_organization__search_text",
        "slug",
    ]
    fieldsets = [
        (None, {"fields": ["title", "measure"]}),
        (
            _("Number"),
            {
                "fields": [
                    ("comparison", "value"),
                    ("unit", "currency"),
                    ("approximate", "target", "total"),
                    "according_to",
                ]
            },
        ),
        (_("Time"), {"fields": ["date"], "description": DATE_GUIDE}),
        (
            _("Of whom"),
            {"fields": ["of_state", "of_organization"], "description": _("One of the two.")},
        ),
        (
            _("With whom"),
            {
                "fields": ["with_state", "with_organization"],
                "description": _("One of the two, or neither."),
            },
        ),
        (_("Told of"), {"fields": ["event", "project", "agreement"]}),
        PUBLICATION,
    ]
    inlines = [FigureCitationInline]

    @admin.display(description=_("figure"), ordering="value")
    def words(self, figure):
        return figure.words

    @admin.display(description=pgettext_lazy("column: whose figure it is", "of"))
    def of(self, figure):
        return figure.of


admin.site.register(FigureCitation, CitationAdmin)
