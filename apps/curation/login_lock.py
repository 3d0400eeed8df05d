"""How many wrong tries at a login there may be, counted by django-axes, with three counts where it has one.

Ten for one account from one address: then this address waits. A hundred for one account from all addresses, or from one
address for all accounts: then whoever is not known waits. Known is a browser that has logged in to the account before
(a signed cookie), so that nobody keeps curators out by trying their names from many places or from their own office.

Nothing that was typed is kept: a password is easily typed where the name belongs. Rows are gone with the first try
after their time, and there are no more of them than there may be tries.
"""

from copy import copy
from datetime import timedelta
from ipaddress import ip_address, ip_network

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.db.models import Q, Sum
from django.http import QueryDict
from django.shortcuts import render
from django.utils.crypto import salted_hmac

from apps.core.throttling import address_of

# Of AXES_FAILURE_LIMIT, for which whoever is not known counts from everywhere, or for everybody.
WIDE = 10
SALT = "kzforeign.login"
KNOWN_FOR = timedelta(days=180)


def account_of(request, credentials):
    """The name of an account as it is kept, whether there is such an account or not."""
    name = (credentials or {}).get("username") or ""
    return salted_hmac(SALT, name).hexdigest()[:32]


def whereabouts(request):
    """The address by which tries are counted, of IPv6 the network that one line has; None where nobody knows."""
    try:
        address = ip_address(address_of(request) or "")
    except ValueError:
        return None
    if address.version == 6:
        mapped = address.ipv4_mapped
        return str(mapped or ip_network((int(address), 64), strict=False).network_address)
    return str(address)


def told(account, address, *_more):
    """Of a try, in the log."""
    return f"account {account[:8] if account else ''} from {address}"


class Lock(AxesDatabaseHandler):
    def get_failures(self, request, credentials=None):
        """The worst of the counts, of the wide ones a tenth."""
        account, address = get_client_username(request, credentials), request.axes_ip_address
        of_account, of_address = Q(username=account), Q(ip_address=address)
        lately = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
        counts = lately.filter(of_account | of_address).aggregate(
            here=Sum("failures_since_start", filter=of_account & of_address, default=0),
            account=Sum("failures_since_start", filter=of_account, default=0),
            address=Sum("failures_since_start", filter=of_address, default=0),
        )
        if is_known(request, account):
            return counts["here"]
        wide = max(counts["account"], counts["address"] if address else 0)
        return max(counts["here"], wide // WIDE)

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is None:
            return
        # Axes keeps what was sent, and what the browser says of itself.
        bare = copy(request)
        bare.GET = bare.POST = QueryDict()
        bare.axes_user_agent = bare.axes_http_accept = ""
        super().user_login_failed(sender, credentials, bare, **kwargs)
        request.axes_locked_out = bare.axes_locked_out
        request.axes_credentials = credentials

    def user_logged_in(self, sender, request, user, **kwargs):
        """Nothing is forgotten before the second factor was shown too (`forget`)."""
        self.clean_expired_user_attempts(request)


def is_allowed(request, user):
    """Whether the user may try something secret once more; what is not allowed is answered by `locked`."""
    allowed = AxesProxyHandler.is_allowed(request, {"username": user.get_username()})
    request.axes_locked_out = not allowed
    return allowed


def forget(request, user):
    """The wrong tries of somebody who has logged in since, and remember the browser."""
    account = account_of(request, {"username": user.get_username()})
    AccessAttempt.objects.filter(username=account, ip_address=whereabouts(request)).delete()
    request.known_browser = account


def is_known(request, account):
    name = settings.KNOWN_BROWSER_COOKIE
    return request.get_signed_cookie(name, default="", salt=SALT, max_age=KNOWN_FOR) == account


def remember(request, response):
    """Sets the cookie of a browser that has just logged in."""
    if account := getattr(request, "known_browser", None):
        response.set_signed_cookie(
            settings.KNOWN_BROWSER_COOKIE,
            account,
            salt=SALT,
            max_age=KNOWN_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
    return response


def locked(request, response=None, credentials=None):
    """The same for every name, and for the right password as for a wrong one."""
    wait = settings.AXES_COOLOFF_TIME.seconds
    context = admin.site.each_context(request) | {"minutes": wait // 60}
    answer = render(request, "admin/locked.html", context, status=429)
    answer["Retry-After"] = str(wait)
    answer["Cache-Control"] = "private, no-store"
    return answer
