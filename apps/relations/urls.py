from django.urls import path

from apps.relations import views

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("states/", views.StateListView.as_view(), name="state-list"),
    path("states/<slug:public_id>/", views.StateDetailView.as_view(), name="state-detail"),
    path("relations/<slug:public_id>/", views.RelationsRedirect.as_view(), name="relations"),
    path("relations/<slug:public_id>/<slug:other>/", views.PairView.as_view(), name="pair"),
    path("timeline/", views.TimelineView.as_view(), name="timeline"),
    path("organizations/", views.OrganizationListView.as_view(), name="organization-list"),
    path(
        "organizations/<slug:public_id>/", views.OrganizationDetailView.as_view(), name="organization-detail"
    ),
    path("people/", views.PersonListView.as_view(), name="person-list"),
    path("people/<slug:public_id>/", views.PersonDetailView.as_view(), name="person-detail"),
]
