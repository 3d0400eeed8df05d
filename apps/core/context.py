"""What every page shows around its content."""

from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, gettext_lazy as _, override

from apps.core.asof import OF_CURATORS, control_of, parameters
from apps.core.languages import in_language, language_of

# What is recorded, by kind; and the views of all of it together.
SECTIONS = [
    [
        (_("States"), "state-list"),
        (_("Organizations"), "organization-list"),
        (_("People"), "person-list"),
        (_("Memberships"), "membership-list"),
        (_("Offices"), "office-list"),
        (_("Visits"), "visit-list"),
        (_("Agreements"), "agreement-list"),
        (_("Events"), "event-list"),
        (_("Projects"), "project-list"),
        (_("Figures"), "figure-list"),
    ],
    [
        (_("Map"), "map"),
        (_("Time line"), "timeline"),
        (_("Years"), "years"),
        (_("Matrix"), "matrix"),
        (_("Balance"), "balance"),
        (_("Compare"), "compare"),
        (_("Sources"), "source-list"),
    ],
]


def site_sections(request):
    """Groups of (label, address, "page" | "true" | ""); the last says whether the reader is in that section."""

    def current(url):
        if request.path == url:
            return "page"
        return "true" if request.path.startswith(url) else ""

    groups = _sections(get_language(), get_script_prefix())
    return {"site_sections": [[(label, url, current(url)) for label, url in group] for group in groups]}


@lru_cache(maxsize=16)
def _sections(language, prefix):
    """The addresses of the sections, which are the same on all pages of a language at a place of the server."""
    return [[(label, reverse(name)) for label, name in group] for group in SECTIONS]


def day(request):
    """The control in the header that asks for a day."""
    return {"day_control": control_of(request)}


class Language(NamedTuple):
    """A language in which the page can be read: its code, its own name, the page's address in it."""

    code: str
    name: str
    address: str
    is_current: bool


def languages(request):
    """The page in each language, its query included; of what has one address whatever the language, the first page."""
    current = language_of(request.path_info)
    address = address_of(request) if is_translated(request.resolver_match) else get_script_prefix()
    return {
        "languages": [
            Language(code, name, in_language(address, code), code == current)
            for code, name in settings.LANGUAGES
        ]
    }


def address_of(request):
    """The address as it was asked for, without what is of curators alone."""
    if not any(name in request.META.get("QUERY_STRING", "") for name in OF_CURATORS):
        return request.get_full_path()
    given = parameters(request)
    return f"{request.path}?{given.urlencode()}" if given else request.path


def is_translated(match):
    """Whether the page that was found for an address stands at one address for each language."""
    if match is None or not match.url_name:
        return False
    # What holds of a page holds of all pages of its kind, and two addresses take long to write.
    if match.view_name not in _translated:
        _translated[match.view_name] = len({*_addresses(match)}) > 1
    return _translated[match.view_name]


_translated = {}


def _addresses(match):
    for code, _name in settings.LANGUAGES[:2]:
        with override(code):
            yield reverse(match.view_name, args=match.args, kwargs=match.kwargs)
