"""What the admin pages of all models share: choosing by typing, history, publication, calm about odd requests."""

from contextlib import suppress

from django.contrib import admin
from django.contrib.admin import actions
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import FieldError, PermissionDenied, SuspiciousOperation, ValidationError
from django.db import DatabaseError, IntegrityError, models
from django.db.models.sql import Query
from django.forms import Media, Textarea
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from apps.core.admin_columns import CountColumn
from apps.core.admin_forms import ConstrainedForm, KeyChoicesField, PartFormSet, RecordForm, is_key
from apps.core.admin_history import HistoryOfParts, HistoryPages
from apps.core.admin_widgets import KeyAutocompleteSelect, KeyAutocompleteSelectMultiple
from apps.core.changes import together
from apps.core.outages import outage_in
from apps.core.text import fold

admin.site.site_header = admin.site.site_title = "kzforeign"
admin.site.index_title = _("Curating the database")

# The description of a fieldset that has partial dates. A template, as it is long and needs translating.
DATE_GUIDE = lazy(lambda: render_to_string("admin/date_notation.html"), str)()
# The fieldset of an entry that is known by its slug.
PUBLICATION = (_("Publication"), {"fields": ["slug", "basis", "note"]})
# What a filter with a wrong value ends in, on one database or the other: 10**30, the year 0, a broken regex.
WRONG_VALUE = (ValueError, TypeError, ArithmeticError, IndexError, ValidationError, DatabaseError)
# By which the filters and links of lists ask for rows.
COMPARISONS = {"exact", "in", "isnull", "gt", "gte", "lt", "lte"}
# The pages of a list, by the ends of their names.
LISTS = ("_changelist", "_export")
SEARCHED_WORDS = 10
# How often a page is checked anew where others save the same name at the same time.
TRIES = 5


def is_compared_plainly(model, lookup):
    """Whether a parameter of a list is a column, or one and one of COMPARISONS; what is no column, Django tells."""
    try:
        comparison = Query(model).solve_lookup_type(lookup)[0]
    except FieldError:
        return True
    return not comparison or len(comparison) == 1 and comparison[0] in COMPARISONS


class ChoosingAdmin:
    """For pages and inlines: every foreign key is chosen by typing, since every table may grow."""

    def get_autocomplete_fields(self, request):
        relations = (*self.opts.fields, *self.opts.many_to_many)
        return [
            f.name for f in relations if f.remote_field and self.admin_site.is_registered(f.related_model)
        ]

    # Beside a choice, links to add a row and (not in a table of parts) to change the one chosen; none to delete it.
    offers_change = True

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
            field.widget.can_change_related &= self.offers_change
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeyAutocompleteSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("form_class", KeyChoicesField)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", KeyAutocompleteSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_field_queryset(self, db, db_field, request):
        """With what the label of a row reads, which would otherwise be fetched for each chosen row."""
        queryset = super().get_field_queryset(db, db_field, request)
        if queryset is None:
            queryset = db_field.related_model._default_manager.all()
        if not self.admin_site.is_registered(db_field.related_model):
            return queryset
        related = self.admin_site.get_model_admin(db_field.related_model).list_select_related
        return queryset.select_related(*related) if related else queryset


class CalmLists:
    """For pages: a list asked for with a value that its column cannot have answers as Django does to a wrong filter."""

    def lookup_allowed(self, lookup, value, request):
        """Of the columns of the model itself Django allows any comparison.

        A regular expression may take any time: SQLite has Python match it, which no limit on statements ends.
        """
        return is_compared_plainly(self.model, lookup) and super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request, extra_context=None):
        if not all(is_key(key) for key in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise SuspiciousOperation("A selected row is no row.")
        try:
            if request.method == "POST":
                # An action is not tried like this: what it may fail at is not to be taken for a wrong filter.
                self._count(request)
            else:
                response = super().changelist_view(request, extra_context)
                return response.render() if hasattr(response, "render") else response
        except WRONG_VALUE as error:
            if request.GET.keys() <= {ERROR_FLAG} or outage_in(error):
                raise
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        return super().changelist_view(request, extra_context)

    def _count(self, request):
        with suppress(IncorrectLookupParameters):
            self.get_changelist_instance(request)


class BaseAdmin(ChoosingAdmin, CalmLists, admin.ModelAdmin):
    form = ConstrainedForm
    list_select_related = ()
    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
    }

    @property
    def media(self):
        """With what filters chosen by typing need on a list, where no form brings it along."""
        choosing = KeyAutocompleteSelect(None, self.admin_site).media
        return super().media + choosing + Media(css={"all": ["kzforeign/admin.css"]})

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        if self.list_select_related:
            queryset = queryset.select_related(*self.list_select_related)
        if request.resolver_match and request.resolver_match.url_name.endswith(LISTS):
            for column in self.get_list_display(request):
                if isinstance(column, CountColumn):
                    queryset = queryset.annotate(**column.annotation(self.model))
        return queryset

    def get_search_results(self, request, queryset, search_term):
        """Names are searched in their folded columns, where there are any, and so for the folded term.

        Of many words only the first are looked for: each adds a condition on every column searched, and PostgreSQL
        was seen to plan for minutes over some thousands of them.
        """
        if any(name.endswith("search_text") for name in self.get_search_fields(request)):
            search_term = fold(search_term)
        words = list(dict.fromkeys(search_term.split()))[:SEARCHED_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))

    def get_changeform_initial_data(self, request):
        """Without keys in the address that cannot be keys."""
        initial = super().get_changeform_initial_data(request)
        relations = [field for field in (*self.opts.fields, *self.opts.many_to_many) if field.remote_field]
        for name in {field.name for field in relations} & initial.keys():
            keys = initial[name] if isinstance(initial[name], list) else [initial[name]]
            if not all(is_key(key) for key in keys):
                del initial[name]
        return initial

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Somebody else may save the same row after this one was checked: checked again, the form says so."""
        for _try in range(TRIES):
            with suppress(IntegrityError):
                return self._changed_at_once(request, object_id, form_url, extra_context)
        return self._changed_at_once(request, object_id, form_url, extra_context)

    def _changed_at_once(self, request, *args):
        if request.method != "POST":
            return super().changeform_view(request, *args)
        # Whoever saves meanwhile waits until this is checked and saved.
        with together():
            return super().changeform_view(request, *args)

    def delete_view(self, request, object_id, extra_context=None):
        """What keeps a row from being deleted is looked for when it is its turn: it may have been published since."""
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with together():
            return super().delete_view(request, object_id, extra_context)


class RecordAdmin(HistoryOfParts, BaseAdmin, SimpleHistoryAdmin):
    """For a model whose every change is kept, with a reason that the curator may give."""

    form = RecordForm

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if not (self.has_change_permission(request, obj) if obj else self.has_add_permission(request)):
            return fieldsets
        return [*fieldsets, (_("This change"), {"fields": ["change_reason"]})]

    def get_fields(self, request, obj=None):
        return [name for name in super().get_fields(request, obj) if name != "change_reason"]

    def save_model(self, request, obj, form, change):
        obj._change_reason = form.cleaned_data.get("change_reason") or None
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        for row in formset.forms:
            row.instance._change_reason = form.cleaned_data.get("change_reason") or None
        super().save_formset(request, form, formset, change)

    def view_on_site(self, obj):
        try:
            return obj.get_absolute_url()
        except (AttributeError, NoReverseMatch):
            return None  # A kind without a page of its own.


class PartAdmin(HistoryPages, BaseAdmin, SimpleHistoryAdmin):
    """A part of an entry, for reading and for its history: it is edited on the page of the whole.

    There only can it be checked against the other parts, and the whole be marked as changed by somebody.
    """

    form = ConstrainedForm
    actions = None

    def has_module_permission(self, request):
        return False  # Not on the index: one comes here from the whole.

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def delete_view(self, request, object_id, extra_context=None):
        # Not by has_delete_permission: whoever deletes the whole needs that for its parts.
        raise PermissionDenied

    def render_change_form(self, request, context, *args, **kwargs):
        return super().render_change_form(request, {**context, "show_delete": False}, *args, **kwargs)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        if request.method != "GET":
            raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)


class PartInline(ChoosingAdmin, admin.TabularInline):
    """Parts of an entry, entered on its page."""

    form = ConstrainedForm
    formset = PartFormSet
    extra = 0
    # All there is of a part can be edited here; its own page is for its history, and linked from there.
    show_change_link = False
    offers_change = False
    # The foreign key to the entry on whose page it is.
    whole = "entry"
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 30})}}

    @classmethod
    def history_of(cls, object_id):
        """Versions of all parts that the entry has or had."""
        return cls.model.history.filter(**{f"{cls.whole}_id": object_id})


@admin.action(description=actions.delete_selected.short_description, permissions=["delete"])
def delete_selected(page, request, queryset):
    """Django's own, with its turn as in `BaseAdmin.delete_view`."""
    with together():
        return actions.delete_selected(page, request, queryset)


admin.site.add_action(delete_selected)


class AccountPages(CalmLists):
    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, form_class=KeyChoicesField, **kwargs)


class UserPages(UserAdmin):
    """Users, none of whom is deleted (core.protection)."""

    def has_delete_permission(self, request, obj=None):
        return False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "is_active":
            field.help_text = _(
                "Unselect this, and the user can no longer log in. Users are not deleted: the history names them."
            )
        return field


# Users and groups; only importing Django's own pages has registered them.
for _model, _pages in ((Group, GroupAdmin), (User, UserPages)):
    admin.site.unregister(_model)
    admin.site.register(_model, type(_pages.__name__, (AccountPages, _pages), {}))
