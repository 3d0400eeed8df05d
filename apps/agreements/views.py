from apps.agreements import jsonld
from apps.agreements.filters import AgreementFilter
from apps.agreements.models import Agreement
from apps.agreements.standing import standing_of
from apps.core.views import EntryDetailView, EntryListView


class AgreementListView(EntryListView):
    model = Agreement
    filterset_class = AgreementFilter


class AgreementDetailView(EntryDetailView):
    model = Agreement
    linked_data = staticmethod(jsonld.agreement)

    def get_context_data(self, **kwargs):
        agreement = self.object
        return super().get_context_data(
            parties=[(party, standing_of(party.actions.all())) for party in agreement.parties.all()],
            **kwargs,
        )
