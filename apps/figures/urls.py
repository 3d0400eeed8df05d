from django.urls import path

from apps.figures import views

urlpatterns = [
    path("figures/", views.FigureListView.as_view(), name="figure-list"),
    path("figures/<slug:public_id>/", views.FigureDetailView.as_view(), name="figure-detail"),
]
