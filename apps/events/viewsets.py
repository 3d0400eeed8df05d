from apps.core.viewsets import PublicViewSet
from apps.events import jsonld
from apps.events.filters import EventFilter, ProjectFilter
from apps.events.models import Event, Project
from apps.events.serializers import EventSerializer, ProjectSerializer


class EventViewSet(PublicViewSet):
    """Summits, votes, exercises, crises and the like, with who took part, hosted, organized or stayed away."""

    model = Event
    linked_data = staticmethod(jsonld.event)
    filterset_class = EventFilter
    serializer_class = EventSerializer
    lookup_example = "2005-07-sco-summit-astana"


class ProjectViewSet(PublicViewSet):
    """Pipelines, railways, funds, programmes and the like, with their parties and their state of progress."""

    model = Project
    linked_data = staticmethod(jsonld.project)
    filterset_class = ProjectFilter
    serializer_class = ProjectSerializer
    lookup_example = "baikonur-space-centre"
