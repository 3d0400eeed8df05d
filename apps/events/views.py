from apps.core.views import EntryDetailView, EntryListView
from apps.events import jsonld
from apps.events.filters import EventFilter, ProjectFilter
from apps.events.models import Event, Project


class EventListView(EntryListView):
    model = Event
    filterset_class = EventFilter


class EventDetailView(EntryDetailView):
    model = Event
    linked_data = staticmethod(jsonld.event)


class ProjectListView(EntryListView):
    model = Project
    filterset_class = ProjectFilter


class ProjectDetailView(EntryDetailView):
    model = Project
    linked_data = staticmethod(jsonld.project)
