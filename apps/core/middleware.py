"""What no view should ever see."""

from django.http import HttpResponseBadRequest


class RefuseNulBytes:
    """Answers 400 to an address with a NUL byte, which PostgreSQL refuses and SQLite lets through."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("The address holds a NUL byte.", content_type="text/plain")
        return self.get_response(request)
