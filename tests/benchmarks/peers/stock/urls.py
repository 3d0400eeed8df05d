from django.urls import include, path
from rest_framework.routers import DefaultRouter
from stock import api

router = DefaultRouter()
router.register("visits", api.VisitViewSet)
router.register("agreements", api.AgreementViewSet)
router.register("memberships", api.MembershipViewSet)
for reference in api.PLAIN:
    name = reference.Meta.model._meta.model_name
    router.register(f"{name}s", api.plain(reference), basename=name)

urlpatterns = [path("", include(router.urls))]
