"""What no view should have to think of."""

import zlib
from contextlib import nullcontext

import zstandard
from compression_middleware.middleware import CompressionMiddleware
from django.conf import settings
from django.http import HttpResponseNotModified
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext as _, override

from apps.core.api import is_api, problem_response
from apps.core.conditional import has_it, is_anybodys, page_tag
from apps.core.languages import language_of, without_language
from apps.core.outages import OUTAGE, answer_of
from apps.core.views_absent import Answered


class Languages:
    """Answers in the language that the address names, whatever language the browser asks for.

    So that a page is the same for everybody who has its address, and may be kept by whoever stands in between.
    """

    # What people read, whose language is told.
    READ = ("text/html", "application/atom+xml")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = language_of(request.path_info)
        # To change to the language that is in use already takes three times what it takes to see that it is.
        with nullcontext() if language == get_language() else override(language):
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith(self.READ):
            response.headers.setdefault("Content-Language", language)
        return response


class Heads:
    """Sends whoever asks by HEAD no content: a server leaves it out, and some write a warning of each.

    What is said of it, its length too, is said. Nothing of what would be streamed is made.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "HEAD" and response.streaming:
            response.streaming_content = ()
            response.file_to_stream = None
        elif request.method == "HEAD":
            response.content = b""
        return response


class RefuseNulBytes:
    """Answers 400 to an address with a NUL byte, which PostgreSQL refuses and SQLite lets through.

    A cookie with one counts as none: whoever has it in the browser could not go on anywhere.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            reason = _("The address holds a NUL byte.")
            if is_api(request):
                return problem_response(400, reason)
            return render(request, "400.html", {"reason": reason}, status=400)
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)


class Outages:
    """Answers while the database is away, with DEBUG too, in front of whatever asks it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if OUTAGE in request.META:
            return answer_of(request, request.META[OUTAGE])
        response = self.get_response(request)
        if response.status_code == 500 and OUTAGE in request.META:
            return answer_of(request, request.META[OUTAGE])
        return response


class PagesOfTheSite:
    """Answers in the look of the site what is not there, with DEBUG too, and what takes no such method."""

    def __init__(self, get_response):
        self.get_response = get_response

    def process_exception(self, request, exception):
        return exception.page(request) if isinstance(exception, Answered) else None

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            allowed = response.headers["Allow"]
            reason = _("This address cannot be asked for with %(method)s. It takes: %(allowed)s.")
            reason %= {"method": request.method[:20], "allowed": allowed}
            page = render(request, "400.html", {"reason": reason}, status=405)
            page["Allow"] = allowed
            return page
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        is_explained = getattr(response, "is_explained", False)
        if settings.DEBUG and response.status_code == 404 and is_page and not is_explained:
            return render(request, "404.html", status=404)
        return response


class Revalidation:
    """Lets whoever has read a page ask whether it still holds, as the API does, and nobody keep what is of curators."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self._answered(request)
        if response.status_code == 304:
            # As the answer would have it. Its length is not that of the nothing which is sent in its place.
            del response["Content-Length"]
            if not response.has_header("Accept-Ranges"):
                patch_vary_headers(response, ["Accept-Encoding"])
        return response

    def _answered(self, request):
        is_read = request.method in ("GET", "HEAD")
        if of_admin(request) or (is_read and not is_api(request) and not is_anybodys(request.META)):
            response = self.get_response(request)
            response["Cache-Control"] = "private, no-store"
            return response
        if is_api(request) or not is_read:
            return self.get_response(request)
        tag = page_tag(request)
        response = HttpResponseNotModified() if has_it(request, tag) else self.get_response(request)
        if response.status_code in (200, 304) and is_open(response):
            response["Cache-Control"], response["ETag"] = "public, no-cache", tag
        return response


def is_open(response):
    """Whether an answer says nothing of who may keep it, and is for nobody in particular."""
    of_somebody = response.cookies or "cookie" in response.headers.get("Vary", "").lower()
    return not of_somebody and not response.has_header("Cache-Control")


def of_admin(request):
    return without_language(request.path_info).startswith("/admin/")


class Compression(CompressionMiddleware):
    """Compresses text (zstd, br, gzip) of pages that hold nothing secret.

    Not in the admin: where a secret and what somebody else chose are compressed together, the length tells of the
    secret (BREACH). Not what is compressed already, such as archives, nor files that are sent in parts, which are parts
    of the file as it is. What is streamed, by the hundred megabytes, is compressed at a level that takes a quarter of
    the time.
    """

    QUICKLY = {
        "zstd": lambda: zstandard.ZstdCompressor(level=3).compressobj(),
        "gzip": lambda: zlib.compressobj(1, wbits=31),
    }

    TYPES = (
        "text/",
        "application/json",
        "application/problem+json",
        "application/ld+json",
        "application/xml",
        "application/atom+xml",
        "application/vnd.oai.openapi+json",
        "application/graphml+xml",
        "application/gexf+xml",
    )

    def process_response(self, request, response):
        of_text = response.headers.get("Content-Type", "").startswith(self.TYPES)
        in_parts = response.has_header("Accept-Ranges")
        is_done = response.has_header("Content-Encoding")
        if not of_text or in_parts or is_done or response.cookies or of_admin(request):
            return response
        plain = response.streaming_content if response.streaming else None
        response = super().process_response(request, response)
        encoding = response.get("Content-Encoding")
        if response.streaming and encoding in self.QUICKLY:
            response.streaming_content = packed(plain, self.QUICKLY[encoding]())
        return response


def packed(parts, packer):
    for part in parts:
        if ready := packer.compress(part):
            yield ready
    yield packer.flush()
