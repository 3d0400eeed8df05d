"""The pages of an entry's history: its changes, any version of it as a whole, any two side by side."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy

from apps.core.admin_forms import is_key
from apps.curation import workflow
from apps.curation.chronicle import changes, chronicle, known_at
from apps.curation.differences import differences
from apps.curation.models import Pending, Step
from apps.curation.moments import in_address, moment_of
from apps.curation.own_pages import OwnPages
from apps.curation.reasons import check_reason
from apps.curation.restoring import PROPOSED, RESTORED, SAME, name_of, restore
from apps.curation.roles import REVIEW, may
from apps.curation.versions import whole

PER_PAGE = 50
TOLD = {
    RESTORED: (messages.SUCCESS, gettext_lazy("Restored.")),
    PROPOSED: (
        messages.SUCCESS,
        gettext_lazy("Kept as the pending revision. Send it to review for readers to see it."),
    ),
    SAME: (messages.INFO, gettext_lazy("It says this already, so nothing was changed.")),
}


class HistoryOfEntry(OwnPages):
    """Instead of the pages of single records: a change of an entry is one of all its parts."""

    def get_urls(self):
        views = {"look": self.look_view, "compare": self.compare_view, "restore": self.restore_view}
        own = [self.entry_path(page, view, f"history/{page}") for page, view in views.items()]
        return [*own, *super().get_urls()]

    def known_entry(self, request, object_id):
        """The entry, or a row of no more than its key where it was deleted; 404 for what never was."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        key = unquote(object_id)
        entry = self.get_object(request, key) if is_key(key) else None
        if entry is None and is_key(key) and self.model.history.filter(id=key).exists():
            entry = self.model(pk=int(key))
        if entry is None:
            raise Http404
        return entry

    def history_view(self, request, object_id, extra_context=None):
        entry = self.known_entry(request, object_id)
        knowns = chronicle(entry)
        steps = {}
        for step in Step.objects.about(entry).select_related("by"):
            steps.setdefault(step.at, []).append(step)
        indexes = {known.moment: index for index, known in enumerate(knowns)}
        page = Paginator(sorted({*steps, *indexes}, reverse=True), PER_PAGE).get_page(
            request.GET.get(PAGE_VAR)
        )
        wanted = [indexes[moment] for moment in page if moment in indexes]
        made = {change.moment: change for change in changes(self.model, knowns, wanted)}
        for moment in page:
            self._tell_what_was_discarded(steps.get(moment, []), knowns)
        context = self._history_context(entry, _("History"), "")
        context |= {
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "page_var": PAGE_VAR,
            "compares": len(knowns) > 1,
            "may_restore": self.has_change_permission(request) or self.has_add_permission(request),
            "rows": [Row(moment, made.get(moment), steps.get(moment, [])) for moment in page],
        }
        return self.draw(request, "admin/curation/history.html", **context)

    def _tell_what_was_discarded(self, steps, knowns):
        """Gives each step that discarded a revision the groups in which that differed from the entry."""
        for step in steps:
            if step.step == Step.Kind.DISCARDED:
                records = Pending.history.filter(
                    kind=step.kind, key=step.key, history_type="-", history_date=step.at
                )
                then = [known for known in knowns if known.moment <= step.at]
                for record in records[:1] if then else ():
                    version = whole(self.model, record.version)
                    step.groups = differences(self.model, then[-1].version, version)

    def look_view(self, request, object_id):
        """The version as a whole at the moment `at`, with the form that restores it."""
        entry = self.known_entry(request, object_id)
        context = self._history_context(entry, _("A version of it"), _("Version"))
        try:
            known = self._known_at(entry, request.GET.get("at", ""))
        except ValidationError as error:
            return self._wrong_moment(request, context, error)
        is_there = entry._state.db is not None
        right = "change" if is_there else "add"
        context |= {
            "known": known,
            "at": request.GET["at"],
            "groups": differences(self.model, None, known.version),
            "may_restore": may(request.user, right, self.model),
            "waits": is_there and workflow.was_public(entry),
            "page_then": self._page_then(request, entry, known) if is_there else "",
        }
        return self.draw(request, "admin/curation/look.html", **context)

    def _page_then(self, request, entry, known):
        address = super().view_on_site(entry)
        query = urlencode({"recorded_at": in_address(known.moment)})
        return f"{address}?{query}" if address and request.user.has_perm(REVIEW) else ""

    def compare_view(self, request, object_id):
        """The versions at the moments `from` and `to` side by side; without `to`, what there is now."""
        entry = self.known_entry(request, object_id)
        context = self._history_context(entry, _("Two versions"), _("Compare"))
        try:
            pair = [self._known_at(entry, request.GET.get("from", ""))]
            pair.append(
                self._known_at(entry, request.GET["to"]) if request.GET.get("to") else self._known_now(entry)
            )
        except ValidationError as error:
            return self._wrong_moment(request, context, error)
        before, after = sorted(pair, key=lambda known: known.moment)
        groups = differences(self.model, before.version, after.version)
        context |= {"before": before, "after": after, "groups": groups}
        return self.draw(request, "admin/curation/compare.html", **context)

    def restore_view(self, request, object_id):
        entry = self.known_entry(request, object_id)
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        at, reason = request.POST.get("at", ""), request.POST.get("reason", "")
        back = self.page_address("look", entry, at=at)
        try:
            check_reason(reason)
            known = self._known_at(entry, at)
            level, said = TOLD[restore(entry, known.moment, user=request.user, reason=reason)]
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(back)
        self.message_user(request, said, level)
        return HttpResponseRedirect(self.page_address("review", entry))

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Where versions were looked at and reverted to record by record, and old links lead."""
        entry = self.known_entry(request, object_id)
        record = self.model.history.filter(id=entry.pk, pk=version_id).first() if is_key(version_id) else None
        if record is None:
            raise Http404
        if request.method == "POST":
            said = _("Nothing was changed. A version is restored on this page, with a reason.")
            self.message_user(request, said, messages.ERROR)
        return HttpResponseRedirect(self.page_address("look", entry, at=in_address(record.history_date)))

    # What the pages are made of

    def _known_at(self, entry, text):
        """What was Known at a moment, or at that of a record by its key; ValidationError where it was not there."""
        record = self.model.history.filter(id=entry.pk, pk=text).first() if is_key(text) else None
        known = known_at(entry, record.history_date if record else moment_of(text))
        if known is None or known.version is None:
            raise ValidationError(_("The entry was not there at that time."))
        return known

    def _known_now(self, entry):
        return self._known_at(entry, in_address(timezone.now()))

    def _history_context(self, entry, title, crumb):
        is_there = entry._state.db is not None
        name = str(entry) if is_there else name_of(self.model.history.filter(id=entry.pk).latest())
        return {
            "title": title,
            "subtitle": name,
            "crumb": crumb,
            "name": name,
            "key": entry.pk,
            "is_there": is_there,
        }

    def _wrong_moment(self, request, context, error):
        context |= {"wrong": " ".join(error.messages)}
        return self.draw(request, "admin/curation/wrong.html", status=400, **context)


class Row:
    """One line of the history: a change, the steps taken with it, or both."""

    def __init__(self, moment, change, steps):
        self.moment, self.change, self.steps = moment, change, steps

    @property
    def at(self):
        return in_address(self.moment)

    @property
    def is_version(self):
        """Whether there is a version to look at: not after it was deleted."""
        return self.change is not None and not self.change.ended
