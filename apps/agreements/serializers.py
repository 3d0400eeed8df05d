from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.agreements.models import Action, Agreement, AgreementLink
from apps.agreements.standing import Code, deciding, standing_after
from apps.core import cells
from apps.core.addresses import address_of_view
from apps.core.serializers import (
    EitherReferenceField,
    HoldsField,
    PointField,
    ReferenceField,
    ReferencesField,
    root,
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


@extend_schema_field(StandingSerializer)
class StandingField(serializers.Field):
    """Computed from the party's actions."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, actions):
        return told(tuple((action.kind, action.date) for action in actions.all()))

    def cells_of_one(self, model):
        return cells.Cells(("kind", "date"), lambda answer, *columns: [*zip(*columns, strict=True)])

    def made_of_each(self, parties):
        """Most of the hundreds of parties of a list did the same as others."""
        found = [*map(deciding, parties)]
        actions = dict(zip(found, parties, strict=True))
        known = {what: told(some) for what, some in actions.items()}
        return [known[what] for what in found]


def told(actions):
    standing = standing_after(actions)
    return {"code": standing.code, "words": standing.words, "reason": standing.reason}


class PartySerializer(serializers.Serializer):
    """A state or an organization that the agreement binds, or is to bind."""

    party = EitherReferenceField(allow_null=False, help_text="A state, or an organization.")
    acting_through = ReferenceField(help_text="The ministry, bank or company that signed for it.")
    actions = ActionSerializer(many=True)
    standing = StandingField(source="actions")


class LinkSerializer(serializers.Serializer):
    """How this agreement bears on another."""

    kind = serializers.ChoiceField(choices=AgreementLink.Kind.choices)
    agreement = ReferenceField(source="other", allow_null=False)


class LinkInSerializer(LinkSerializer):
    """How another agreement bears on this one."""

    agreement = ReferenceField(allow_null=False)


class SubjectsField(ReferencesField):
    """What it is about, each with the address of the list of the agreements on it."""

    def to_representation(self, manager):
        agreements = root(self.context["request"]) + address_of_view("api:agreement-list")
        return [
            self.told(agreements, subject.slug, subject.name_en, subject.name_kk, subject.name_ru)
            for subject in manager.all()
        ]

    def told(self, agreements, slug, *names):
        url = f"{agreements}?subject={slug}"
        return {"slug": slug, "name": names[0], "names": cells.names(*names), "url": url}

    def cells_of_one(self, model):
        def write(answer, *columns):
            """Few subjects are those of many agreements."""
            agreements = answer.root + address_of_view("api:agreement-list")
            rows = [*zip(*columns, strict=True)]
            known = {values: self.told(agreements, *values) for values in {*rows}}
            return [known[values] for values in rows]

        return cells.Cells(("slug", "name_en", "name_kk", "name_ru"), write)


class AgreementSerializer(EntrySerializer):
    """An instrument, or several told of as one, concluded between parties."""

    subjects = SubjectsField(help_text="Each with the address of the agreements on it.")
    signed = PointField()
    place = ReferenceField(help_text="Where it was signed.")
    in_force = PointField()
    ended = PointField()
    period = PointField(help_text="What a plan covers.")
    parties = PartySerializer(many=True, read_only=True)
    links = LinkSerializer(many=True, read_only=True)
    links_in = LinkInSerializer(many=True, read_only=True)
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
