from apps.core.viewsets import PublicViewSet
from apps.figures import jsonld
from apps.figures.filters import FigureFilter
from apps.figures.models import Figure
from apps.figures.serializers import FigureSerializer


class FigureViewSet(PublicViewSet):
    """Trade volumes, investments, loans, lengths of borders, numbers of people and the like."""

    model = Figure
    linked_data = staticmethod(jsonld.figure)
    filterset_class = FigureFilter
    serializer_class = FigureSerializer
    lookup_example = "trade-kaz-chn-2010"
