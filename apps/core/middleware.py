"""What no view should have to think of."""

from django.conf import settings
from django.shortcuts import render

from apps.core.api import is_api, problem_response


class RefuseNulBytes:
    """Answers 400 to an address with a NUL byte, which PostgreSQL refuses and SQLite lets through."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            reason = "The address holds a NUL byte."
            if is_api(request):
                return problem_response(400, reason)
            return render(request, "400.html", {"reason": reason}, status=400)
        return self.get_response(request)


class OneNotFoundPage:
    """With DEBUG, too, a reader who asks for what is not there sees the site's own page, not Django's."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if settings.DEBUG and response.status_code == 404 and is_page:
            return render(request, "404.html", status=404)
        return response
