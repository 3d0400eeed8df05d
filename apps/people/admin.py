from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin_columns import CountColumn
from apps.curation.admin import EntryAdmin
from apps.curation.admin_forms import EntryForm
from apps.people.models import Person, PersonCitation
from apps.sources.admin import CitationAdmin, CitationInline


class PersonForm(EntryForm):
    slug_help = _(
        "Surname first, e.g. nazarbayev-nursultan. Blank: made of the English name, its last word first."
    )

    def suggest_slug(self, cleaned):
        *given, surname = cleaned["name_en"].split()
        return [surname, *given]


class PersonCitationInline(CitationInline):
    model = PersonCitation


@admin.register(Person)
class PersonAdmin(EntryAdmin):
    form = PersonForm
    list_display = [
        "name_en",
        "slug",
        "name_ru",
        CountColumn("offices", _("offices")),
        CountColumn("visits", _("visits")),
        "status",
    ]
    search_fields = ["search_text", "slug"]
    fieldsets = [
        (None, {"fields": ["name_en", "slug"]}),
        (_("Other names"), {"fields": ["name_kk", "name_ru", "aliases"]}),
        (_("Publication"), {"fields": ["basis", "note", "wikidata_id"]}),
    ]
    inlines = [PersonCitationInline]


admin.site.register(PersonCitation, CitationAdmin)
