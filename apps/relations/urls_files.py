"""Addresses of files, which are the same whatever the language of who asks."""

from django.contrib.sitemaps import views as sitemap_views
from django.urls import path
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from apps.relations import sitemaps, views_balance, views_data, views_matrix, views_years

urlpatterns = [
    path(
        "sitemap.xml",
        require_safe(sitemap_views.index),
        {"sitemaps": sitemaps.sitemaps()},
        name="sitemap-index",
    ),
    path(
        "sitemap-<section>.xml",
        require_safe(sitemap_views.sitemap),
        {"sitemaps": sitemaps.sitemaps()},
        name="django.contrib.sitemaps.views.sitemap",
    ),
    path(
        "robots.txt",
        TemplateView.as_view(template_name="robots.txt", content_type="text/plain"),
        name="robots",
    ),
    path("years.<slug:form>", views_years.YearsFile.as_view(), name="years-file"),
    path("matrix.<slug:form>", views_matrix.MatrixFile.as_view(), name="matrix-file"),
    path("balance.<slug:form>", views_balance.BalanceFile.as_view(), name="balance-file"),
    path("data/<str:release>/<str:name>", views_data.FileView.as_view(), name="data-file"),
]
