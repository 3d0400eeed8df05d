"""Middleware of Django and others that only those have need of whom something tells: a session, a token, a message.

Whoever reads sends nothing of the kind (`core.conditional.is_anybodys`), and passes them by: to prepare a session and
what hangs on it takes a tenth of what a short list takes. So such a request has no `session` and no `user`, which the
context processors of Django take for nobody.
"""

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from simple_history.middleware import HistoryRequestMiddleware

from apps.core.conditional import is_anybodys
from apps.core.middleware import of_admin


def is_readers(request):
    """Whether somebody reads what anybody may, and nothing tells who; looked at once for each request."""
    try:
        return request.is_readers
    except AttributeError:
        request.is_readers = (
            request.method in ("GET", "HEAD") and is_anybodys(request.META) and not of_admin(request)
        )
        return request.is_readers


class PassedBy:
    """To be mixed in: the middleware is there for all requests but those of readers."""

    def __call__(self, request):
        return self.get_response(request) if is_readers(request) else super().__call__(request)


class Sessions(PassedBy, SessionMiddleware):
    pass


class Tokens(PassedBy, CsrfViewMiddleware):
    def process_view(self, request, *view):
        return None if is_readers(request) else super().process_view(request, *view)


class Users(PassedBy, AuthenticationMiddleware):
    pass


class Messages(PassedBy, MessageMiddleware):
    pass


class Authors:
    """Tells the history of entries who writes."""

    def __init__(self, get_response):
        self.get_response, self.noting = get_response, HistoryRequestMiddleware(get_response)

    def __call__(self, request):
        return self.get_response(request) if is_readers(request) else self.noting(request)
