"""Which request an answer, a page that tells of a fault and a line of the log belong to, and the line of each request.

The number is given in front of the page cache, where an answer that is kept for others has none yet.
"""

import logging
import re
from contextvars import ContextVar
from os import urandom
from time import monotonic
from weakref import ref

from django.conf import settings

HEADER = "X-Request-ID"
# What a proxy gives: nginx 32 digits, others a UUID or a text of their own.
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
# Where a request carries what is known of it.
ASKED = "kzforeign.asked"
LONGEST_PATH = 500
MESSAGE = "%s %s %s in %s ms"
logger = logging.getLogger("kzforeign.requests")
# Not taken back after the answer: what is streamed or closed later in the same thread belongs to it still.
_current = ContextVar(ASKED, default=None)


class LoggedRequest:
    """A request, as far as the log tells of it: never its query, its headers, or what was sent."""

    def __init__(self, environ):
        self.id = given(environ) or urandom(16).hex()
        self.method = environ["REQUEST_METHOD"][:20]
        self.path = text_of(environ.get("PATH_INFO", ""))[:LONGEST_PATH]
        self.status = None
        # Django's, where it comes so far; it is not kept here for longer than it is needed.
        self.request = lambda: None
        self._begun = monotonic()

    @property
    def user(self):
        """The primary key of who is signed in, where somebody has looked: to look makes an answer one of theirs."""
        user = getattr(self.request(), "signed_in", None)
        return user and user.pk

    def told(self):
        known = {"request_id": self.id, "method": self.method, "path": self.path}
        return known | {
            name: value for name in ("status", "user") if (value := getattr(self, name)) is not None
        }

    def answered(self, status):
        """Writes the line of a request, when its answer begins."""
        self.status = status
        if status == 200 and self.path.startswith("/health/"):
            return  # Asked for each few seconds.
        took = round((monotonic() - self._begun) * 1000)
        if logger.isEnabledFor(logging.INFO):
            # As `logger.info` does, but that it would look for the line from which it is called.
            told = self.method, self.path, status, took
            logger.handle(
                logger.makeRecord(
                    logger.name, logging.INFO, __file__, 0, MESSAGE, told, None, extra={"ms": took}
                )
            )


def given(environ):
    """The number that a proxy of ours has given a request, or None; of nobody else is one taken."""
    number = environ.get("HTTP_X_REQUEST_ID", "")
    return number if settings.TRUSTED_PROXIES and WELL_FORMED.fullmatch(number) else None


def text_of(path):
    """A path as WSGI has it, bytes as Latin-1, which UTF-8 was meant by."""
    try:
        return path.encode("latin-1").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return path  # ASGI has it as text.


def begin(environ):
    environ[ASKED] = asked = LoggedRequest(environ)
    _current.set(asked)
    return asked


def current():
    """The LoggedRequest that is being answered, or None."""
    return _current.get()


def current_id():
    asked = current()
    return asked.id if asked else ""


class Journal:
    """The WSGI application, with a number and a line of the log for each request."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        asked = begin(environ)

        def begin_answer(status, headers, exc_info=None):
            asked.status = int(status[:3])
            return start_response(status, [*headers, (HEADER, asked.id)], exc_info)

        try:
            response = self.application(environ, begin_answer)
        except Exception:
            # The server answers, and has the error in its log.
            asked.answered(500)
            raise
        asked.answered(asked.status)
        return response


class RequestIds:
    """The same for whatever comes to Django by another way (ASGI)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if asked := request.META.get(ASKED):
            asked.request = ref(request)
            return self.get_response(request)
        asked = begin(request.META)
        asked.request = ref(request)
        response = self.get_response(request)
        response[HEADER] = asked.id
        asked.answered(response.status_code)
        return response
