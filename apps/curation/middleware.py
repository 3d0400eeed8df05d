"""Shows those who curate an entry on the site as readers do not see it (`curation.previews`)."""

from django.conf import settings
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext as _

from apps.core.api import is_api, problem_response
from apps.core.changes import undone
from apps.core.views import with_query
from apps.curation.previews import PREVIEW, RECORDED_AT, Unshown, page_at, sight
from apps.curation.versions import CANNOT_BE, why_not


class Previews:
    """Takes `?preview=1` and `?recorded_at=` from curators. For everybody else it is as if there were no such thing.

    The last of the middleware, so that the others answer for what comes out of it as for any page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = request.META.get("QUERY_STRING", "")
        if PREVIEW not in query and RECORDED_AT not in query:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD") or not is_curator(request):
            return self.get_response(request)
        page = page_at(request.path_info)
        try:
            seen = page and sight(page, request.GET, request.user)
            response = self._seen(request, page, seen) if seen else None
        except Unshown as reason:
            response = refusal(request, reason.status, reason)
        except CANNOT_BE as error:
            reason = _("It cannot be drawn, since it does not go with what there is now: %(error)s")
            response = refusal(request, 409, reason % {"error": why_not(error)})
        return private(response) if response else self.get_response(request)

    def _seen(self, request, page, seen):
        asked = without_parameters(request)
        asked.sight = seen
        with undone():
            seen.write(page.identifier)
            response = self.get_response(asked)
        # For who reads the answer without the page around it.
        response["Preview"] = seen.words.encode("ascii", "replace").decode()
        if seen.moment and response.status_code == 200:
            # RFC 7089: the answer is what the resource was at this time.
            response["Memento-Datetime"] = http_date(seen.moment.timestamp())
        return response


def is_curator(request):
    """Whether somebody of the staff asks. That it was looked up is not to be told from the answer."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    accessed = request.session.accessed
    is_staff = request.user.is_active and request.user.is_staff
    # By this mark the answer would get its "Vary: Cookie".
    request.session.accessed = accessed
    return is_staff


def without_parameters(request):
    """The same request, asked for without what is read here."""
    given = request.GET.copy()
    for name in (PREVIEW, RECORDED_AT):
        given.pop(name, None)
    return with_query(request, given.urlencode())


def private(response):
    """For nobody but who asked, and not to be kept."""
    del response["ETag"], response["Access-Control-Allow-Origin"]
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["Cookie"])
    return response


def refusal(request, status, reason):
    if is_api(request):
        return problem_response(status, reason)
    template = "404.html" if status == 404 else "400.html"
    response = render(request, template, {"reason": str(reason)}, status=status)
    response.is_explained = True
    return response


def sight_of(request):
    """As a context processor: what the page says of itself where readers do not see it like this."""
    return {"sight": getattr(request, "sight", None)}
