from apps.core.viewsets import PublicViewSet
from apps.visits import jsonld
from apps.visits.filters import VisitFilter
from apps.visits.models import Visit
from apps.visits.serializers import VisitSerializer


class VisitViewSet(PublicViewSet):
    """Journeys of people, in a capacity, to a host state, latest first."""

    model = Visit
    linked_data = staticmethod(jsonld.visit)
    filterset_class = VisitFilter
    serializer_class = VisitSerializer
    lookup_example = "nazarbayev-tur-2012-10"
