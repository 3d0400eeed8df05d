from django.contrib import admin
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.admin import DATE_GUIDE, PUBLICATION, PartAdmin, PartInline
from apps.core.admin_columns import CountColumn, date_column
from apps.core.admin_filters import AutocompleteFilter, WhenFilter
from apps.curation.admin import EntryAdmin
from apps.curation.admin_forms import TitledForm
from apps.events.models import Event, EventCitation, Participant, Project, ProjectCitation, ProjectParty
from apps.sources.admin import CitationAdmin, CitationInline


class ParticipantInline(PartInline):
    model = Participant
    whole = "event"
    fields = ["participant_state", "participant_organization", "participant_person", "role", "note"]


class EventCitationInline(CitationInline):
    model = EventCitation


@admin.register(Event)
class EventAdmin(EntryAdmin):
    form = TitledForm
    list_display = [
        "title",
        "kind",
        date_column("date", _("date")),
        "place",
        CountColumn("participants", _("participants")),
        "status",
    ]
    list_filter = [
        *EntryAdmin.list_filter,
        WhenFilter,
        "kind",
        ("participants__participant_state", AutocompleteFilter),
        ("participants__participant_organization", AutocompleteFilter),
        ("participants__participant_person", AutocompleteFilter),
    ]
    list_select_related = ("place",)
    search_fields = [
        "search_text",
        "participants__participant_state__search_text",
        "participants__participant_organization__search_text",
        "participants__participant_person__search_text",
        "slug",
    ]
    fieldsets = [
        (None, {"fields": ["title", "kind", "summary"]}),
        (_("Time and place"), {"fields": ["date", "place"], "description": DATE_GUIDE}),
        PUBLICATION,
    ]
    inlines = [ParticipantInline, EventCitationInline]


SPAN_GUIDE = _(
    "Start: when work began, or it was launched. End: when it was over. Attested: when the source says that it was "
    "going on. What was only put forward has the date when it was proposed, and no span."
)


class ProjectPartyInline(PartInline):
    model = ProjectParty
    whole = "project"
    fields = ["party_state", "party_organization", "role", "note"]


class ProjectCitationInline(CitationInline):
    model = ProjectCitation


@admin.register(Project)
class ProjectAdmin(EntryAdmin):
    form = TitledForm
    list_display = [
        "title",
        "kind",
        "stage",
        date_column("start", _("start")),
        CountColumn("parties", _("parties")),
        "status",
    ]
    list_filter = [
        *EntryAdmin.list_filter,
        WhenFilter,
        "kind",
        "stage",
        ("parties__party_state", AutocompleteFilter),
        ("parties__party_organization", AutocompleteFilter),
    ]
    search_fields = [
        "search_text",
        "parties__party_state__search_text",
        "parties__party_organization__search_text",
        "slug",
    ]
    fieldsets = [
        (None, {"fields": ["title", "kind", "summary", "place"]}),
        (
            _("Time"),
            {
                "fields": ["proposed", "start", "end", "attested"],
                "description": format_lazy("{}{}", SPAN_GUIDE, DATE_GUIDE),
            },
        ),
        (_("Progress"), {"fields": [("stage", "stage_date")]}),
        PUBLICATION,
    ]
    inlines = [ProjectPartyInline, ProjectCitationInline]


@admin.register(Participant)
class ParticipantAdmin(PartAdmin):
    list_display = ["event", "participant_state", "participant_organization", "participant_person", "role"]
    list_filter = [
        "role",
        ("participant_state", AutocompleteFilter),
        ("participant_organization", AutocompleteFilter),
        ("participant_person", AutocompleteFilter),
    ]
    list_select_related = (
        "event",
        "participant_state",
        "participant_organization",
        "participant_person",
    )
    search_fields = ["event__search_text", "participant_state__search_text"]


@admin.register(ProjectParty)
class ProjectPartyAdmin(PartAdmin):
    list_display = ["project", "party_state", "party_organization", "role"]
    list_filter = ["role", ("party_state", AutocompleteFilter), ("party_organization", AutocompleteFilter)]
    list_select_related = ("project", "party_state", "party_organization")
    search_fields = ["project__search_text", "party_state__search_text"]


for citation in (EventCitation, ProjectCitation):
    admin.site.register(citation, CitationAdmin)
