from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.agreements.models import Action, Agreement, AgreementLink
from apps.agreements.standing import Code, standing_of
from apps.core.serializers import (
    EitherReferenceField,
    HoldsField,
    PointField,
    ReferenceField,
    ReferenceSerializer,
    ReferencesField,
    names_of,
)
from apps.sources.serializers import EntrySerializer


class ActionSerializer(serializers.Serializer):
    """What a party did about the agreement, in the terms of the UN Treaty Collection's glossary."""

    kind = serializers.ChoiceField(choices=Action.Kind.choices)
    date = PointField()


class StandingSerializer(serializers.Serializer):
    """Where a party stands, computed from its actions."""

    code = serializers.ChoiceField(choices=Code.choices)
    words = serializers.CharField()
    reason = serializers.CharField(help_text="Why, in one sentence.")


class PartySerializer(serializers.Serializer):
    """A state or an organization that the agreement binds, or is to bind."""

    party = EitherReferenceField(allow_null=False, help_text="A state, or an organization.")
    acting_through = ReferenceField(help_text="The ministry, bank or company that signed for it.")
    actions = ActionSerializer(many=True)
    standing = serializers.SerializerMethodField()

    @extend_schema_field(StandingSerializer)
    def get_standing(self, party):
        standing = standing_of(party.actions.all())
        return {"code": standing.code, "words": standing.words, "reason": standing.reason}


class LinkSerializer(serializers.Serializer):
    """How this agreement bears on another."""

    kind = serializers.ChoiceField(choices=AgreementLink.Kind.choices)
    agreement = ReferenceField(source="other", allow_null=False)


class LinkInSerializer(LinkSerializer):
    """How another agreement bears on this one."""

    agreement = ReferenceField(allow_null=False)


class AgreementSerializer(EntrySerializer):
    """An instrument, or several told of as one, concluded between parties."""

    subjects = serializers.SerializerMethodField(help_text="Each with the address of the agreements on it.")
    signed = PointField()
    place = ReferenceField(help_text="Where it was signed.")
    in_force = PointField()
    ended = PointField()
    period = PointField(help_text="What a plan covers.")
    parties = serializers.SerializerMethodField()
    links = serializers.SerializerMethodField()
    links_in = serializers.SerializerMethodField()
    concluded_during = ReferenceField(help_text="A visit.")
    concluded_at = ReferenceField(help_text="An event.")
    projects = ReferencesField(help_text="The projects that it is about.")
    figures = ReferencesField(help_text="Figures told of it.")
    holds = HoldsField()

    class Meta:
        model = Agreement
        fields = (
            "slug",
            "title",
            "kind",
            "subjects",
            "signed",
            "place",
            "in_force",
            "ended",
            "period",
            "amount",
            "currency",
            "instruments",
            "instruments_approximate",
            "parties",
            "links",
            "links_in",
            "concluded_during",
            "concluded_at",
            "projects",
            "figures",
            "holds",
            *EntrySerializer.tail,
        )

    @extend_schema_field(ReferenceSerializer(many=True))
    def get_subjects(self, agreement):
        agreements = self.context["request"].build_absolute_uri(reverse("api:agreement-list"))
        return [
            {
                "slug": subject.slug,
                "name": str(subject),
                "names": names_of(subject),
                "url": f"{agreements}?subject={subject.slug}",
            }
            for subject in agreement.subjects.all()
        ]

    @extend_schema_field(PartySerializer(many=True))
    def get_parties(self, agreement):
        return PartySerializer(agreement.parties.all(), many=True, context=self.context).data

    @extend_schema_field(LinkSerializer(many=True))
    def get_links(self, agreement):
        return LinkSerializer(agreement.links.all(), many=True, context=self.context).data

    @extend_schema_field(LinkInSerializer(many=True))
    def get_links_in(self, agreement):
        return LinkInSerializer(agreement.links_in.all(), many=True, context=self.context).data
