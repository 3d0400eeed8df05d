"""What every page shows around its content."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

SECTIONS = [
    (_("States"), "state-list"),
    (_("Organizations"), "organization-list"),
    (_("People"), "person-list"),
    (_("Visits"), "visit-list"),
    (_("Agreements"), "agreement-list"),
    (_("Events"), "event-list"),
    (_("Projects"), "project-list"),
    (_("Figures"), "figure-list"),
    (_("Memberships"), "membership-list"),
    (_("Offices"), "office-list"),
    (_("Time line"), "timeline"),
    (_("Sources"), "source-list"),
]


def site_sections(request):
    """(label, address, "page" | "true" | "") of each section; the last says whether the reader is in it."""

    def current(url):
        if request.path == url:
            return "page"
        return "true" if request.path.startswith(url) else ""

    addresses = [(label, reverse(name)) for label, name in SECTIONS]
    return {"site_sections": [(label, url, current(url)) for label, url in addresses]}
