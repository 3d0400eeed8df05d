from django.contrib.sitemaps import views as sitemap_views
from django.urls import path
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from apps.core.views_layout import LayoutView
from apps.relations import feeds, views, views_data

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("states/", views.StateListView.as_view(), name="state-list"),
    path("states/<slug:public_id>/", views.StateDetailView.as_view(), name="state-detail"),
    path("relations/<slug:public_id>/", views.RelationsRedirect.as_view(), name="relations"),
    path("relations/<slug:public_id>/<slug:other>/", views.PairView.as_view(), name="pair"),
    path("states/<slug:public_id>/feed/", require_safe(feeds.StateChangesFeed()), name="state-feed"),
    path("feed/", require_safe(feeds.ChangesFeed()), name="feed"),
    path(
        "sitemap.xml",
        require_safe(sitemap_views.index),
        {"sitemaps": feeds.sitemaps()},
        name="sitemap-index",
    ),
    path(
        "sitemap-<section>.xml",
        require_safe(sitemap_views.sitemap),
        {"sitemaps": feeds.sitemaps()},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path(
        "robots.txt",
        TemplateView.as_view(template_name="robots.txt", content_type="text/plain"),
        name="robots",
    ),
    path("data/", views_data.DataView.as_view(), name="data"),
    path("data/layout/", LayoutView.as_view(), name="data-layout"),
    path("data/<str:release>/<str:name>", views_data.FileView.as_view(), name="data-file"),
    path("timeline/", views.TimelineView.as_view(), name="timeline"),
    path("organizations/", views.OrganizationListView.as_view(), name="organization-list"),
    path(
        "organizations/<slug:public_id>/", views.OrganizationDetailView.as_view(), name="organization-detail"
    ),
    path("people/", views.PersonListView.as_view(), name="person-list"),
    path("people/<slug:public_id>/", views.PersonDetailView.as_view(), name="person-detail"),
]
