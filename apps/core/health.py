"""Whether the process answers, and whether the site does: for who watches it or sends readers to it.

Answered in front of everything, so that neither a host's name nor a session, nor HTTPS, nor a database that is away
matters: `/health/live` asks no database, `/health/ready` asks whether there is one with all tables.
"""

from functools import cache

from django.core.handlers.wsgi import WSGIRequest
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware

from apps.core.answer_headers import AnswerHeaders
from apps.core.outages import RETRY_AFTER

LIVE, READY = "/health/live", "/health/ready"
QUERY = "SELECT app, name FROM django_migrations"


def view(request):
    """The answer at one of the two addresses."""
    if request.method not in ("GET", "HEAD"):
        return _told(405, "This address takes GET and HEAD.", Allow="GET, HEAD")
    if request.path_info == LIVE:
        return _told(200, "live")
    if missing := what_is_missing():
        return _told(503, missing, **{"Retry-After": str(RETRY_AFTER)})
    return _told(200, "ready")


def _told(status, text, **headers):
    headers = {"Cache-Control": "no-store", **headers}
    return HttpResponse(f"{text}\n", status=status, headers=headers, content_type="text/plain; charset=utf-8")


def what_is_missing():
    """A sentence, or nothing. Where there is a replica, readers are served as long as it or the primary answers."""
    found = ""
    for alias in connections:
        try:
            applied = set(_applied(connections[alias]))
        except Exception:
            # Whatever the reason, the site is not ready; the site's own requests have it in the log.
            found = found or "The database does not answer."
            continue
        if needed() <= applied:
            return ""
        found = "Migrations are not applied."
    return found


def _applied(connection):
    """The migrations that the database knows, asked once more where the connection has gone stale."""
    for attempt in (1, 2):
        was_open = connection.connection is not None
        try:
            with connection.cursor() as cursor:
                cursor.execute(QUERY)
                return cursor.fetchall()
        except Exception:
            if connection.in_atomic_block:
                raise
            connection.close()
            if attempt == 2 or not was_open:
                raise


@cache
def needed():
    """The last migrations of each app, as far as this process knows them."""
    return set(MigrationLoader(None).graph.leaf_nodes())


class Health:
    """The WSGI application, with the two addresses answered before it."""

    def __init__(self, application):
        self.application = application
        # With the headers of every answer.
        self.answer = AnswerHeaders(SecurityMiddleware(view))
        needed()  # While there is time, and of the files that this process was started from.

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] not in (LIVE, READY):
            return self.application(environ, start_response)
        response = self.answer(WSGIRequest(environ))
        response["Content-Length"] = str(len(response.content))
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else response.content]
