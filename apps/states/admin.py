from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin import DATE_GUIDE, RecordAdmin
from apps.core.admin_columns import CountColumn
from apps.core.admin_filters import AutocompleteFilter
from apps.curation.admin import EntryAdmin
from apps.curation.admin_forms import EntryForm
from apps.sources.admin import CitationAdmin, CitationInline
from apps.states.models import Place, State, StateCitation


class StateForm(EntryForm):
    """Codes are taken in either case and kept in capitals, so that `chn` is found to be there already."""

    def clean_code(self):
        return self.cleaned_data["code"].upper()

    def clean_alpha2(self):
        return self.cleaned_data["alpha2"].upper()


class StateCitationInline(CitationInline):
    model = StateCitation


@admin.register(State)
class StateAdmin(EntryAdmin):
    form = StateForm
    list_display = [
        "name_en",
        "code",
        CountColumn("memberships", _("memberships")),
        CountColumn("visits_out", _("visits out")),
        CountColumn("visits_in", _("visits in")),
        CountColumn("agreement_parties", _("agreements"), listed="agreement"),
        "status",
    ]
    list_filter = [*EntryAdmin.list_filter, "kind", "region"]
    search_fields = ["search_text", "code", "alpha2"]
    fieldsets = [
        (None, {"fields": ["code", ("alpha2", "numeric"), "kind", "region"]}),
        (_("Names"), {"fields": ["name_en", "name_kk", "name_ru", "aliases"]}),
        (_("Time"), {"fields": ["begin", "ended", "predecessor"], "description": DATE_GUIDE}),
        (_("Publication"), {"fields": ["basis", "note", "wikidata_id"]}),
    ]
    inlines = [StateCitationInline]

    def keeps_public_id(self, obj):
        """From the first: everything refers to a state by its code."""
        return bool(obj and obj.pk and State.objects.filter(pk=obj.pk).exists())


@admin.register(Place)
class PlaceAdmin(RecordAdmin):
    list_display = ["name_en", "state", "slug", "name_kk", "name_ru"]
    list_filter = [("state", AutocompleteFilter)]
    list_select_related = ("state",)
    search_fields = ["search_text", "slug", "state__search_text"]
    prepopulated_fields = {"slug": ["name_en"]}
    fieldsets = [
        (None, {"fields": ["name_en", "slug", "state", "note"]}),
        (_("Other names"), {"fields": ["name_kk", "name_ru", "aliases"]}),
    ]


admin.site.register(StateCitation, CitationAdmin)
