from django.urls import path

from apps.sources import views

urlpatterns = [
    path("sources/", views.SourceListView.as_view(), name="source-list"),
    path("sources/<slug:public_id>/", views.SourceDetailView.as_view(), name="source-detail"),
]
