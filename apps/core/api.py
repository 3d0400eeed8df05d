"""What the settings of Django REST Framework name: strict parameters, and errors by RFC 9457.

It is imported while that framework is, so it must not import the framework's views.
"""

import sys
from http import HTTPStatus
from math import ceil

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.views import defaults
from rest_framework.exceptions import APIException, NotFound, ParseError
from rest_framework.filters import BaseFilterBackend

from apps.core.request_ids import HEADER, current_id
from apps.core.views_absent import Elsewhere, Withdrawn

PROBLEM = "application/problem+json"


class BadParameters(APIException):
    """Something is wrong with parameters of the address; `faults` says of each what."""

    status_code = 400

    def __init__(self, faults):
        self.faults = faults
        names = ", ".join(dict.fromkeys(fault.parameter for fault in faults))
        noun = "parameter" if len(faults) == 1 else "parameters"
        super().__init__(f"Wrong {noun}: {names}.")


def body(status, detail, faults=(), **members):
    """A problem as RFC 9457 has it; "about:blank" says that the status tells what kind of problem it is."""
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": str(detail),
        **members,
    }
    if faults:
        problem["errors"] = [
            {
                "parameter": fault.parameter,
                "value": fault.value,
                "detail": fault.detail,
                **({"allowed": list(fault.allowed)} if fault.allowed else {}),
            }
            for fault in faults
        ]
    return problem


def problem(exception, context):
    """Answers an exception in a view of the API; None, which Django then answers, for one that nobody foresaw."""
    if isinstance(exception, SuspiciousOperation):
        exception = ParseError("The address could not be read: it holds too much, or what no address holds.")
    if isinstance(exception, Withdrawn):
        return no_longer_public(exception.gone)
    if isinstance(exception, Elsewhere):
        return exception.page(context["request"])
    if isinstance(exception, Http404):
        exception = NotFound("There is nothing at this address.")
    if not isinstance(exception, APIException):
        return None
    response = problem_response(exception.status_code, exception.detail, getattr(exception, "faults", ()))
    if wait := getattr(exception, "wait", None):
        response["Retry-After"] = ceil(wait)
    return response


def problem_response(status, detail, faults=(), **members):
    """A problem in JSON, whatever the view else writes; also for what answers before any view does."""
    if number := current_id():
        members["request_id"] = number
    problem = body(status, detail, faults, **members)
    return open_to_all(JsonResponse(problem, status=status, content_type=PROBLEM))


def no_longer_public(gone):
    """410, with when and why it was withdrawn where that is on record."""
    return problem_response(410, gone.sentence, reason=gone.because or None, withdrawn_at=gone.at)


def open_to_all(response, request=None):
    """Lets pages of any site read the answer and these of its headers, and ask for it under conditions."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = f"Content-Disposition, ETag, Link, Retry-After, {HEADER}"
    if request and request.method == "OPTIONS":
        response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        response["Access-Control-Max-Age"] = "86400"
    return response


def is_api(request):
    return request.path_info.startswith("/api/")


def bad_request(request, exception):
    """Django's handler for an address refused before any view sees it, such as one for another host.

    Also for a session that cannot be kept, since its row is gone or since the database is away, after the view's own
    transaction has ended well or not.
    """
    from apps.core.outages import outage_in, unavailable

    if outage := outage_in(exception):
        return unavailable(request, outage)
    if is_api(request):
        return problem_response(400, "The request could not be read.")
    return defaults.bad_request(request, exception)


def not_found(request, exception):
    """Django's handler for what no route takes. Its own reads the form that is sent, and fails where it is broken."""
    return render(request, "404.html", status=404)


def server_error(request):
    """Django's handler for what nobody foresaw, and for a database that is away."""
    from apps.core.outages import answer_of

    if answer := answer_of(request, sys.exc_info()[1]):
        return answer
    if is_api(request):
        return problem_response(500, "Something went wrong here, and has been put on record.")
    page = loader.get_template("500.html").render({"request_id": current_id()})
    return HttpResponseServerError(page)


def checked(request, queryset, view):
    """The filter set of the view for what the address asks for; raises BadParameters where that is wrong."""
    filterset = view.filterset_class(request.query_params, queryset, request=request, for_api=True)
    if not filterset.is_valid():
        raise BadParameters(filterset.faults)
    return filterset


class StrictFilterBackend(BaseFilterBackend):
    """Narrows a list by the view's filter set, which it leaves on the view for the pagination."""

    def filter_queryset(self, request, queryset, view):
        view.filterset = checked(request, queryset, view)
        return view.filterset.qs

    def get_schema_operation_parameters(self, view):
        return view.filterset_class.parameters()
