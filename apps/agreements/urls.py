from django.urls import path

from apps.agreements import views

urlpatterns = [
    path("agreements/", views.AgreementListView.as_view(), name="agreement-list"),
    path("agreements/<slug:public_id>/", views.AgreementDetailView.as_view(), name="agreement-detail"),
]
