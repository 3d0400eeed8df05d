"""What is answered where an address names nothing that is public, and more is known than that."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from apps.core.fixtures import identifier_of
from apps.core.whereabouts import Gone, whereabouts


class Answered(Http404):
    """Nothing is there, and `page` says of it what is known."""

    def page(self, request):
        raise NotImplementedError


class Explained(Answered):
    """Nothing is there, for a reason that the reader is told."""

    def page(self, request):
        response = render(request, "404.html", {"reason": str(self)}, status=404)
        response.is_explained = True
        return response


class Elsewhere(Answered):
    """What the parameter of the address names is public under another identifier."""

    def __init__(self, row, parameter):
        self.row, self.parameter = row, parameter

    def page(self, request):
        match = request.resolver_match
        response = moved(request, match.view_name, **match.kwargs | {self.parameter: self.row.public_id})
        # What was merged may be taken apart again.
        response["Cache-Control"] = "no-store"
        return response


class Withdrawn(Answered):
    """What the address names was public, and is no longer."""

    def __init__(self, gone):
        self.gone = gone

    def page(self, request):
        context = {"gone": self.gone, "list_url": list_of(self.gone.model)}
        response = render(request, "410.html", context, status=410)
        # It may be public again tomorrow.
        response["Cache-Control"] = "no-store"
        return response


def moved(request, view_name, **kwargs):
    """A redirect for good to the address of the view, with the query that was sent."""
    query = request.META["QUERY_STRING"]
    address = reverse(view_name, kwargs=kwargs)
    return HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)


def list_of(model):
    """The address of the list of all of a kind; "" for a kind that has none."""
    try:
        return reverse(f"{model._meta.model_name}-list")
    except NoReverseMatch:
        return ""


def found(rows, identifier, parameter):
    """The one of the public rows that the parameter of an address names; one query."""
    row = rows.filter(**{identifier_of(rows.model): identifier}).first()
    if row is None:
        raise traced(rows.model, identifier, parameter) or Http404
    return row


def traced(model, identifier, parameter):
    """The exception to raise where the parameter of an address names nothing public; None where it never did."""
    fate = whereabouts(model, identifier)
    if isinstance(fate, Gone):
        return Withdrawn(fate)
    return Elsewhere(fate.row, parameter) if fate else None
