from django.db.models import Prefetch

from apps.core.viewsets import PublicViewSet
from apps.organizations import jsonld
from apps.organizations.filters import MembershipFilter, OfficeFilter, OrganizationFilter, SuccessionFilter
from apps.organizations.models import Membership, Office, Organization, Succession
from apps.organizations.serializers import (
    MembershipSerializer,
    OfficeSerializer,
    OrganizationDetailSerializer,
    OrganizationSerializer,
    SuccessionSerializer,
)


class OrganizationViewSet(PublicViewSet):
    """Organizations, their organs, and the ministries, agencies and companies that act for states."""

    model = Organization
    linked_data = staticmethod(jsonld.organization)
    filterset_class = OrganizationFilter
    serializer_class = OrganizationSerializer
    detail_serializer_class = OrganizationDetailSerializer
    lookup_example = "sco"

    def get_queryset(self):
        organizations = super().get_queryset()
        if self.action != "retrieve":
            return organizations
        successions = Succession.objects.published().for_title()
        return organizations.prefetch_related(
            "parts", Prefetch("successions_in", successions), Prefetch("successions_out", successions)
        )


class SuccessionViewSet(PublicViewSet):
    """What became of an organization: renamed, transformed into, merged into or absorbed by another."""

    model = Succession
    linked_data = staticmethod(jsonld.succession)
    filterset_class = SuccessionFilter
    serializer_class = SuccessionSerializer
    lookup_example = "shanghai-five-sco"


class MembershipViewSet(PublicViewSet):
    """Who belongs to what, in which status and when. With `as_of`, who did on a day, certainly or possibly."""

    model = Membership
    linked_data = staticmethod(jsonld.membership)
    filterset_class = MembershipFilter
    serializer_class = MembershipSerializer
    lookup_example = "kaz-sco"


class OfficeViewSet(PublicViewSet):
    """Posts that people, or states, held in a state or an organization, and when."""

    model = Office
    linked_data = staticmethod(jsonld.office)
    filterset_class = OfficeFilter
    serializer_class = OfficeSerializer
    lookup_example = "kaz-chair-osce"
