from apps.core.serializers import (
    EitherReferenceField,
    HoldsField,
    PointField,
    ReferenceField,
    ReferencesField,
    StateReferenceField,
)
from apps.sources.serializers import EntrySerializer
from apps.visits.models import Visit


class VisitSerializer(EntrySerializer):
    """A person's journey, in a capacity, to a host state."""

    visitor = ReferenceField()
    sent_by = EitherReferenceField(help_text="The state, or the organization, for which the visit was made.")
    host = StateReferenceField()
    places = ReferencesField()
    date = PointField()
    met = ReferencesField(help_text="People whom the visitor met.")
    outcomes = ReferencesField(help_text="Agreements concluded during the visit.")
    event = ReferenceField(help_text="The event for which the visitor came.")
    holds = HoldsField()

    class Meta:
        model = Visit
        fields = (
            "slug",
            "visitor",
            "capacity",
            "sent_by",
            "host",
            "places",
            "date",
            "kind",
            "occasion",
            "event",
            "met",
            "discussed",
            "outcomes",
            "holds",
            *EntrySerializer.tail,
        )
