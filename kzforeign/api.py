"""The one router of the API."""

from django.http import HttpResponse
from django.urls import path, re_path
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from apps.agreements.viewsets import AgreementViewSet
from apps.core.viewsets import PublicMixin, UnknownRoute
from apps.events.viewsets import EventViewSet, ProjectViewSet
from apps.figures.viewsets import FigureViewSet
from apps.organizations.viewsets import (
    MembershipViewSet,
    OfficeViewSet,
    OrganizationViewSet,
    SuccessionViewSet,
)
from apps.people.viewsets import PersonViewSet
from apps.relations.viewsets import GraphView, PairView, RelationsView, TimelineViewSet
from apps.relations.viewsets_compare import CompareView
from apps.relations.viewsets_map import MapView
from apps.relations.viewsets_releases import ReleasesView
from apps.relations.viewsets_search import SearchView
from apps.sources.viewsets import SourceViewSet
from apps.states.viewsets import PlaceViewSet, StateViewSet
from apps.visits.viewsets import VisitViewSet

app_name = "api"

# The base name of each is the name of its model, which `Entry.api_url` relies on.
ROUTES = {
    "states": StateViewSet,
    "places": PlaceViewSet,
    "people": PersonViewSet,
    "organizations": OrganizationViewSet,
    "successions": SuccessionViewSet,
    "memberships": MembershipViewSet,
    "offices": OfficeViewSet,
    "events": EventViewSet,
    "projects": ProjectViewSet,
    "visits": VisitViewSet,
    "agreements": AgreementViewSet,
    "figures": FigureViewSet,
    "sources": SourceViewSet,
}
router = SimpleRouter()
for prefix, viewset in ROUTES.items():
    router.register(prefix, viewset, basename=viewset.model._meta.model_name)


class RootView(PublicMixin, APIView):
    """What there is."""

    schema = None

    def get(self, request):
        lists = {prefix: f"api:{viewset.model._meta.model_name}-list" for prefix, viewset in ROUTES.items()}
        names = lists | {
            "timeline": "api:timeline-list",
            "map": "api:map",
            "search": "api:search",
            "graph": "api:graph",
            "compare": "api:compare",
            "releases": "api:release-list",
            "schema": "api:schema",
            "docs": "api:docs",
        }
        found = {name: reverse(view, request=request) for name, view in names.items()}
        # A template of addresses (RFC 6570): it is asked for with a state, or two.
        return Response(found | {"relations": reverse("api:root", request=request) + "relations/{code}/"})


@extend_schema(exclude=True)
class SchemaView(PublicMixin, SpectacularAPIView):
    """The description of the API, OpenAPI 3.1, as JSON."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer]


class DocsView(PublicMixin, SpectacularSwaggerSplitView):
    """A page to read and try the API. Its script has an address of its own (`?script=`), as the CSP wants."""

    url_name = "api:schema"
    template_name = "api/docs.html"

    def options(self, request, *args, **kwargs):
        # What the framework would tell of the view is no page, and this has no other form.
        return HttpResponse(status=204)

    def refuse_parameters(self, given):
        rest = given.copy()
        if rest.getlist("script") == [""]:
            del rest["script"]
        super().refuse_parameters(rest)


urlpatterns = [
    path("", RootView.as_view(), name="root"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("timeline/", TimelineViewSet.as_view({"get": "list"}), name="timeline-list"),
    path("map/", MapView.as_view(), name="map"),
    path("search/", SearchView.as_view(), name="search"),
    path("graph/", GraphView.as_view(), name="graph"),
    path("compare/", CompareView.as_view(), name="compare"),
    path("releases/", ReleasesView.as_view(), name="release-list"),
    path("relations/<slug:code>/", RelationsView.as_view(), name="relations"),
    path("relations/<slug:code>/<slug:other>/", PairView.as_view(), name="relations-pair"),
    *router.urls,
    re_path("", UnknownRoute.as_view()),
]
