from rest_framework import serializers

from apps.core.serializers import (
    EitherReferenceField,
    HoldsField,
    NameField,
    NamesField,
    PointField,
    ReferenceField,
    ReferencesField,
    SpanField,
    StateReferenceField,
)
from apps.organizations.models import Membership, Office, Organization, Succession
from apps.sources.serializers import EntrySerializer


class OrganizationSerializer(EntrySerializer):
    """A body that states, or others, belong to, act in or act through."""

    name = NameField()
    names = NamesField()
    founded = PointField()
    dissolved = PointField()
    seat = ReferenceField(help_text="A place.")
    state = StateReferenceField(help_text="Of a company, ministry or agency: the state to which it belongs.")
    parent = ReferenceField(help_text="The organization of which it is part.")

    class Meta:
        model = Organization
        fields = (
            "slug",
            "name",
            "names",
            "abbreviation",
            "kind",
            "founded",
            "dissolved",
            "seat",
            "state",
            "parent",
            *EntrySerializer.tail,
        )


class SuccessionSideSerializer(serializers.Serializer):
    # One of the organizations before or after, and what happened when.
    organization = ReferenceField()
    kind = serializers.ChoiceField(choices=Succession.Kind.choices)
    date = PointField()
    succession = ReferenceField(source="*", help_text="The entry that says so.")


class PredecessorSerializer(SuccessionSideSerializer):
    """An organization that became this one or went into it."""

    organization = ReferenceField(source="predecessor")


class SuccessorSerializer(SuccessionSideSerializer):
    """An organization that this one became or went into."""

    organization = ReferenceField(source="successor")


class OrganizationDetailSerializer(OrganizationSerializer):
    """An organization, with other spellings of its name, its parts, and what came before and after it."""

    aliases = serializers.ListField(source="alias_list", child=serializers.CharField(), read_only=True)
    parts = ReferencesField()
    predecessors = PredecessorSerializer(source="successions_in", many=True, read_only=True)
    successors = SuccessorSerializer(source="successions_out", many=True, read_only=True)

    class Meta(OrganizationSerializer.Meta):
        fields = (
            *OrganizationSerializer.Meta.fields[:3],
            "aliases",
            *OrganizationSerializer.Meta.fields[3:10],
            "parts",
            "predecessors",
            "successors",
            "wikidata_id",
            *EntrySerializer.tail,
        )


class SuccessionSerializer(EntrySerializer):
    """That one organization became, or went into, another."""

    predecessor = ReferenceField()
    successor = ReferenceField()
    date = PointField()
    holds = HoldsField()

    class Meta:
        model = Succession
        fields = ("slug", "predecessor", "successor", "kind", "date", "holds", *EntrySerializer.tail)


class MembershipSerializer(EntrySerializer):
    """That a state, or an organization, belongs to an organization in some status for some time."""

    member = EitherReferenceField(help_text="A state, or an organization.")
    organization = ReferenceField()
    status = serializers.ChoiceField(source="standing", choices=Membership.Standing.choices, read_only=True)
    span = SpanField()
    holds = HoldsField()

    class Meta:
        model = Membership
        fields = (
            "slug",
            "member",
            "organization",
            "status",
            "founder",
            "span",
            "holds",
            *EntrySerializer.tail,
        )


class OfficeSerializer(EntrySerializer):
    """That a person, or a state, holds a post in a state or an organization for some time."""

    holder = EitherReferenceField(help_text="A person, or a state.")
    body = EitherReferenceField(help_text="The state, or the organization, in which it is held.")
    from_state = StateReferenceField(
        help_text="For a post in an organization: the state whose official holds it."
    )
    span = SpanField()
    holds = HoldsField()

    class Meta:
        model = Office
        fields = (
            "slug",
            "holder",
            "role",
            "title",
            "body",
            "from_state",
            "span",
            "holds",
            *EntrySerializer.tail,
        )
