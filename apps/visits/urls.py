from django.urls import path

from apps.visits import views

urlpatterns = [
    path("visits/", views.VisitListView.as_view(), name="visit-list"),
    path("visits/<slug:public_id>/", views.VisitDetailView.as_view(), name="visit-detail"),
]
