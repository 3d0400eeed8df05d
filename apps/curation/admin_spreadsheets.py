"""Importing and exporting spreadsheets on the list of a kind of entries in the admin."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportMixin
from import_export.forms import ExportForm

from apps.core.admin import WRONG_VALUE
from apps.core.outages import outage_in
from apps.curation.kept_sheets import drop, keep, kept
from apps.curation.own_pages import OwnPages
from apps.curation.reasons import ReasonField
from apps.curation.roles import IMPORT
from apps.curation.sheet_columns import sheet_columns, sheet_rules
from apps.curation.sheet_files import MOST_ROWS, read_sheet
from apps.curation.sheet_formats import SheetCSV, SheetXLSX
from apps.curation.spreadsheets import import_sheet, resource_of

# Rows of a preview, and complaints, that one page shows.
SHOWN = 1000
SUMMARY = gettext_lazy(
    "%(new)d new, %(changed)d to be changed, %(waits)d to wait as pending revisions, %(same)d the same."
)


class SheetForm(forms.Form):
    """The file, read once it is sent: `sheet` and `content` are then among the cleaned data."""

    import_file = forms.FileField(
        label=gettext_lazy("Spreadsheet"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx", "aria-describedby": "id_import_file_helptext"}),
    )

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > settings.IMPORT_LIMIT:
            raise ValidationError(
                _(
                    "The file has %(size)s, and at most %(most)s are taken. Part the sheet, or leave pictures out."
                )
                % {"size": filesizeformat(file.size), "most": filesizeformat(settings.IMPORT_LIMIT)}
            )
        content = file.read()
        self.cleaned_data |= {"content": content, "sheet": read_sheet(file.name, content)}
        return file


class ConfirmationForm(forms.Form):
    word = forms.CharField(widget=forms.HiddenInput)
    reason = ReasonField(
        label=gettext_lazy("Why this change"),
        help_text=gettext_lazy(
            "Kept in the history of each row beside your name, e.g. “visits of 1993 from the yearbook”."
        ),
    )


class SpreadsheetPages(OwnPages, ImportExportMixin):
    """For the admin of a kind of entries: an import and an export page, and exports of the rows that are selected.

    The pages of the package would keep the file under a name that the browser sends back, import a sheet without the
    rows that are wrong, and tell of a wrong file by the name of an exception.
    """

    import_template_name = "admin/curation/sheet_import.html"
    export_template_name = "admin/curation/sheet_export.html"
    import_formats = export_formats = [SheetCSV, SheetXLSX]
    # By its first bytes Excel knows that the text is UTF-8.
    to_encoding = "utf-8-sig"
    export_form_class = ExportForm

    def get_resource_classes(self, request):
        return [resource_of(self.model)]

    def has_import_permission(self, request):
        may_write = self.has_add_permission(request) and self.has_change_permission(request)
        return may_write and request.user.has_perm(IMPORT)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    # Import

    def import_action(self, request, **kwargs):
        """The page on which a file is chosen, and what it would change."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = SheetForm(request.POST or None, request.FILES or None)
        if request.method != "POST" or not form.is_valid():
            return self._page(request, form=form)
        sheet, content = form.cleaned_data["sheet"], form.cleaned_data["content"]
        run = import_sheet(self.model, sheet, user=request.user)
        confirmation = None
        if not run.is_refused and run.changing:
            name = form.cleaned_data["import_file"].name
            kept_sheet = keep(request, self.model, name, content, run.digest)
            confirmation = ConfirmationForm(initial={"word": kept_sheet.word})
        return self._page(request, form=SheetForm(), run=run, confirmation=confirmation)

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        """Writes what was previewed, if it still comes to the same."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = ConfirmationForm(request.POST)
        kept_sheet = kept(request, self.model, form["word"].value() or "")
        if kept_sheet is None:
            what = _(
                "This sheet is not kept any more: it was imported, or another was chosen since. Choose it again."
            )
            messages.error(request, what)
            return HttpResponseRedirect(self.page_address("import"))
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        sheet = read_sheet(kept_sheet.name, kept_sheet.content())
        run = import_sheet(self.model, sheet, user=request.user, reason=reason, previewed=kept_sheet.digest)
        if run.is_written:
            drop(request, self.model)
            return self._imported(request, run)
        if reason:
            what = _("Nothing was imported: what it would change has changed since you looked. Look again.")
            messages.error(request, what)
        return self._again(request, run, form, kept_sheet)

    def _again(self, request, run, form, kept_sheet):
        """The preview as it is now, to be confirmed if there is something left to confirm."""
        confirmation = None
        if run.is_refused or not run.changing:
            drop(request, self.model)
        elif run.digest == kept_sheet.digest:
            confirmation = form
        else:
            renewed = keep(request, self.model, kept_sheet.name, kept_sheet.content(), run.digest)
            confirmation = ConfirmationForm(initial={"word": renewed.word, "reason": form["reason"].value()})
        return self._page(request, form=SheetForm(), run=run, confirmation=confirmation)

    def _imported(self, request, run):
        what = _(
            "Imported: %(new)d added as drafts, %(changed)d changed, %(waits)d kept as pending revisions, "
            "%(same)d left as they were."
        )
        messages.success(request, what % _counted(run))
        return HttpResponseRedirect(self.page_address("changelist"))

    def _page(self, request, *, form, run=None, confirmation=None):
        context = {
            "title": _("Import %(entries)s from a spreadsheet") % {"entries": self.opts.verbose_name_plural},
            "form": form,
            "run": run,
            "complaints": run.complaints[:SHOWN] if run else [],
            "drafts": run.changing[:SHOWN] if run else [],
            "summary": SUMMARY % _counted(run) if run else "",
            "confirm_form": confirmation,
            "columns": [column.layout for column in sheet_columns(self.model).values()],
            "rules": sheet_rules(self.model),
            "key": self.model.public_id_field,
            "most": MOST_ROWS,
            "limit": settings.IMPORT_LIMIT,
            "shown": SHOWN,
        }
        return self.draw(request, self.import_template_name, **context)

    # Export

    def export_action(self, request):
        """The page to export the rows of the list as it is filtered."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            queryset = self.get_export_queryset(request)
            count = queryset.count()
        except (IncorrectLookupParameters, *WRONG_VALUE) as error:
            if outage_in(error):
                raise
            return HttpResponseRedirect(f"{self.page_address('changelist')}?{ERROR_FLAG}=1")
        form = ExportForm(
            self.get_export_formats(), self.get_export_resource_classes(request), data=request.POST or None
        )
        if request.method == "POST" and form.is_valid():
            file_format = self.get_export_formats()[int(form.cleaned_data["format"])]()
            return self._exported(request, queryset, file_format)
        context = {
            "title": _("Export %(entries)s as a spreadsheet") % {"entries": self.opts.verbose_name_plural},
            "form": form,
            "count": count,
            "columns": list(sheet_columns(self.model)),
        }
        return self.draw(request, self.export_template_name, **context)

    def _exported(self, request, queryset, file_format):
        if queryset.count() > MOST_ROWS:
            what = _("A sheet has at most %(most)d rows. Filter the list first, or take the dataset.")
            messages.error(request, what % {"most": MOST_ROWS})
            return HttpResponseRedirect(self.page_address("changelist"))
        try:
            return self._do_file_export(file_format, request, queryset)
        except ValueError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(self.page_address("changelist"))

    def get_export_filename(self, request, queryset, file_format):
        return super().get_export_filename(request, queryset, file_format).lower()

    def get_actions(self, request):
        actions = super().get_actions(request)
        if actions and self.has_export_permission(request):
            for file_format in (SheetCSV, SheetXLSX):
                name = f"export_{file_format.label.lower()}"
                actions[name] = (_export_as(file_format), name, _export_label(file_format))
        return actions


def _counted(run):
    waits = sum(draft.waits for draft in run.changing)
    counts = {"new": run.count("new"), "changed": run.count("update") - waits, "same": run.count("skip")}
    return counts | {"waits": waits}


def _export_as(file_format):
    def export(model_admin, request, queryset):
        return model_admin._exported(request, queryset, file_format())

    return export


def _export_label(file_format):
    return {
        SheetCSV: gettext_lazy("Export the selected %(verbose_name_plural)s as CSV"),
        SheetXLSX: gettext_lazy("Export the selected %(verbose_name_plural)s as XLSX"),
    }[file_format]
