"""How much of the API one address may ask for."""

from django.conf import settings
from rest_framework.throttling import AnonRateThrottle, BaseThrottle


class PerAddress(AnonRateThrottle):
    """So many requests in so long, `settings.API_RATE`; each server process counts for itself."""

    def get_rate(self):
        return settings.API_RATE or None


def address_of(request):
    """Of whoever asks: what the outermost of the TRUSTED_PROXIES says, or without one who is connected."""
    return BaseThrottle().get_ident(request)
