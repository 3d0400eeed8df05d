"""Every pattern of the URL resolver."""

from django.urls import get_resolver


def patterns(resolver=None, before=""):
    """(route, pattern) of each that leads to a view; the route as ResolverMatch.route spells it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        own = str(pattern.pattern)
        route = before + own.removeprefix("^") if before else own
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern, route)
        else:
            yield route, pattern
