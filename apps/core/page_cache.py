"""Answers what anybody may read from what was answered before, in front of Django (a WSGI application, PEP 3333).

What is kept is kept under the revision of the database, for which the database is asked each time, or has told it a
moment ago (`core.lease`): what is served has every change that anybody was told of before it was asked for, by whatever
path and in whatever process it was written. Old answers are never looked for again, and go as others take their place.
Whether an answer may be kept says the view, by the entity tag that is made of nothing else than the revision, the code,
the day and the address (`core.conditional`).

While the database is away, what held when it last told its revision is served, and marked (`core.stale`).
"""

from functools import lru_cache
from threading import Lock
from time import time
from typing import NamedTuple

from compression_middleware.middleware import compressor
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from apps.core import lease
from apps.core.conditional import REVISION, TAG, code_mark, is_anybodys, names_tag
from apps.core.connections import revision, revision_row
from apps.core.outages import OUTAGE, outage_in
from apps.core.replicas import reading
from apps.core.stale import STALE_FOR, send_stale

# What an answer that is kept may vary by: the key tells these apart.
VARIES_BY = {"accept-encoding", "accept"}
# What is said of the content, which a 304 comes without.
OF_CONTENT = {"content-type", "content-length", "content-encoding", "content-language", "content-disposition"}


class Moment(NamedTuple):
    """What all answers change with, but for the address: revision, code, day (whole days since 1970, UTC)."""

    revision: tuple
    code: str
    day: int

    @classmethod
    def now(cls):
        """None where the database has no revision. Raises an error that tells of an outage where it is away."""
        return cls.of(revision_row())

    @classmethod
    def held(cls):
        """None where the database has to be asked."""
        return cls.of(lease.held(reading()))

    @classmethod
    def held_by_connection(cls):
        """The same, of the connection on which an answer would be made."""
        return cls.of(lease.held_by(connections[reading()]))

    @classmethod
    def of(cls, row):
        """Of what `revision_row` gives, None for None."""
        return row and cls(row, code_mark(), int(time() // 86400))


class Answer(NamedTuple):
    """An answer with the status 200, encoded as it is sent."""

    headers: tuple
    content: bytes
    tag: str

    def send(self, environ, start_response):
        """The body, as a WSGI application gives it: none to who has the answer already (304), or asks by HEAD."""
        condition = environ.get("HTTP_IF_NONE_MATCH")
        if condition and names_tag(condition, self.tag):
            told = [header for header in self.headers if header[0].lower() not in OF_CONTENT]
            start_response("304 Not Modified", told)
            return [b""]
        start_response("200 OK", list(self.headers))
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else self.content]


class PageCache:
    """The site, with what anybody may read answered from a store (`core.page_stores`) where it is there."""

    def __init__(self, application, store):
        self.application, self.store = application, store
        # (the last moment that the database told, when it was asked): what was kept under it held then.
        self._last, self._telling = (None, 0), Lock()
        code_mark()  # Of the files as they were loaded, before an upgrade puts others in their place.

    def __call__(self, environ, start_response):
        if not (is_read(environ) and is_anybodys(environ)):
            return self.application(environ, start_response)
        address = request_key(environ)
        moment = Moment.held()
        answer = moment and self.store.get(moment + address)
        if answer is not None:
            return answer.send(environ, start_response)
        if moment and moment == Moment.held_by_connection():
            return self._made(environ, start_response, moment, moment + address)
        # Which finds out that a connection is broken before Django answers on it.
        return self._by_asking(environ, start_response, address, missed=moment)

    def _by_asking(self, environ, start_response, address, missed):
        """`missed` is the Moment of which the answer is not there, None where none was looked for."""
        begun = time()
        try:
            moment = Moment.now()
        except Exception as error:
            return self._without_database(environ, start_response, address, error)
        if moment is None:
            return self.application(environ, start_response)
        with self._telling:
            # A thread that was held up meanwhile knows nothing newer.
            if begun > self._last[1]:
                self._last = moment, begun
        answer = self.store.get(moment + address) if moment != missed else None
        if answer is not None:
            return answer.send(environ, start_response)
        return self._made(environ, start_response, moment, moment + address)

    def _without_database(self, environ, start_response, address, error):
        """What held when the database last told its revision; nothing older, which may have been withdrawn."""
        if not outage_in(error):
            raise error
        if reading() != DEFAULT_DB_ALIAS:
            # A replica that is away is answered for by the primary.
            return self.application(environ, start_response)
        moment, known_at = self._last
        if time() - known_at < STALE_FOR and (answer := self.store.get(moment + address)):
            return send_stale(answer, environ, start_response, known_at)
        # So that nobody asks it again for this request.
        environ[OUTAGE] = error
        return self.application(environ, start_response)

    def _made(self, environ, start_response, moment, key):
        begun = []

        def begin(status, headers, exc_info=None):
            begun[:] = status, tuple(headers)
            return start_response(status, headers, exc_info)

        environ[REVISION] = revision(*moment.revision)
        response = self.application(environ, begin)
        answer = kept(environ, *begun, response)
        # Not what was made while somebody wrote, of which nobody knows what it has of the new.
        if answer and self._still(moment):
            self.store.put(key, answer)
        return response

    def _still(self, moment):
        try:
            return Moment.now() == moment
        except Exception as error:
            if not outage_in(error):
                raise
            return False


def is_read(environ):
    """Whether a page, a list or a file is asked for as a whole, and nothing is sent."""
    path = environ["PATH_INFO"]
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and not path.startswith(settings.STATIC_URL)
        and "/admin/" not in path
        and "HTTP_RANGE" not in environ
        and "HTTP_TRANSFER_ENCODING" not in environ
        and environ.get("CONTENT_LENGTH", "") in ("", "0")
    )


def request_key(environ):
    """All that an answer depends on besides the moment. The address is as it was sent: pages repeat it in links."""
    proxy = settings.SECURE_PROXY_SSL_HEADER
    path = environ["PATH_INFO"]
    return (
        environ["wsgi.url_scheme"],
        environ.get(proxy[0], "") if proxy else "",
        # Without one, Django takes the server's own; one that is empty it refuses.
        environ.get("HTTP_HOST", (environ["SERVER_NAME"], environ["SERVER_PORT"])),
        environ.get("SCRIPT_NAME", ""),
        path,
        environ.get("QUERY_STRING", ""),
        encoding(environ.get("HTTP_ACCEPT_ENCODING", "")),
        # Pages are what they are, whatever is accepted.
        environ.get("HTTP_ACCEPT", "*/*") if path.startswith("/api/") else "",
    )


@lru_cache(maxsize=256)
def encoding(accepted):
    """The encoding in which what is worth it is sent to who accepts these."""
    return compressor(accepted)[0] or ""


def kept(environ, status, headers, response):
    """The answer as it may be kept for others, or None."""
    if status != "200 OK" or environ["REQUEST_METHOD"] != "GET" or getattr(response, "streaming", True):
        return None
    told = {name.lower(): value for name, value in headers}
    varies = {name.strip().lower() for name in told.get("vary", "").split(",")} - {""}
    tag = told.get("etag")
    may = tag and tag == environ.get(TAG) and "public" in told.get("cache-control", "")
    if not may or "set-cookie" in told or varies - VARIES_BY:
        return None
    return Answer(headers, response.content, tag)
