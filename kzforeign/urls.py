from django.contrib import admin
from django.urls import include, path, re_path

from apps.core.views import CiteView
from apps.core.viewsets import UnknownRoute
from apps.relations.views_about import AboutView
from apps.relations.views_analysts import AnalystsView

handler400 = "apps.core.api.bad_request"
handler404 = "apps.core.api.not_found"
handler500 = "apps.core.api.server_error"
urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("kzforeign.api")),
    re_path("^api/", UnknownRoute.as_view()),
    path("cite/<slug:form>/", CiteView.as_view(), name="cite"),
    path("about/", AboutView.as_view(), name="about"),
    path("about/analysts/", AnalystsView.as_view(), name="analysts"),
    path("", include("apps.relations.urls")),
    path("", include("apps.organizations.urls")),
    path("", include("apps.events.urls")),
    path("", include("apps.visits.urls")),
    path("", include("apps.agreements.urls")),
    path("", include("apps.figures.urls")),
    path("", include("apps.sources.urls")),
]
