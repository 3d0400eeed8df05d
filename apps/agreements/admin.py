from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.agreements.admin_forms import ActionForm, ActionFormSet, PartyFormSet
from apps.agreements.models import Action, Agreement, AgreementCitation, AgreementLink, Party, Subject
from apps.core.admin import DATE_GUIDE, PUBLICATION, PartAdmin, PartInline, RecordAdmin
from apps.core.admin_columns import CountColumn, date_column
from apps.core.admin_filters import AutocompleteFilter, WhenFilter
from apps.core.admin_forms import RecordForm
from apps.curation.admin import EntryAdmin
from apps.curation.admin_forms import TitledForm
from apps.sources.admin import CitationAdmin, CitationInline


@admin.register(Subject)
class SubjectAdmin(RecordAdmin):
    form = RecordForm
    list_display = ["name_en", "name_kk", "name_ru", "slug", CountColumn("agreements", _("agreements"))]
    search_fields = ["name_en", "name_kk", "name_ru", "slug"]
    fields = ["name_en", "name_kk", "name_ru", "slug"]
    prepopulated_fields = {"slug": ["name_en"]}


class PartyInline(PartInline):
    model = Party
    formset = PartyFormSet
    whole = "agreement"
    fields = ["party_state", "party_organization", "acting_through"]


class ActionInline(PartInline):
    """What the parties did, on the page of the agreement, though an action hangs on its party."""

    model = Action
    form = ActionForm
    formset = ActionFormSet
    fields = ["party_state", "party_organization", "kind", "date"]

    def __init__(self, parent_model, admin_site):
        super().__init__(Party, admin_site)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.fk = None  # Else the page would want a hidden field with the party.
        return formset

    # Shown to those who may only view, under the names of the form's fields.
    @admin.display(description=_("state"))
    def party_state(self, action):
        return action.party.party_state

    @admin.display(description=_("organization"))
    def party_organization(self, action):
        return action.party.party_organization

    @classmethod
    def history_of(cls, object_id):
        parties = Party.history.filter(agreement_id=object_id)
        return Action.history.filter(party_id__in=parties.values("id"))


class LinkInline(PartInline):
    model = AgreementLink
    fk_name = whole = "agreement"
    fields = ["kind", "other"]


class AgreementCitationInline(CitationInline):
    model = AgreementCitation


@admin.register(Agreement)
class AgreementAdmin(EntryAdmin):
    form = TitledForm
    list_display = [
        "title",
        "kind",
        date_column("signed", _("signed")),
        CountColumn("parties", _("parties")),
        "status",
    ]
    list_filter = [
        *EntryAdmin.list_filter,
        WhenFilter,
        "kind",
        ("parties__party_state", AutocompleteFilter),
        ("parties__party_organization", AutocompleteFilter),
        ("subjects", AutocompleteFilter),
        ("concluded_during", AutocompleteFilter),
        ("concluded_at", AutocompleteFilter),
        ("projects", AutocompleteFilter),
    ]
    search_fields = [
        "search_text",
        "parties__party_state__search_text",
        "parties__party_organization__search_text",
        "slug",
    ]
    fieldsets = [
        (None, {"fields": ["title", "kind", "subjects", "projects"]}),
        (
            _("Time and place"),
            {
                "fields": [
                    "signed",
                    "in_force",
                    "ended",
                    "period",
                    "place",
                    "concluded_during",
                    "concluded_at",
                ],
                "description": DATE_GUIDE,
            },
        ),
        (_("Extent"), {"fields": [("amount", "currency"), ("instruments", "instruments_approximate")]}),
        PUBLICATION,
    ]
    inlines = [PartyInline, ActionInline, LinkInline, AgreementCitationInline]


@admin.register(Party)
class PartyAdmin(PartAdmin):
    list_display = ["agreement", "party_state", "party_organization", "acting_through"]
    list_filter = [("party_state", AutocompleteFilter), ("party_organization", AutocompleteFilter)]
    list_select_related = ("agreement", "party_state", "party_organization", "acting_through")
    search_fields = ["agreement__search_text", "party_state__search_text", "party_organization__search_text"]


@admin.register(Action)
class ActionAdmin(PartAdmin):
    list_display = ["party", "kind", date_column("date", _("date")), "agreement"]
    list_filter = ["kind"]
    list_select_related = ("party__agreement", "party__party_state", "party__party_organization")
    search_fields = ["party__agreement__search_text", "party__party_state__search_text"]

    @admin.display(description=_("agreement"))
    def agreement(self, action):
        return action.party.agreement


@admin.register(AgreementLink)
class AgreementLinkAdmin(PartAdmin):
    list_display = ["agreement", "kind", "other"]
    list_filter = ["kind"]
    list_select_related = ("agreement", "other")
    search_fields = ["agreement__search_text", "other__search_text"]


admin.site.register(AgreementCitation, CitationAdmin)
