from apps.agreements import jsonld
from apps.agreements.filters import AgreementFilter
from apps.agreements.models import Agreement
from apps.agreements.serializers import AgreementSerializer
from apps.core.viewsets import PublicViewSet


class AgreementViewSet(PublicViewSet):
    """Treaties, agreements, memoranda and the like, with their parties and where each of these stands."""

    model = Agreement
    linked_data = staticmethod(jsonld.agreement)
    filterset_class = AgreementFilter
    serializer_class = AgreementSerializer
    lookup_example = "1999-kaz-chn-border"
