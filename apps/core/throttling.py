"""How much of the API one address may ask for."""

from django.conf import settings
from rest_framework.throttling import AnonRateThrottle


class PerAddress(AnonRateThrottle):
    """So many requests in so long, `settings.API_RATE`; each server process counts for itself."""

    def get_rate(self):
        return settings.API_RATE or None
