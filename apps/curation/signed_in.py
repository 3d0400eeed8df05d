"""Who counts as signed in: whose session is young enough, and who has shown the second factor, where one is asked for.

Whoever has not is nobody (`request.user` is anonymous), so that no page of the admin has to think of it;
`request.half_signed_in` is the user whose password was right. A reader's request has no `user` at all
(`curation.curators_only`).
"""

from functools import partial
from time import time

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from apps.curation.curators_only import is_readers
from apps.curation.login_lock import forget, remember
from apps.curation.second_factor import is_asked_of, is_shown

# In the session, in seconds since 1970.
BEGAN, SEEN = "began", "seen"
# How often it is written that somebody is still there.
NOTED_EVERY = 60


class SignedIn:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if is_readers(request):
            return self.get_response(request)
        request.user = SimpleLazyObject(lambda: user_of(request))
        request.auser = partial(auser_of, request)
        return remember(request, self.get_response(request))


async def auser_of(request):
    return await sync_to_async(user_of)(request)


def user_of(request):
    """Asked for by what needs it alone: an answer that has looked is for this user only."""
    if not hasattr(request, "signed_in"):
        request.signed_in = _user_of(request)
    return request.signed_in


def _user_of(request):
    user = get_user(request)
    if not user.is_authenticated:
        return user
    if not is_young(request.session):
        request.session.flush()
        return AnonymousUser()
    if is_shown(request.session, user) or not is_asked_of(user):
        return user
    request.half_signed_in = user
    return AnonymousUser()


def begin(request, user, **kwargs):
    """As a receiver of `user_logged_in`, when the password was right."""
    request.session[BEGAN] = request.session[SEEN] = int(time())
    if not is_asked_of(user):
        forget(request, user)


def is_young(session):
    """Whether neither of its ages is over; notes that it is used."""
    now, began, seen = int(time()), session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:
        return False  # Of before these were written.
    if now - began > settings.SESSION_AGE_SECONDS or now - seen > settings.SESSION_IDLE_SECONDS:
        return False
    if now - seen >= NOTED_EVERY:
        session[SEEN] = now
    return True
