from apps.core.viewsets import PublicViewSet
from apps.sources import jsonld
from apps.sources.coverage import coverage_of
from apps.sources.filters import SourceFilter
from apps.sources.models import Source
from apps.sources.serializers import SourceDetailSerializer, SourceSerializer


class SourceViewSet(PublicViewSet):
    """Texts that entries rest on; one source with its passages in order, and what each supports or contradicts."""

    model = Source
    linked_data = staticmethod(jsonld.source)
    filterset_class = SourceFilter
    serializer_class = SourceSerializer
    detail_serializer_class = SourceDetailSerializer
    lookup_example = "akiner-kazakhstans-evolving-foreign-policy"

    def get_queryset(self):
        return Source.objects.for_list()

    def completed(self, source):
        source.coverage = coverage_of(source)
        return source
