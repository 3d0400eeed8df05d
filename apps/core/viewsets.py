"""What every address of the API shares: read-only, open, in one language, and none without an answer in JSON."""

from functools import cache

from django.http import HttpResponseNotModified, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from rest_framework.exceptions import MethodNotAllowed, NotFound
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from apps.core.addresses import address_of_view, root
from apps.core.api import BadParameters, checked, open_to_all
from apps.core.changes import is_undone
from apps.core.conditional import NotModified, entity_tag, has_it
from apps.core.csv_lists import EntryTable, csv_answer
from apps.core.faults import Fault, shortened
from apps.core.jsonld import MEDIA_TYPE
from apps.core.keysets import looked_up
from apps.core.models import Entry
from apps.core.rows import Listing, Reading
from apps.core.shapes import HasShapes
from apps.core.views_absent import traced


class PublicMixin:
    """Read-only and open to every page of the web; without parameters, unless the action is a list.

    Always in English (`core.middleware.Languages`), so that one address has one answer; names in other languages stand
    in `names`.
    """

    http_method_names = ["get", "head", "options"]
    # What the parameter `format` may ask for, where the address is not that of a list.
    formats = ("json",)
    # The parameters that are taken there besides, each checked by the view itself.
    parameters = ()
    # The entity tag of the answer, once it is known.
    tag = ""

    def initialize_request(self, request, *args, **kwargs):
        asked = super().initialize_request(request, *args, **kwargs)
        # What is looked at most often, which it has not itself: it would fail there first each time.
        asked.META, asked.method = request.META, request.method
        return asked

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if request.method.lower() not in self.http_method_names:
            # Before the parameters, which are not what is wrong.
            raise MethodNotAllowed(shortened(request.method))
        if getattr(self, "action", None) != "list":
            self.refuse_parameters(request.query_params)
        if request.method in ("GET", "HEAD") and not is_undone():
            self.tag = entity_tag(request, self.made_of())
            if has_it(request, self.tag):
                raise NotModified

    def perform_authentication(self, request):
        """Nobody signs in here, and the framework would put its own nobody in the place of `request.user`."""

    def made_of(self):
        """A text that is another one where the answer is, though the database is the same; for most there is none."""
        return ""

    def handle_exception(self, exc):
        return HttpResponseNotModified() if isinstance(exc, NotModified) else super().handle_exception(exc)

    def refuse_parameters(self, given):
        known = (*self.parameters, "format")
        faults = [
            Fault.of(name, value, "There is no such parameter here.", known)
            for name, value in given.items()
            if name not in known
        ]
        for value in given.getlist("format"):
            if value not in self.formats:
                detail = f"This format is not known here. Allowed: {', '.join(self.formats)}."
                faults.append(Fault.of("format", value, detail, self.formats))
        if faults:
            raise BadParameters(faults)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        # Whoever keeps an answer asks each time whether it still holds: what was withdrawn must not live on.
        response["Cache-Control"] = "no-store"
        if self.tag and response.status_code in (200, 304):
            response["Cache-Control"], response["ETag"] = "public, no-cache", self.tag
        described = f'<{root(request)}{address_of_view("api:schema")}>; rel="service-desc"'
        response["Link"] = ", ".join(filter(None, [response.headers.get("Link"), described]))
        if isinstance(response, Response):
            response.add_post_render_callback(self.let_go)
        return open_to_all(response, request)

    def let_go(self, response):
        """Once the answer is written. View, request and answer know each other, and so would keep all its rows.

        These are freed at once then, and their memory taken for the next answer, where the garbage collector would find
        them later, and look through them until then.
        """
        response.renderer_context = {}
        self.__dict__.clear()


class ListAsCsv:
    """Answers `format=csv` with the whole list that the address asks for."""

    def rows(self, request):
        """The page of the list that the address asks for."""
        return super().list(request)

    def list(self, request, *args, **kwargs):
        if request.query_params.get("format") != "csv":
            return self.rows(request)
        rows = looked_up(self.filter_queryset(self.get_csv_queryset()))
        return csv_answer(self.get_table(), rows, request, bom=request.query_params.get("bom") == "yes")

    def get_csv_queryset(self):
        """The rows of the list with what their titles name."""
        return self.get_queryset()

    def get_table(self):
        return EntryTable(self.model)


class PublicViewSet(HasShapes, PublicMixin, ListAsCsv, ReadOnlyModelViewSet):
    """The published rows of `model`: a list by `filterset_class`, one row by its public identifier."""

    model = None
    filterset_class = None
    detail_serializer_class = None
    lookup_field = "slug"
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    lookup_description = "The slug of the entry, as lists and references give it."
    lookup_example = ""
    formats = ("json", "jsonld")
    # A row and a request to what the row is as JSON-LD.
    linked_data = None

    def get_queryset(self):
        return self.model.objects.published().for_detail()

    @classmethod
    @cache
    def listing(cls):
        """What its list is made of, which is the same for every request."""
        found = cls.model.objects.themselves_published() if issubclass(cls.model, Entry) else None
        return Listing(cls.serializer_class(), cls(action="list").get_queryset(), found)

    def rows(self, request):
        self.filterset = checked(request, self.listed(), self)
        page = self.filterset.page(reader=Reading(self.listing(), request), shapes=self.shapes())
        self.paginator.turn_to(page, request)
        return self.get_paginated_response(page.rows)

    @classmethod
    @cache
    def listed(cls):
        """The rows that there are, for filters to narrow. All requests share it, so that nobody reads it itself."""
        rows = cls.model.objects
        return rows.published_one_by_one() if issubclass(cls.model, Entry) else rows.all()

    def get_csv_queryset(self):
        if not issubclass(self.model, Entry):
            return self.get_queryset()
        return self.model.objects.published().for_title()

    def get_serializer_class(self):
        is_detail = self.action == "retrieve" and self.detail_serializer_class
        return self.detail_serializer_class if is_detail else self.serializer_class

    def get_object(self):
        """Not Django REST Framework's own, which would apply the parameters of a list."""
        identifier = self.kwargs[self.lookup_field]
        row = self.get_queryset().filter(**{self.lookup_field: identifier}).first()
        if row is None:
            kind = self.model._meta.verbose_name
            raise traced(self.model, identifier, self.lookup_field) or NotFound(
                f"There is no published {kind} with the {self.lookup_field} “{shortened(identifier)}”."
            )
        return self.completed(row)

    def completed(self, row):
        """The row with what its detail has besides and no queryset loads; nothing, of most kinds."""
        return row

    def retrieve(self, request, *args, **kwargs):
        if request.query_params.get("format") != "jsonld":
            return super().retrieve(request, *args, **kwargs)
        return Response(self.linked_data(self.get_object(), request), content_type=MEDIA_TYPE)


class UnknownRoute(PublicMixin, APIView):
    """Whatever address no other route takes: a 404, or a redirect to the same address with the slash it lacks."""

    schema = None

    def dispatch(self, request, *args, **kwargs):
        slashed = f"{request.path_info}/"
        if request.method in ("GET", "HEAD") and not request.path_info.endswith("/") and has_route(slashed):
            return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request, *args, **kwargs):
        """Before the method is looked at: what is not there takes no other either."""
        raise NotFound("There is nothing at this address. The API begins at /api/v1/.")


def has_route(path):
    try:
        return getattr(resolve(path).func, "cls", None) is not UnknownRoute
    except Resolver404:
        return False
