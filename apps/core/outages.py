"""What is answered while the database is away: 503, when to come back, and a sentence, in one line of the log.

Away is a database that cannot be reached, starts, stops, is full, locked or only to be read, has no connection left, or
took too long. What it refuses because of what it was asked is a fault of ours, and stays a 500.
"""

import logging
import sys
from traceback import walk_tb

from django.conf import settings
from django.core.signals import got_request_exception
from django.shortcuts import render
from django.utils.translation import gettext as _

from apps.core.api import is_api, problem_response
from apps.core.request_ids import current_id

logger = logging.getLogger(__name__)

# Where a request carries the error of the database that was met before Django, or on the way.
OUTAGE = "kzforeign.outage"
# Seconds after which to come back; with what took too long, not at once.
RETRY_AFTER, RETRY_LONG_AFTER = 5, 60
STATUS = {"status_code": 503}
READS = ("GET", "HEAD", "OPTIONS")
# Classes of codes by which PostgreSQL says that it cannot go on: connection, resources, operator (a statement that took
# too long is among these), its own system.
SERVER_FAILS = ("08", "53", "57", "58")
# By which PostgreSQL and SQLite say that a statement was broken off (`core.deadlines`).
BROKEN_OFF = ("57014", 9)
# A lock not got in time, a deadlock, two at once, only to be read, a transaction that stood idle.
CODES = ("55P03", "40P01", "40001", "25006", "25P03", "25P04")
# SQLite's BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
PRIMARY_CODES = {5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26}


def outage_in(error):
    """The error of the database, among this one and those that led to it, by which it is away; None where none is.

    Code in between may have made another one of it, as sessions do.
    """
    seen = set()
    while error is not None and id(error) not in seen:
        if tells_outage(error):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None


def tells_outage(error):
    """Of an error as the driver raises it."""
    if hasattr(error, "sqlite_errorcode"):
        # The lowest byte says what, the others say more of it.
        return error.sqlite_errorcode & 0xFF in PRIMARY_CODES
    if not hasattr(error, "pgcode"):
        return False
    if error.pgcode is None:
        # Not from the server: it was not reached, or went away. A cursor that is used wrongly is a fault of ours.
        kind = type(error).__name__
        return kind in ("OperationalError", "DatabaseError") or (
            kind == "InterfaceError" and "connection" in str(error)
        )
    return error.pgcode.startswith(SERVER_FAILS) or error.pgcode in CODES


def took_too_long(outage):
    return (getattr(outage, "sqlite_errorcode", 0) & 0xFF or getattr(outage, "pgcode", None)) in BROKEN_OFF


def is_in_doubt(outage):
    """Whether a server went away while it was told to keep what was written, and may have done so."""
    of_server = not hasattr(outage, "sqlite_errorcode")
    return of_server and any(
        frame.f_code.co_name == "_commit" for frame, _line in walk_tb(outage.__traceback__)
    )


def unavailable(request, error, *, is_saved=None):
    """The answer 503, for which no database is needed; of what was sent, `is_saved` is None where nobody knows."""
    is_long = took_too_long(error)
    sentence = sentence_of(request.method, is_saved, is_long)
    if is_api(request):
        response = problem_response(503, sentence)
    else:
        page = {"reason": sentence, "request_id": current_id()}
        response = render(request, "503.html", page, status=503)
    response["Retry-After"] = str(RETRY_LONG_AFTER if is_long else RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    said = " ".join(str(error).split())
    logger.warning(
        "503 %s %r: %s: %s", request.method, request.path, type(error).__name__, said, extra=STATUS
    )
    # Django would log it once more, with all that led to it.
    response._has_been_logged = True
    return response


def sentence_of(method, is_saved, is_long=False):
    if method in READS and is_long:
        return _(
            "This took too long to answer, and was broken off. Please ask for less, or try again in a minute."
        )
    if method in READS:
        return _("The database cannot be reached at the moment. Please try again in a few seconds.")
    if is_saved is False:
        return _(
            "The database cannot be reached at the moment. Nothing that you sent was saved: go back and send it again."
        )
    return _(
        "The database went away before it said whether what you sent was saved. Look whether it is there before you "
        "send it again."
    )


def answer_of(request, error):
    """The answer to an error, or None where it tells of no outage."""
    outage = outage_in(error)
    return outage and unavailable(request, outage, is_saved=None if is_in_doubt(outage) else False)


def note(request=None, **kwargs):
    """With DEBUG, Django asks no handler of the site: `core.middleware.Outages` answers by this."""
    if settings.DEBUG and request is not None and outage_in(sys.exc_info()[1]):
        request.META[OUTAGE] = sys.exc_info()[1]


got_request_exception.connect(note, dispatch_uid=f"{__name__}.note")
