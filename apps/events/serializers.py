from rest_framework import serializers

from apps.core.serializers import (
    EitherReferenceField,
    HoldsField,
    PointField,
    ReferenceField,
    ReferencesField,
    SpanField,
)
from apps.events.models import Event, Participant, Project, ProjectParty
from apps.sources.serializers import EntrySerializer


class ParticipantSerializer(serializers.Serializer):
    """A state, an organization or a person, and the part it had in the event."""

    participant = EitherReferenceField(allow_null=False, help_text="A state, an organization or a person.")
    role = serializers.ChoiceField(choices=Participant.Role.choices)
    note = serializers.CharField()


class EventSerializer(EntrySerializer):
    """Something that happened and concerned states, organizations or people."""

    date = PointField()
    place = ReferenceField(help_text="Where it was.")
    participants = ParticipantSerializer(many=True, read_only=True)
    agreements = ReferencesField(source="outcomes", help_text="Agreements concluded at it.")
    visits = ReferencesField(help_text="Visits made for it.")
    figures = ReferencesField(help_text="Figures told of it.")
    holds = HoldsField()

    class Meta:
        model = Event
        fields = (
            "slug",
            "title",
            "kind",
            "date",
            "place",
            "summary",
            "participants",
            "agreements",
            "visits",
            "figures",
            "holds",
            *EntrySerializer.tail,
        )


class ProjectPartySerializer(serializers.Serializer):
    """A state or an organization, and the part it has in the project."""

    party = EitherReferenceField(allow_null=False, help_text="A state, or an organization.")
    role = serializers.ChoiceField(choices=ProjectParty.Role.choices)
    note = serializers.CharField()


class ProjectSerializer(EntrySerializer):
    """Something built, exploited, run or planned over time."""

    place = ReferenceField(help_text="Where it is.")
    proposed = PointField(help_text="When it was first put forward.")
    span = SpanField(help_text="From the beginning of the work, or the launch, to when it was over.")
    stage_date = PointField(help_text="The date for which the state of progress is told.")
    parties = ProjectPartySerializer(many=True, read_only=True)
    agreements = ReferencesField(help_text="Agreements about it.")
    figures = ReferencesField(help_text="Figures told of it.")
    holds = HoldsField()

    class Meta:
        model = Project
        fields = (
            "slug",
            "title",
            "kind",
            "place",
            "proposed",
            "span",
            "stage",
            "stage_date",
            "summary",
            "parties",
            "agreements",
            "figures",
            "holds",
            *EntrySerializer.tail,
        )
