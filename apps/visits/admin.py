from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin import DATE_GUIDE, PUBLICATION
from apps.core.admin_columns import CountColumn, date_column
from apps.core.admin_filters import AutocompleteFilter, WhenFilter
from apps.curation.admin import EntryAdmin
from apps.curation.admin_forms import EntryForm
from apps.sources.admin import CitationAdmin, CitationInline
from apps.visits.models import Visit, VisitCitation


class VisitForm(EntryForm):
    def suggest_slug(self, cleaned):
        """As nazarbayev-chn-1993-10: surname, host, date."""
        surname = cleaned["visitor"].slug.split("-")[0]
        return [surname, cleaned["host"].code, cleaned["date"]]


class VisitCitationInline(CitationInline):
    model = VisitCitation


@admin.register(Visit)
class VisitAdmin(EntryAdmin):
    form = VisitForm
    list_display = [
        "visitor",
        "sent_by",
        "host",
        date_column("date", _("date")),
        CountColumn("outcomes", _("agreements")),
        "status",
    ]
    list_filter = [
        *EntryAdmin.list_filter,
        WhenFilter,
        ("visitor", AutocompleteFilter),
        ("sent_by_state", AutocompleteFilter),
        ("host", AutocompleteFilter),
        ("event", AutocompleteFilter),
        "kind",
        "capacity",
    ]
    list_select_related = ("visitor", "sent_by_state", "sent_by_organization", "host")
    search_fields = [
        "visitor__search_text",
        "sent_by_state__search_text",
        "sent_by_organization__search_text",
        "host__search_text",
        "occasion",
        "slug",
    ]
    fieldsets = [
        (_("Who"), {"fields": ["visitor", "capacity", "sent_by_state", "sent_by_organization"]}),
        (_("Where, and whom"), {"fields": ["host", "places", "met"]}),
        (
            _("When, and what for"),
            {"fields": ["date", "kind", "occasion", "event", "discussed"], "description": DATE_GUIDE},
        ),
        PUBLICATION,
    ]
    inlines = [VisitCitationInline]

    @admin.display(description=_("sent by"))
    def sent_by(self, visit):
        return visit.sent_by


admin.site.register(VisitCitation, CitationAdmin)
