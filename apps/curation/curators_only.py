"""Middleware that only curators need, and readers pass by: sessions, users, messages, the author of what is written.

A reader's request tells nothing of who asks (`core.conditional.is_anybodys`), and to prepare a session and what hangs
on it takes a tenth of the time of a short list. So such a request has no `session` and no `user`: the context
processors of Django take that for nobody, and a view that wants either finds it only where something was sent.
"""

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
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
    """Mixed into middleware that is passed by in requests of readers."""

    def __call__(self, request):
        return self.get_response(request) if is_readers(request) else super().__call__(request)


class Sessions(PassedBy, SessionMiddleware):
    pass


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
