from apps.core.views import EntryDetailView, EntryListView
from apps.organizations.filters import MembershipFilter, OfficeFilter
from apps.organizations.models import Membership, Office, Succession


class MembershipListView(EntryListView):
    model = Membership
    filterset_class = MembershipFilter


class MembershipDetailView(EntryDetailView):
    model = Membership


class OfficeListView(EntryListView):
    model = Office
    filterset_class = OfficeFilter


class OfficeDetailView(EntryDetailView):
    model = Office


class SuccessionDetailView(EntryDetailView):
    model = Succession
