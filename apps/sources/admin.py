from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from apps.core.admin import DATE_GUIDE, PartAdmin, PartInline, RecordAdmin
from apps.core.admin_columns import CountColumn, date_column
from apps.core.admin_filters import AutocompleteFilter
from apps.core.admin_forms import PartFormSet, RecordForm, slug_of
from apps.curation.admin_forms import UNCITED
from apps.sources.models import Citation, Passage, Source


class SourceForm(RecordForm):
    def suggest_slug(self, cleaned):
        surname = cleaned["authors"].split(";")[0].split(",")[0]
        return [surname, str(cleaned["date"])[:4], " ".join(cleaned["title"].split()[:6])]


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    form = SourceForm
    list_display = [
        "title",
        "authors",
        "kind",
        date_column("date", _("date")),
        CountColumn("passages", _("passages")),
    ]
    list_filter = ["kind", "language"]
    search_fields = ["title", "authors", "container", "slug"]
    fieldsets = [
        (None, {"fields": ["kind", "title", "authors", "container", "publisher", "slug"]}),
        (
            _("When and where"),
            {"fields": ["date", "url", "archived_url", "accessed"], "description": DATE_GUIDE},
        ),
        (_("Notes"), {"fields": ["language", "note"]}),
    ]


class PassageForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._may_be_blank(
            "anchor", _("Names the passage within its source, e.g. bilateral-3. Blank: one is made.")
        )
        self._may_be_blank("position", _("Its place in the order of the source. Blank: after the last one."))

    def _may_be_blank(self, name, help_text):
        if name in self.fields:
            self.fields[name].required = False
            self.fields[name].help_text = help_text

    def clean(self):
        cleaned = super().clean()
        if "position" not in self.errors and cleaned.get("position") is None and cleaned.get("source"):
            last = cleaned["source"].passages.aggregate(last=Max("position"))["last"] or 0
            cleaned["position"] = last + 1
        if "anchor" not in self.errors and not cleaned.get("anchor"):
            cleaned["anchor"] = self._anchor(cleaned)
        return cleaned

    def _anchor(self, cleaned):
        """The section, shortened to leave room, with the paragraph or the page."""
        page = cleaned.get("page")
        number = cleaned.get("paragraph") or (page and f"p-{page}")
        return slug_of(slug_of(cleaned.get("section"))[:55], number)


@admin.register(Passage)
class PassageAdmin(RecordAdmin):
    form = PassageForm
    list_display = ["locator", "source", "position", "anchor", "research", "reason"]
    list_filter = [("source", AutocompleteFilter), "research"]
    list_select_related = ("source",)
    search_fields = ["source__title", "source__authors", "section", "anchor", "page"]
    readonly_fields = ["cited_by"]
    fieldsets = [
        (None, {"fields": ["source", "section", "paragraph", "page", "position", "anchor"]}),
        (_("Research"), {"fields": ["research", "reason", "cited_by"]}),
    ]

    def left_to_do(self):
        """For the desk: (source, number of its passages that have more to encode, the list of them) of each source."""
        listed = reverse("admin:sources_passage_changelist")
        for source in Source.objects.with_research("open").for_list().order_by("pk"):
            query = urlencode({"source__id__exact": source.pk, "research__exact": "open"})
            yield source, source.open_count, f"{listed}?{query}"

    @admin.display(description=_("locator"), ordering="position")
    def locator(self, passage):
        return passage.locator

    @admin.display(description=_("cited by"))
    def cited_by(self, passage):
        """Every entry that rests on it, of whatever kind, so that a curator can check it paragraph by paragraph."""
        if passage.pk is None:
            return _("Nothing yet.")
        kinds = [self.admin_site.get_model_admin(model) for model in Citation.__subclasses__()]
        citations = [
            row
            for kind in kinds
            for row in kind.model.objects.filter(passage=passage).select_related(*kind.list_select_related)
        ]
        lines = [
            (_change_url(row.entry), capfirst(row.entry._meta.verbose_name), row.entry) for row in citations
        ]
        return format_html_join("", '<div><a href="{}">{}: {}</a></div>', lines) or _("Nothing yet.")


def _change_url(entry):
    return reverse(f"admin:{entry._meta.app_label}_{entry._meta.model_name}_change", args=[entry.pk])


class CitationFormSet(PartFormSet):
    def clean(self):
        super().clean()
        if self.instance.status != "published" or any(self.errors):
            return
        if not any(row.cleaned_data["stance"] == "supports" for row in self.kept_forms()):
            raise ValidationError(UNCITED, code="uncited")


class CitationInline(PartInline):
    """The passages that an entry rests on. Subclasses name the citation table of theirs as `model`."""

    formset = CitationFormSet
    fields = ["passage", "field", "stance", "claim", "note"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "field":
            return forms.ChoiceField(
                label=pgettext_lazy("what a citation speaks of", "about"),
                choices=citable_choices(self.model),
                required=False,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def citable_choices(citation):
    """The names of `citable_fields()`, each with the reader's word for it, in alphabetical order of the words."""
    fields = {field.name: field for field in citation.entry_model()._meta.get_fields()}
    choices = [(name, str(_label(fields[name]))) for name in citation.citable_fields()]
    return [("", _("the whole entry")), *sorted(choices, key=lambda choice: choice[1])]


def _label(field):
    """Of a field, or of the parts that a relation leads to."""
    return getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name_plural


class CitationAdmin(PartAdmin):
    list_display = ["entry", "passage", "field", "stance", "claim"]
    list_filter = ["stance"]
    search_fields = ["claim", "passage__section", "passage__source__title"]

    @cached_property
    def list_select_related(self):
        entry = self.admin_site.get_model_admin(self.model.entry_model())
        return ("entry", "passage__source", *(f"entry__{name}" for name in entry.list_select_related))
