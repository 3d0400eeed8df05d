from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from apps.core import health
from apps.core.views import CiteView
from apps.core.viewsets import UnknownRoute
from apps.relations.views_about import AboutView
from apps.relations.views_analysts import AnalystsView

handler400 = "apps.core.api.bad_request"
handler404 = "apps.core.api.not_found"
handler500 = "apps.core.api.server_error"
# At one address whatever the language: what machines read, and what is in English only.
urlpatterns = [
    path("api/v1/", include("kzforeign.api")),
    re_path("^api/", UnknownRoute.as_view()),
    path("health/live", health.view, name="live"),
    path("health/ready", health.view, name="ready"),
    path("cite/<slug:form>/", CiteView.as_view(), name="cite"),
    path("", include("apps.relations.urls_files")),
]
# English without a prefix, the other languages each after its own.
urlpatterns += i18n_patterns(
    path("admin/", admin.site.urls),
    path("about/", AboutView.as_view(), name="about"),
    path("about/analysts/", AnalystsView.as_view(), name="analysts"),
    path("", include("apps.relations.urls")),
    path("", include("apps.organizations.urls")),
    path("", include("apps.events.urls")),
    path("", include("apps.visits.urls")),
    path("", include("apps.agreements.urls")),
    path("", include("apps.figures.urls")),
    path("", include("apps.sources.urls")),
    prefix_default_language=False,
)
