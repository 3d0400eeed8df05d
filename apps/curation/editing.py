"""Saving a page of the admin where others may have saved the same entry since it was opened.

Each page carries the version that it was drawn from, signed. Who saves a page that was drawn from another version than
there is now gets both brought together on the page, is told what differs, and saves again. Of an entry that readers may
see, what is saved waits as its pending revision: the database takes the page as if it wrote it, is asked what the entry
would say then, and undoes it (`versions.tried`).
"""

from copy import copy

from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict

from apps.curation import workflow
from apps.curation.differences import compared
from apps.curation.three_way import merged
from apps.curation.versions import CANNOT_BE, apply, tried, version_of, why_not

# The hidden fields: of what the database had, and of what the page shows where that is another version.
SEEN, SHOWN = "_seen", "_shown"
_SALT = "apps.curation.editing"


def sealed(version):
    return signing.dumps(version, salt=_SALT, compress=True)


def unsealed(text):
    try:
        return signing.loads(text, salt=_SALT)
    except signing.BadSignature as error:
        raise SuspiciousOperation(
            "The form lacks the version that it was drawn from. Open it again."
        ) from error


class Editing:
    """One request to the page of a Case. `view` takes a request and a context and answers as Django's page does."""

    def __init__(self, request, case, view):
        self.request, self.case, self.view = request, case, view
        self.entry = case.entry
        # What is edited: of an entry that was public its pending revision, if there is one.
        self.there = case.proposed

    def open(self):
        """The page with what is edited; where that cannot be any more, with what readers see, and why."""
        try:
            return self.draw()
        except CANNOT_BE as error:
            return self.draw(shown=version_of(self.entry), cannot_be=why_not(error))

    def draw(self, shown=None, **context):
        """The page with what is edited, or with the version `shown`."""
        asked = copy(self.request)
        asked.method, asked.POST = "GET", QueryDict()
        asked.reason_given = self.request.POST.get("change_reason", "")
        tokens = {"seen": sealed(self.there), "shown": sealed(shown) if shown else ""}
        return self._answer(asked, shown or (self.case.pending and self.there), {**tokens, **context})

    def save(self):
        posted = self.request.POST
        seen = unsealed(posted.get(SEEN, ""))
        shown = unsealed(posted[SHOWN]) if posted.get(SHOWN) else seen
        tokens = {"seen": posted[SEEN], "shown": posted.get(SHOWN, "")}
        if seen == shown == self.there and not self.case.was_public:
            return self._answer(self.request, None, tokens)
        response, mine = self._try(shown, tokens)
        if mine is None:
            return response
        if seen != self.there:
            return self._draw_both(seen, mine)
        self._keep(mine)
        return response

    def _answer(self, request, version, context):
        def answered():
            response = self.view(request, context)
            return response.render() if hasattr(response, "render") else response

        return tried(self.entry, version, answered) if version else answered()

    def _try(self, shown, tokens):
        self.request.is_trial = True
        try:
            return tried(self.entry, shown, lambda: self._fill_in(tokens))
        except CANNOT_BE:
            # What the page was drawn from is no more: it is filled in over what there is.
            return tried(self.entry, None, lambda: self._fill_in(tokens))
        finally:
            self.request.is_trial = False

    def _fill_in(self, tokens):
        """(response, version): what the entry would say, None where the page says that something is wrong."""
        self.request.is_saved = False
        response = self._answer(self.request, None, tokens)
        return response, version_of(self.entry) if self.request.is_saved else None

    def _keep(self, mine):
        reason = self.request.POST.get("change_reason", "")
        if self.case.was_public:
            workflow.propose(self.entry, mine, user=self.request.user, reason=reason)
        else:
            apply(self.entry, mine, user=self.request.user, reason=reason)

    def _draw_both(self, seen, mine):
        version, conflicts = merged(seen, mine, self.there)
        told = {
            "clash": compared(type(self.entry), seen, self.there, mine),
            "clash_by": self._who_saved(),
            "has_conflicts": bool(conflicts),
        }
        try:
            response = self.draw(shown=version, **told)
        except CANNOT_BE:
            # The two cannot stand together. The page has what is there, beside what was typed.
            response = self.draw(**told, is_theirs=True)
        response.status_code = 409
        return response

    def _who_saved(self):
        if self.case.pending:
            return self.case.pending.changed_by
        return type(self.entry)._base_manager.select_related("updated_by").get(pk=self.entry.pk).updated_by
