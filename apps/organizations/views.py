from apps.core.views import EntryDetailView, EntryListView
from apps.organizations import jsonld
from apps.organizations.filters import MembershipFilter, OfficeFilter
from apps.organizations.models import Membership, Office, Succession


class MembershipListView(EntryListView):
    model = Membership
    filterset_class = MembershipFilter


class MembershipDetailView(EntryDetailView):
    model = Membership
    linked_data = staticmethod(jsonld.membership)


class OfficeListView(EntryListView):
    model = Office
    filterset_class = OfficeFilter


class OfficeDetailView(EntryDetailView):
    model = Office
    linked_data = staticmethod(jsonld.office)


class SuccessionDetailView(EntryDetailView):
    model = Succession
    linked_data = staticmethod(jsonld.succession)
