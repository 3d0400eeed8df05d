from rest_framework import serializers

from apps.core.serializers import EitherReferenceField, HoldsField, PointField, ReferenceField
from apps.figures.models import Figure
from apps.sources.serializers import EntrySerializer


class NumberField(serializers.CharField):
    """A decimal number."""

    def to_representation(self, value):
        return f"{value.normalize():f}"


class FigureSerializer(EntrySerializer):
    """One number that measures something of a state or an organization, perhaps with another."""

    value = NumberField(
        help_text="A decimal number as text, in full, in the unit or the currency, without needless zeros.",
        read_only=True,
    )
    date = PointField()
    of = EitherReferenceField(help_text="Whose figure it is: a state, or an organization.")
    event = ReferenceField(help_text="The event of which it is told.")
    project = ReferenceField(help_text="The project of which it is told.")
    agreement = ReferenceField(help_text="The agreement of which it is told.")
    holds = HoldsField()

    class Meta:
        model = Figure
        fields = (
            "slug",
            "title",
            "measure",
            "comparison",
            "value",
            "unit",
            "currency",
            "approximate",
            "target",
            "total",
            "date",
            "according_to",
            "of",
            "with",
            "event",
            "project",
            "agreement",
            "holds",
            *EntrySerializer.tail,
        )

    def get_fields(self):
        """`with` is a word of Python's and so cannot be declared as the others are."""
        shared = EitherReferenceField(
            source="shared_with", help_text="With whom: a state, or an organization; null where with nobody."
        )
        self._declared_fields = {**self._declared_fields, "with": shared}
        return super().get_fields()
