from django.urls import path

from apps.organizations import views

urlpatterns = [
    path("memberships/", views.MembershipListView.as_view(), name="membership-list"),
    path("memberships/<slug:public_id>/", views.MembershipDetailView.as_view(), name="membership-detail"),
    path("offices/", views.OfficeListView.as_view(), name="office-list"),
    path("offices/<slug:public_id>/", views.OfficeDetailView.as_view(), name="office-detail"),
    path("successions/<slug:public_id>/", views.SuccessionDetailView.as_view(), name="succession-detail"),
]
