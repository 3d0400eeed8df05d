"""The admin page of an entry: edited as a draft or as a pending revision, and led to its readers step by step."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from apps.core.admin import RecordAdmin
from apps.core.admin_filters import CitedFilter
from apps.core.admin_forms import is_key
from apps.core.alike import twins_of
from apps.core.changes import together
from apps.curation import workflow
from apps.curation.admin_forms import EntryForm
from apps.curation.admin_merge import MergePages
from apps.curation.admin_spreadsheets import SpreadsheetPages
from apps.curation.cases import BUTTONS, Case
from apps.curation.editing import Editing
from apps.curation.history_pages import HistoryOfEntry
from apps.curation.own_pages import OwnPages
from apps.curation.reasons import check_reason
from apps.curation.roles import REVIEW


class ReviewPages(OwnPages):
    """Where an entry is looked at before it is published, and the buttons that lead it on."""

    def get_urls(self):
        own = [self.entry_path("review", self.review_view), self.entry_path("step", self.step_view)]
        return [*own, *super().get_urls()]

    def review_view(self, request, object_id):
        entry = self.entry_at(request, object_id)
        return self.draw(
            request,
            "admin/curation/review.html",
            title=_("Review"),
            subtitle=str(entry),
            original=entry,
            case=Case(entry, request.user),
        )

    def step_view(self, request, object_id):
        """Takes the step that a button names, with its comment; says why where it cannot be taken."""
        entry = self.entry_at(request, object_id)
        if not (self.has_change_permission(request, entry) or request.user.has_perm(REVIEW)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        take, label, _wants = BUTTONS.get(request.POST.get("step"), (None, "", ""))
        if take is None:
            self.message_user(request, _("There is no such step."), messages.ERROR)
        else:
            values = {"comment": request.POST.get("comment", "")}
            if take is workflow.publish:
                values["seen"] = request.POST.get("seen", "")

            def step():
                check_reason(values["comment"])
                take(entry, user=request.user, **values)

            self._take(request, entry, step, label)
        return HttpResponseRedirect(self.page_address("review", entry))

    def _take(self, request, entry, step, label):
        try:
            step()
        except ValidationError as refusal:
            self.message_user(request, f"{label}: {' '.join(refusal.messages)}", messages.ERROR)
        else:
            self.message_user(request, _("%(step)s: done.") % {"step": label}, messages.SUCCESS)


class EntryAdmin(SpreadsheetPages, MergePages, ReviewPages, HistoryOfEntry, RecordAdmin):
    """An entry: its status and citations, and an address that stays once it was public."""

    form = EntryForm
    change_form_template = "admin/curation/change_form.html"
    list_filter = ["status", CitedFilter, "basis"]
    actions = ["send_to_review", "publish"]
    record_fieldset = (
        gettext_lazy("Record"),
        {"fields": [("created_at", "created_by"), ("updated_at", "updated_by")], "classes": ["collapse"]},
    )

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        return [*fieldsets, self.record_fieldset] if obj else fieldsets

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        if obj:
            fields += ["created_at", "created_by", "updated_at", "updated_by"]
        return [*fields, self.model.public_id_field] if self.keeps_public_id(obj) else fields

    def keeps_public_id(self, obj):
        """Whether the identifier cannot be changed, not even by a revision that leads its old address to the new."""
        return False

    def get_object(self, request, object_id, from_field=None):
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            pending = workflow.pending_of(entry)
            given = getattr(request, "reason_given", "")
            entry.reason_given = given or (pending.reason if pending else "")
        return entry

    # Saving

    def _changeform_view(self, request, object_id, form_url, extra_context):
        """Django's page, inside the transaction in which whoever saves has their turn."""
        key = object_id and unquote(object_id)
        entry = self.get_object(request, key) if key and is_key(key) else None
        if entry is None:
            return super()._changeform_view(request, object_id, form_url, extra_context)
        case = Case(entry, request.user)

        def view(asked, context):
            everything = {**(extra_context or {}), **context, "case": case}
            return super(EntryAdmin, self)._changeform_view(asked, object_id, form_url, everything)

        if not self.has_change_permission(request, entry):
            return view(request, {})
        if "_saveasnew" in request.POST:
            raise PermissionDenied
        editing = Editing(request, case, view)
        if request.method != "POST":
            return editing.open()
        # Not yet, though it may have been before somebody else was found to be faster, and this is tried again.
        request.is_saved = False
        response = editing.save()
        if request.is_saved and response.status_code != 409:
            self._go_on(request, entry, editing)
        return response

    def _go_on(self, request, entry, editing):
        """Says what became of what was saved, where that is a revision, and sends it to review if asked."""
        if editing.case.was_public:
            said = self._what_became(entry, editing.case.pending)
            self.log_change(request, entry, said)
            self.message_user(request, said, messages.SUCCESS)
        if "_send" in request.POST:
            self._take(request, entry, lambda: workflow.send(entry, user=request.user), _("Sent to review"))

    def _what_became(self, entry, before):
        now = workflow.pending_of(entry)
        if now is None:
            return _("Nothing differs from what readers see, so there is no pending revision.")
        if before and before.status != now.status:
            return _("Saved, and no longer in review: send the revision to review again.")
        return _("Saved as the pending revision. Readers see the entry as it was until it is accepted.")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        case = context.get("case")
        may_send = add or (obj is not None and self.has_change_permission(request, obj))
        context["sends"] = may_send and (add or (case and (case.stage == "draft" or case.was_public)))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def message_user(self, request, *args, **kwargs):
        if not getattr(request, "is_trial", False):
            super().message_user(request, *args, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        request.is_saved = True

    def save_model(self, request, obj, form, change):
        obj.updated_by = request.user
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        self._tell_of_twins(request, obj)
        if "_send" in request.POST:
            self._take(request, obj, lambda: workflow.send(obj, user=request.user), _("Sent to review"))
        else:
            said = _("It is a draft: readers do not see it until it is published.")
            self.message_user(request, said, messages.INFO)
        return super().response_add(request, obj, post_url_continue)

    def _tell_of_twins(self, request, obj):
        """What was added is there now, and may have been there before."""
        twins = twins_of(obj) if self.has_view_or_change_permission(request) else []
        if twins:
            links = [(self.page_address("change", twin), twin) for twin in twins]
            said = _(
                "It looks like what is there already: {entries}. "
                "If it is the same, delete the new one, or ask a reviewer to merge the two."
            )
            listed = format_html_join(", ", '<a href="{}">{}</a>', links)
            self.message_user(request, format_html(said, entries=listed), messages.WARNING)

    # What was public stays

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj is not None and self.was_public(obj))

    def was_public(self, obj):
        """As the workflow has it, asked once for the row at hand: each inline of a page wants to know."""
        if not hasattr(obj, "_was_public"):
            obj._was_public = workflow.was_public(obj)
        return obj._was_public

    def get_deleted_objects(self, objs, request):
        to_delete, counts, perms, protected = super().get_deleted_objects(objs, request)
        public = [entry for entry in objs if self.was_public(entry)]
        if public and self.has_delete_permission(request):
            # What is in the way is not who asks.
            perms.discard(self.opts.verbose_name)
        said = _("%(entry)s: readers may have cited it. Withdraw it instead.")
        return to_delete, counts, perms, [*protected, *(said % {"entry": entry} for entry in public)]

    def view_on_site(self, obj):
        return super().view_on_site(obj) if obj.is_published else None

    # Actions

    def has_review_permission(self, request):
        return request.user.has_perm(REVIEW)

    @admin.action(
        description=gettext_lazy("Send the selected %(verbose_name_plural)s to review"),
        permissions=["change"],
    )
    def send_to_review(self, request, queryset):
        self._take_all(request, queryset, workflow.send)

    @admin.action(
        description=gettext_lazy("Publish the selected %(verbose_name_plural)s"), permissions=["review"]
    )
    def publish(self, request, queryset):
        self._take_all(request, queryset, workflow.publish)

    def _take_all(self, request, queryset, step):
        """For all of them or for none, and then what keeps the first few from it."""
        refused, count = [], 0
        try:
            with together():
                for entry in queryset:
                    try:
                        step(entry, user=request.user)
                        count += 1
                    except workflow.Refused as refusal:
                        refused.append(f"{entry}: {' '.join(refusal.messages)}")
                if refused:
                    raise workflow.Refused(refused)
        except workflow.Refused:
            said = _("Nothing was changed. %(count)d of the entries are not ready: %(some)s")
            words = {"count": len(refused), "some": " / ".join(refused[:5])}
            self.message_user(request, said % words, messages.ERROR)
            return
        message = ngettext("%(count)d entry was changed.", "%(count)d entries were changed.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)
