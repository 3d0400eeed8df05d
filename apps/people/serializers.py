from rest_framework import serializers

from apps.core.serializers import NameField, NamesField
from apps.people.models import Person
from apps.sources.serializers import EntrySerializer


class PersonSerializer(EntrySerializer):
    """Somebody who held an office, made a visit or was met on one."""

    name = NameField()
    names = NamesField()

    class Meta:
        model = Person
        fields = ("slug", "name", "names", *EntrySerializer.tail)


class PersonDetailSerializer(PersonSerializer):
    """A person, with other spellings of the name."""

    aliases = serializers.ListField(source="alias_list", child=serializers.CharField(), read_only=True)

    class Meta(PersonSerializer.Meta):
        fields = ("slug", "name", "names", "aliases", "wikidata_id", *EntrySerializer.tail)
