from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin import EntryAdmin
from apps.core.admin_columns import CountColumn
from apps.people.models import Person, PersonCitation
from apps.sources.admin import CitationAdmin, CitationInline


class PersonCitationInline(CitationInline):
    model = PersonCitation


@admin.register(Person)
class PersonAdmin(EntryAdmin):
    list_display = [
        "name_en",
        "slug",
        "name_ru",
        CountColumn("offices", _("offices")),
        CountColumn("visits", _("visits")),
        "status",
    ]
    search_fields = ["search_text", "slug"]
    slug_from = ["name_en"]
    fieldsets = [
        (None, {"fields": ["name_en", "slug"]}),
        (_("Other names"), {"fields": ["name_kk", "name_ru", "aliases"]}),
        (_("Publication"), {"fields": ["status", "basis", "note", "wikidata_id"]}),
    ]
    inlines = [PersonCitationInline]


admin.site.register(PersonCitation, CitationAdmin)
