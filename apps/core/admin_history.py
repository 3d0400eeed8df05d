"""History pages of the admin: who changed what, when and why, in an entry and in its parts."""

from django.contrib.messages import WARNING
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.admin_forms import is_key
from apps.core.fields import DerivedField

# Changes of parts shown on one page, the most recent.
PARTS_SHOWN = 200
# Columns that say nothing of their own: they follow from others, or from the row of the history itself.
SILENT = {"created_at", "created_by", "updated_at", "updated_by"}


class HistoryPages:
    """For a SimpleHistoryAdmin: its pages without the errors that odd addresses and deleted rows would cause."""

    object_history_list_template = "admin/history_table.html"
    object_history_template = "admin/history_page.html"

    def history_view(self, request, object_id, extra_context=None):
        if not is_key(object_id):
            raise Http404
        parts = {"parts": list(self.history_of_parts(request, object_id))}
        try:
            return super().history_view(request, object_id, {**parts, **(extra_context or {})})
        except ObjectDoesNotExist as error:
            raise Http404 from error  # Deleted, and so is what its name was made of.

    def history_of_parts(self, request, object_id):
        return ()

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """A version; sending its form reverts to it, which the package lets those do who may only view."""
        if not (is_key(object_id) and is_key(version_id)):
            raise Http404
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            with transaction.atomic():
                return super().history_form_view(request, object_id, version_id, extra_context)
        try:
            return super().history_form_view(request, object_id, version_id, extra_context)
        except ObjectDoesNotExist:
            # What the version pointed at is gone, and the page needs its name.
            self.message_user(request, _("That version names something deleted since: see below."), WARNING)
            opts = self.opts
            return redirect(f"admin:{opts.app_label}_{opts.model_name}_history", object_id)

    def set_history_delta_changes(self, request, historical_records, foreign_keys_are_objs=True):
        """As in the package, less the columns that nobody edits."""
        derived = {field.name for field in self.opts.concrete_fields if isinstance(field, DerivedField)}
        records = list(historical_records)
        for newer, older in zip(records, records[1:], strict=False):
            delta = newer.diff_against(
                older, excluded_fields=derived | SILENT, foreign_keys_are_objs=foreign_keys_are_objs
            )
            helper = self.get_historical_record_context_helper(request, newer)
            newer.history_delta_changes = helper.context_for_delta_changes(delta)


class HistoryOfParts(HistoryPages):
    """Adds what happened to the parts edited on the page: a citation taken away is told of nowhere else."""

    def history_of_parts(self, request, object_id):
        for inline in self.get_inline_instances(request):
            part = inline.model
            # Not by select_related, whose join would leave out the rows that name something deleted since.
            rows = inline.history_of(object_id).prefetch_related("history_user", *self._read_by_label(part))
            rows = rows.order_by("-history_date", "-history_id")[:PARTS_SHOWN]
            there = set(part.objects.filter(pk__in={row.id for row in rows}).values_list("pk", flat=True))
            for row in rows:
                yield {
                    "row": row,
                    "kind": part._meta.verbose_name,
                    "text": description(row, part, inline.whole),
                    "url": self._history_url(part, row.id) if row.id in there else "",
                }

    def _history_url(self, part, key):
        return reverse(f"admin:{part._meta.app_label}_{part._meta.model_name}_history", args=[key])

    def _read_by_label(self, model):
        """Foreign keys of `model`, and those that the labels of the rows they lead to read in their turn."""
        for field in model._meta.fields:
            if field.remote_field:
                yield field.name
                for name in self.admin_site.get_model_admin(field.related_model).list_select_related:
                    yield f"{field.name}__{name}"


def description(row, model, whole):
    """The values of a version of a part, as "passage: Akiner, …; stance: supports"; not `whole`, whose page it is."""
    shown = [f for f in model._meta.fields if f.editable and not f.primary_key and f.name != whole]
    texts = [(field.verbose_name, _value(row, field)) for field in shown]
    return "; ".join(f"{label}: {text}" for label, text in texts if text)


def _value(row, field):
    if not field.remote_field:
        display = getattr(row, f"get_{field.name}_display", None)
        return str(display() if display else getattr(row, field.name) or "")
    if getattr(row, field.attname) is None:
        return ""
    try:
        return str(getattr(row, field.name) or _("deleted since"))
    except ObjectDoesNotExist:
        return str(_("deleted since"))
