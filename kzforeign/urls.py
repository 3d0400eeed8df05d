from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("kzforeign.api")),
    path("", include("apps.relations.urls")),
    path("", include("apps.states.urls")),
    path("", include("apps.people.urls")),
    path("", include("apps.organizations.urls")),
    path("", include("apps.visits.urls")),
    path("", include("apps.agreements.urls")),
    path("", include("apps.sources.urls")),
]
