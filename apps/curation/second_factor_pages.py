"""The pages of the second factor in the admin: shown after the password, set up, looked after, taken away."""

from base64 import b32encode

import django_otp
import segno
from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _, gettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from apps.core.admin_forms import is_key
from apps.curation.login_lock import forget, is_allowed, locked
from apps.curation.second_factor import (
    app_of,
    backup_codes_left,
    is_needed_by,
    new_backup_codes,
    seconds_to_wait,
    set_up,
    shown,
    take_away,
)

# In the session: the secret of an app that is being set up.
KEY = "second_factor_key"


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


def second_factor(site, request):
    """For whoever has given the right password: asks for a code, or sets up what shows codes."""
    user = request.user if request.user.is_authenticated else getattr(request, "half_signed_in", None)
    if not (user and user.is_staff):
        return redirect_to_login(request.path, reverse("admin:login"))
    if request.method == "POST" and "_leave" in request.POST:
        # Django's own way out is for who is quite signed in.
        logout(request)
        return HttpResponseRedirect(reverse("admin:login"))
    if not app_of(user):
        return _set_up(site, request, user)
    return _look_after(site, request, user) if request.user.is_authenticated else _ask(site, request, user)


def _ask(site, request, user):
    def enter(device):
        _enter(request, user, device)
        return HttpResponseRedirect(_onward(request))

    return _by_code(site, request, user, enter, asks=True)


def _set_up(site, request, user):
    key = request.session.setdefault(KEY, random_hex())
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        # All of it or nothing, as whoever meets an outage here is told.
        with transaction.atomic():
            if device := set_up(user, key, form.cleaned_data["code"]):
                del request.session[KEY]
                _enter(request, user, device)
                return _show_codes(site, request, user)
        form.add_error("code", _("The app shows another code. Is the clock of its device right?"))
    address = TOTPDevice(user=user, key=key).config_url
    secret = b32encode(bytes.fromhex(key)).decode()
    picture = segno.make(address, error="m").svg_inline(scale=4, light="#fff", svgclass="code")
    return _page(
        site,
        request,
        _("Set up a second factor"),
        form=form,
        is_needed=is_needed_by(user),
        address=address,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        picture=mark_safe(picture),  # nosec B308 B703  # Squares; the address stands in it as these alone.
    )


def _look_after(site, request, user):
    """What somebody who is signed in may change, with a code, lest whoever finds the browser open does."""

    def change(_device):
        if "_codes" in request.POST:
            return _show_codes(site, request, user)
        if "_remove" in request.POST:
            take_away(user)
            messages.success(request, _("The second factor is taken away."))
        return HttpResponseRedirect(request.path)

    return _by_code(site, request, user, change, left=backup_codes_left(user))


def _by_code(site, request, user, answer, **context):
    """The page that asks for a code, or what `answer(device)` says to one that is right."""
    form, wait = CodeForm(request.POST if request.method == "POST" else None), 0
    if request.method == "POST" and not is_allowed(request, user):
        return locked(request)
    if form.is_valid():
        wait = seconds_to_wait(user)
        if wait:
            form.add_error(
                "code", _("After wrong codes: try again in %(seconds)s seconds.") % {"seconds": wait}
            )
        else:
            # A code is used up with what it was shown for, or not at all.
            with transaction.atomic():
                if device := shown(user, form.cleaned_data["code"]):
                    return answer(device)
            credentials = {"username": user.get_username()}
            user_login_failed.send(__name__, credentials=credentials, request=request)
            form.add_error("code", _("This code is wrong, or it was used before."))
    page = _page(site, request, _("Second factor"), status=429 if wait else None, form=form, **context)
    if wait:
        page["Retry-After"] = str(wait)
    return page


def _enter(request, user, device):
    request.user = request.signed_in = user
    django_otp.login(request, device)
    request.session.cycle_key()
    forget(request, user)


def _show_codes(site, request, user):
    return _page(site, request, _("Backup codes"), codes=new_backup_codes(user), next=_onward(request))


def _onward(request):
    asked = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours else reverse("admin:index")


def second_factor_of(site, request, object_id):
    """For superusers, where somebody has lost both phone and backup codes."""
    if not request.user.is_superuser:
        raise PermissionDenied
    user = get_user_model().objects.filter(pk=object_id).first() if is_key(object_id) else None
    if user is None:
        raise Http404
    if request.method == "POST":
        take_away(user)
        said = _("Second factor taken away.")
        LogEntry.objects.log_actions(request.user.pk, [user], CHANGE, said, single_object=True)
        messages.success(request, _("The second factor is taken away."))
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[user.pk]))
    return _page(site, request, _("Second factor"), person=user, has_app=app_of(user) is not None)


def _page(site, request, title, *, status=None, **context):
    request.current_app = site.name
    shared = {**site.each_context(request), "title": title}
    return TemplateResponse(request, "admin/second_factor.html", shared | context, status=status)
