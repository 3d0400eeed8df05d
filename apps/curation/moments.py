"""Moments in addresses: ISO 8601, as a day or as a time with its offset from UTC."""

import re
from datetime import UTC, date, datetime, time

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

# An address in which "+" was not escaped has a blank there.
_UNESCAPED = re.compile(r"(.*[0-9]) ([0-9]{2}:?[0-9]{2})")


def moment_of(text):
    """The moment that the text names, a day being the end of it in UTC; today is now.

    ValidationError, in a sentence, for what is none, and for what is still to come.
    """
    now = timezone.now()
    found = _end_of_day(text, now) or _time(text)
    if found is None:
        raise ValidationError(
            _(
                "Give a day, as 2026-05-01, or a time with its offset from UTC, as 2026-05-01T12:00:00Z, "
                "and not “%(text)s”."
            )
            % {"text": text[:40]}
        )
    if found > now:
        raise ValidationError(_("%(text)s is still to come.") % {"text": text[:40]})
    return found


def _end_of_day(text, now):
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return now if day == now.date() else datetime.combine(day, time.max, UTC)


def _time(text):
    try:
        found = datetime.fromisoformat(_UNESCAPED.sub(r"\1+\2", text, count=1))
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def in_address(moment):
    """The moment as `moment_of` reads it, to the microsecond."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
