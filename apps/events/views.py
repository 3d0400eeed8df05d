from apps.core.views import EntryDetailView, EntryListView
from apps.events.filters import EventFilter, ProjectFilter
from apps.events.models import Event, Project


class EventListView(EntryListView):
    model = Event
    filterset_class = EventFilter


class EventDetailView(EntryDetailView):
    model = Event


class ProjectListView(EntryListView):
    model = Project
    filterset_class = ProjectFilter


class ProjectDetailView(EntryDetailView):
    model = Project
