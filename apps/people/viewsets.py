from apps.core.viewsets import PublicViewSet
from apps.people import jsonld
from apps.people.filters import PersonFilter
from apps.people.models import Person
from apps.people.serializers import PersonDetailSerializer, PersonSerializer


class PersonViewSet(PublicViewSet):
    """People who held an office, made a visit or were met on one; their offices and visits are lists of their own."""

    model = Person
    linked_data = staticmethod(jsonld.person)
    filterset_class = PersonFilter
    serializer_class = PersonSerializer
    detail_serializer_class = PersonDetailSerializer
    lookup_example = "nazarbayev-nursultan"
