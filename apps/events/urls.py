from django.urls import path

from apps.events import views

urlpatterns = [
    path("events/", views.EventListView.as_view(), name="event-list"),
    path("events/<slug:public_id>/", views.EventDetailView.as_view(), name="event-detail"),
    path("projects/", views.ProjectListView.as_view(), name="project-list"),
    path("projects/<slug:public_id>/", views.ProjectDetailView.as_view(), name="project-detail"),
]
