from apps.agreements.filters import AgreementFilter
from apps.agreements.models import Agreement
from apps.agreements.standing import standing_of
from apps.core.views import EntryDetailView, EntryListView


class AgreementListView(EntryListView):
    model = Agreement
    filterset_class = AgreementFilter


class AgreementDetailView(EntryDetailView):
    model = Agreement

    def get_context_data(self, **kwargs):
        agreement = self.object
        visit = agreement.concluded_during
        return super().get_context_data(
            parties=[(party, standing_of(party.actions.all())) for party in agreement.parties.all()],
            visit=visit if visit and visit.is_published else None,
            links=[link for link in agreement.links.all() if link.other.is_published],
            links_in=[link for link in agreement.links_in.all() if link.agreement.is_published],
            **kwargs,
        )
