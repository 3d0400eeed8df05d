"""States side by side, as the API answers it."""

from rest_framework import serializers

from apps.core.addresses import root
from apps.core.serializers import HoldsField, PageField, PointField, StateReferenceField


class BehindSerializer(serializers.Serializer):
    """A membership or a figure behind a cell."""

    title = serializers.CharField(source="headline")
    holds = HoldsField()
    url = serializers.SerializerMethodField()
    html_url = PageField()

    def get_url(self, entry) -> str:
        return root(self.context["request"]) + entry.api_url


class CellSerializer(serializers.Serializer):
    """What is said of one state in a row; a number is null where nothing is counted, or no year is known."""

    text = serializers.CharField()
    count = serializers.IntegerField(allow_null=True)
    certain = serializers.IntegerField(
        allow_null=True, help_text="With `as_of`: how many are certain then; null where it is not counted."
    )
    first_year = serializers.IntegerField(source="first", allow_null=True)
    last_year = serializers.IntegerField(source="last", allow_null=True)
    is_focal_state = serializers.BooleanField(
        source="is_itself", help_text="True of the focal state in rows of ties with it, where it has no cell."
    )
    entries = BehindSerializer(many=True)


class RowSerializer(serializers.Serializer):
    id = serializers.CharField()
    label = serializers.CharField()
    cells = CellSerializer(many=True, help_text="One for each state, in the order of `states`.")


class PartSerializer(serializers.Serializer):
    """Rows under one heading."""

    id = serializers.CharField()
    label = serializers.CharField()
    rows = RowSerializer(many=True)
    rest = serializers.IntegerField(help_text="How many rows more are left out.")


class ComparedPairSerializer(serializers.Serializer):
    """Two of the states, neither the focal one, and how much they have in common."""

    one = StateReferenceField()
    other = StateReferenceField()
    entries = serializers.IntegerField(help_text="Entries that concern both.")
    organizations = serializers.IntegerField(help_text="Organizations to which both belong or belonged.")
    html_url = PageField(source="url")


class ComparisonSerializer(serializers.Serializer):
    """Two to four states side by side, and what ties each two of them."""

    states = serializers.ListField(child=StateReferenceField())
    focal_state = StateReferenceField(source="focus")
    as_of = PointField(source="day", allow_null=True, help_text="The day asked for.")
    parts = PartSerializer(many=True)
    pairs = ComparedPairSerializer(many=True)
    html_url = PageField()
