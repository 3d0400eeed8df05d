from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.headlines import labels_of
from apps.core.serializers import (
    AddressField,
    MadeField,
    NameField,
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
class RegionField(MadeField):
    """Null where none is recorded."""

    columns = ("region",)

    def __init__(self):
        super().__init__(allow_null=True)

    def made(self, code):
        labels = labels_of(State._meta.get_field("region"))
        return {"code": code, "name": str(labels[code])} if code else None


class StateSerializer(EntrySerializer):
    """A state, present or former."""

    name = NameField()
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

    name = NameField()
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
