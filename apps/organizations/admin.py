from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.core.admin import DATE_GUIDE, PUBLICATION
from apps.core.admin_columns import CountColumn, date_column
from apps.core.admin_filters import AutocompleteFilter, WhenFilter
from apps.curation.admin import EntryAdmin
from apps.curation.admin_forms import EntryForm
from apps.organizations.models import (
    Membership,
    MembershipCitation,
    Office,
    OfficeCitation,
    Organization,
    OrganizationCitation,
    Succession,
    SuccessionCitation,
)
from apps.sources.admin import CitationAdmin, CitationInline


class OrganizationForm(EntryForm):
    def suggest_slug(self, cleaned):
        return [cleaned["abbreviation"] or cleaned["name_en"]]


class OrganizationCitationInline(CitationInline):
    model = OrganizationCitation


@admin.register(Organization)
class OrganizationAdmin(EntryAdmin):
    form = OrganizationForm
    list_display = [
        "name_en",
        "abbreviation",
        "kind",
        CountColumn("members", _("members")),
        CountColumn("agreement_parties", _("agreements"), listed="agreement"),
        "status",
    ]
    list_filter = [
        *EntryAdmin.list_filter,
        "kind",
        ("state", AutocompleteFilter),
        ("parent", AutocompleteFilter),
    ]
    search_fields = ["search_text", "abbreviation", "slug"]
    fieldsets = [
        (None, {"fields": ["name_en", "abbreviation", "slug", "kind"]}),
        (_("Other names"), {"fields": ["name_kk", "name_ru", "aliases"]}),
        (_("Time"), {"fields": ["founded", "dissolved"], "description": DATE_GUIDE}),
        (_("Place"), {"fields": ["seat", "state", "parent"]}),
        (_("Publication"), {"fields": ["basis", "note", "wikidata_id"]}),
    ]
    inlines = [OrganizationCitationInline]


class SuccessionForm(EntryForm):
    def suggest_slug(self, cleaned):
        return [cleaned["predecessor"].slug, cleaned["successor"].slug]


class SuccessionCitationInline(CitationInline):
    model = SuccessionCitation


@admin.register(Succession)
class SuccessionAdmin(EntryAdmin):
    form = SuccessionForm
    list_display = ["predecessor", "kind", "successor", date_column("date", _("date")), "status"]
    list_filter = [*EntryAdmin.list_filter, "kind"]
    list_select_related = ("predecessor", "successor")
    search_fields = ["predecessor__search_text", "successor__search_text", "slug"]
    fieldsets = [
        (None, {"fields": ["predecessor", "kind", "successor", "date"], "description": DATE_GUIDE}),
        PUBLICATION,
    ]
    inlines = [SuccessionCitationInline]


class MembershipForm(EntryForm):
    def suggest_slug(self, cleaned):
        member = cleaned.get("member_state") or cleaned.get("member_organization")
        standing = cleaned["standing"]
        return [member.public_id, cleaned["organization"].slug, "" if standing == "member" else standing]


class MembershipCitationInline(CitationInline):
    model = MembershipCitation


@admin.register(Membership)
class MembershipAdmin(EntryAdmin):
    form = MembershipForm
    list_display = [
        "member",
        "organization",
        "standing",
        date_column("start", _("start")),
        date_column("end", _("end"), order_by="end_latest"),
        "status",
    ]
    list_filter = [
        *EntryAdmin.list_filter,
        "standing",
        WhenFilter,
        ("member_state", AutocompleteFilter),
        ("organization", AutocompleteFilter),
    ]
    list_select_related = ("member_state", "member_organization", "organization")
    search_fields = [
        "member_state__search_text",
        "member_organization__search_text",
        "organization__search_text",
        "organization__abbreviation",
        "slug",
    ]
    fieldsets = [
        (
            _("Member"),
            {"fields": ["member_state", "member_organization"], "description": _("One of the two.")},
        ),
        (None, {"fields": ["organization", "standing", "founder"]}),
        (_("Time"), {"fields": ["start", "end", "attested"], "description": DATE_GUIDE}),
        PUBLICATION,
    ]
    inlines = [MembershipCitationInline]

    @admin.display(description=_("member"))
    def member(self, membership):
        return membership.member


class OfficeForm(EntryForm):
    def suggest_slug(self, cleaned):
        holder = cleaned.get("holder_person") or cleaned.get("holder_state")
        body = cleaned.get("body_state") or cleaned.get("body_organization")
        return [holder.public_id, cleaned["role"], body.public_id]


class OfficeCitationInline(CitationInline):
    model = OfficeCitation


@admin.register(Office)
class OfficeAdmin(EntryAdmin):
    form = OfficeForm
    list_display = [
        "holder",
        "called",
        "body",
        date_column("start", _("start")),
        date_column("end", _("end"), order_by="end_latest"),
        "status",
    ]
    list_filter = [
        *EntryAdmin.list_filter,
        "role",
        WhenFilter,
        ("holder_person", AutocompleteFilter),
        ("holder_state", AutocompleteFilter),
        ("body_state", AutocompleteFilter),
        ("body_organization", AutocompleteFilter),
    ]
    list_select_related = ("holder_person", "holder_state", "body_state", "body_organization")
    search_fields = [
        "holder_person__search_text",
        "holder_state__search_text",
        "body_state__search_text",
        "body_organization__search_text",
        "title",
        "slug",
    ]
    fieldsets = [
        (_("Holder"), {"fields": ["holder_person", "holder_state"], "description": _("One of the two.")}),
        (_("Post"), {"fields": ["role", "title"]}),
        (
            _("Body"),
            {
                "fields": ["body_state", "body_organization", "from_state"],
                "description": _("Either a state or an organization."),
            },
        ),
        (_("Time"), {"fields": ["start", "end", "attested"], "description": DATE_GUIDE}),
        PUBLICATION,
    ]
    inlines = [OfficeCitationInline]

    @admin.display(description=_("holder"))
    def holder(self, office):
        return office.holder

    @admin.display(description=_("post"))
    def called(self, office):
        return office.called

    @admin.display(description=_("body"))
    def body(self, office):
        return office.body


for citation in (OrganizationCitation, SuccessionCitation, MembershipCitation, OfficeCitation):
    admin.site.register(citation, CitationAdmin)
