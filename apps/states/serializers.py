from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.serializers import (
    AddressField,
    NamesField,
    PointField,
    RowSerializer,
    StateReferenceField,
    StateReferencesField,
)
from apps.sources.serializers import EntrySerializer
from apps.states.models import Place, State


class RegionSerializer(serializers.Serializer):
    """A region of the UN's M49 standard."""

    code = serializers.ChoiceField(choices=State.Region.choices, help_text="UN M49.")
    name = serializers.CharField()


@extend_schema_field(RegionSerializer)
class RegionField(serializers.Field):
    """Null where none is recorded."""

    def __init__(self):
        super().__init__(source="*", read_only=True, allow_null=True)

    def to_representation(self, state):
        return {"code": state.region, "name": state.get_region_display()} if state.region else None


class StateSerializer(EntrySerializer):
    """A state, present or former."""

    name = serializers.CharField(read_only=True)
    names = NamesField()
    region = RegionField()
    begin = PointField()
    ended = PointField()

    class Meta:
        model = State
        fields = (
            "code",
            "name",
            "names",
            "alpha2",
            "numeric",
            "kind",
            "region",
            "begin",
            "ended",
            *EntrySerializer.tail,
        )


class StateDetailSerializer(StateSerializer):
    """A state, with other spellings of its name, and the states before and after it."""

    aliases = serializers.ListField(source="alias_list", child=serializers.CharField(), read_only=True)
    predecessor = StateReferenceField()
    successors = StateReferencesField()

    class Meta(StateSerializer.Meta):
        fields = (
            *StateSerializer.Meta.fields[:3],
            "aliases",
            *StateSerializer.Meta.fields[3:9],
            "predecessor",
            "successors",
            "wikidata_id",
            *EntrySerializer.tail,
        )


class PlaceSerializer(RowSerializer):
    """A city, region or emirate."""

    name = serializers.CharField(read_only=True)
    names = NamesField()
    state = StateReferenceField()
    url = AddressField()

    class Meta:
        model = Place
        fields = ("slug", "name", "names", "state", "note", "url")


class PlaceDetailSerializer(PlaceSerializer):
    """A city, region or emirate, with other spellings of its name."""

    aliases = serializers.ListField(source="alias_list", child=serializers.CharField(), read_only=True)

    class Meta(PlaceSerializer.Meta):
        fields = ("slug", "name", "names", "aliases", "state", "note", "url")
