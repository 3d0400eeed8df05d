"""The second factor: six digits that an app shows (TOTP, RFC 6238), or one of ten backup codes, each good for once.

Kept by django-otp, which lets no code count twice and makes who tries wrong ones wait longer each time.
"""

import re
from time import time

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp import DEVICE_ID_SESSION_KEY, verify_token
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from apps.curation.roles import REVIEW

BACKUP_CODES = 10


def is_needed_by(user):
    """Whether this user may not be without one."""
    return settings.SECOND_FACTOR and user.is_staff and user.has_perm(REVIEW)


def app_of(user):
    """The device that stands for the user's app, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def is_asked_of(user):
    return app_of(user) is not None or is_needed_by(user)


def is_shown(session, user):
    """Whether it was shown in this session, by a device that the user still has."""
    device = (
        Device.from_persistent_id(session[DEVICE_ID_SESSION_KEY])
        if DEVICE_ID_SESSION_KEY in session
        else None
    )
    return device is not None and device.user_id == user.pk and device.confirmed


def shown(user, code):
    """The device that takes the code, or None."""
    code = re.sub(r"[\s-]", "", code).lower()
    is_of_app = len(code) == 6 and code.isascii() and code.isdigit()
    device = (TOTPDevice if is_of_app else StaticDevice).objects.filter(user=user, confirmed=True).first()
    return device and verify_token(user, device.persistent_id, code if is_of_app else kept(code))


def seconds_to_wait(user):
    """Until another code may be tried, after wrong ones."""
    waits = [0]
    for model in (TOTPDevice, StaticDevice):
        for device in model.objects.filter(user=user, confirmed=True):
            may, why = device.verify_is_allowed()
            if not may:
                waits.append(int(why["locked_until"].timestamp() - time()) + 1)
    return max(waits)


def set_up(user, key, code):
    """The device of an app that has the key, if it shows that code; in place of any that the user had before."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time()
    code = re.sub(r"\s", "", code)
    if not (len(code) == 6 and code.isascii() and code.isdigit() and totp.verify(int(code), tolerance=1)):
        return None
    with transaction.atomic():
        take_away(user)
        return TOTPDevice.objects.create(user=user, name="app", key=key, last_t=totp.t(), confirmed=True)


def new_backup_codes(user):
    """In place of those that there were. Only what they are told by is kept, so that they are seen this once."""
    codes = [StaticToken.random_token() for _each in range(BACKUP_CODES)]
    with transaction.atomic():
        # The same device as before: who came in by a code of it stays, and tries that were wrong still count.
        device, _new = StaticDevice.objects.get_or_create(user=user, name="backup", confirmed=True)
        device.token_set.all().delete()
        StaticToken.objects.bulk_create(StaticToken(device=device, token=kept(code)) for code in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def kept(code):
    return salted_hmac("kzforeign.backup", code).hexdigest()[:16]


def backup_codes_left(user):
    return StaticToken.objects.filter(device__user=user).count()


def take_away(user):
    """All of it. Sessions in which it was shown count as half signed in, where it is needed."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
