from apps.core.viewsets import PublicViewSet
from apps.sources.coverage import passages_with_entries
from apps.sources.filters import SourceFilter
from apps.sources.models import Source
from apps.sources.serializers import SourceDetailSerializer, SourceSerializer


class SourceViewSet(PublicViewSet):
    """Texts that entries rest on; one source with its passages in order and what each supports."""

    model = Source
    filterset_class = SourceFilter
    serializer_class = SourceSerializer
    detail_serializer_class = SourceDetailSerializer
    lookup_example = "akiner-kazakhstans-evolving-foreign-policy"

    def get_queryset(self):
        return Source.objects.for_list()

    def get_object(self):
        source = super().get_object()
        source.passages_in_order = passages_with_entries(source)
        for passage in source.passages_in_order:
            passage.source = source
        return source
