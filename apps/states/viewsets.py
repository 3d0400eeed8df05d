from apps.core.viewsets import PublicViewSet
from apps.states import jsonld
from apps.states.filters import PlaceFilter, StateFilter
from apps.states.models import Place, State
from apps.states.serializers import (
    PlaceDetailSerializer,
    PlaceSerializer,
    StateDetailSerializer,
    StateSerializer,
)


class StateViewSet(PublicViewSet):
    """States, present and former, by ISO 3166 alpha-3 code; small letters are taken too."""

    model = State
    linked_data = staticmethod(jsonld.state)
    filterset_class = StateFilter
    serializer_class = StateSerializer
    detail_serializer_class = StateDetailSerializer
    lookup_field = "code"
    lookup_value_regex = "[^/]{3}"
    lookup_description = "ISO 3166-1 alpha-3 code; of a former state its last code."
    lookup_example = "CHN"

    def initialize_request(self, request, *args, **kwargs):
        if "code" in self.kwargs:
            self.kwargs["code"] = self.kwargs["code"].upper()
        return super().initialize_request(request, *args, **kwargs)


class PlaceViewSet(PublicViewSet):
    """Cities, regions and emirates, each in its state."""

    model = Place
    linked_data = staticmethod(jsonld.place)
    filterset_class = PlaceFilter
    serializer_class = PlaceSerializer
    detail_serializer_class = PlaceDetailSerializer
    lookup_example = "almaty"

    def get_queryset(self):
        return Place.objects.select_related("state")
