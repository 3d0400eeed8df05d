"""Whether the process answers, and whether the site does: for who watches it or sends readers to it.

Answered in front of everything, so that neither a host's name nor a session, nor HTTPS, nor a database that is away
matters: `/health/live` asks no database, `/health/ready` asks whether there is one with all tables.
"""

from functools import cache

from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.http import HttpResponse

LIVE, READY = "/health/live", "/health/ready"
QUERY = "SELECT app, name FROM django_migrations"
HEADERS = {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
REASONS = {200: "200 OK", 405: "405 Method Not Allowed", 503: "503 Service Unavailable"}


def health(path, method):
    """(status, headers, text) at one of the two addresses."""
    if method not in ("GET", "HEAD"):
        status, text = 405, "This address takes GET and HEAD."
    elif path == LIVE:
        status, text = 200, "live"
    else:
        missing = what_is_missing()
        status, text = (503, missing) if missing else (200, "ready")
    headers = HEADERS | ({"Allow": "GET, HEAD"} if status == 405 else {})
    return status, headers | ({"Retry-After": "5"} if status == 503 else {}), f"{text}\n"


def what_is_missing():
    """A sentence, or nothing. Where there is a replica, readers are served as long as it or the primary answers."""
    found = ""
    for alias in connections:
        try:
            applied = set(_applied(connections[alias]))
        except (
            Exception
        ):  # Whatever the reason, the site is not ready; the site's own requests have it in the log.
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
        needed()  # While there is time, and of the files that this process was started from.

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path not in (LIVE, READY):
            return self.application(environ, start_response)
        status, headers, text = health(path, environ["REQUEST_METHOD"])
        start_response(REASONS[status], [*headers.items(), ("Content-Length", str(len(text)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else text.encode()]


def view(request):
    """The same, where the site is not served by WSGI."""
    status, headers, text = health(request.path_info, request.method)
    return HttpResponse(text, status=status, headers=headers)
