from functools import cache

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from apps.agreements.serializers import AgreementSerializer
from apps.core.models import Entry
from apps.core.rows import Listing
from apps.core.serializers import (
    EitherReferenceField,
    HoldsField,
    NamesSerializer,
    PageField,
    PointField,
    PointSerializer,
    ReferenceField,
    SpanField,
    SpanSerializer,
    StateReferenceField,
    StateReferenceSerializer,
    point,
    reference,
    root,
)
from apps.events.serializers import EventSerializer, ProjectSerializer
from apps.figures.serializers import FigureSerializer
from apps.organizations.serializers import MembershipSerializer, OfficeSerializer
from apps.relations.filters import kind_choices
from apps.relations.models import KINDS
from apps.visits.serializers import VisitSerializer


class EndSerializer(serializers.Serializer):
    """A state, an organization or a person that an entry concerns, and the part it has there."""

    roles = serializers.SerializerMethodField()
    entry = EitherReferenceField(source="bearer", allow_null=False)

    def get_roles(self, tie) -> list[str]:
        return tie.roles.split()


@extend_schema_field(PointSerializer)
class DateField(serializers.Field):
    """When it happened; null of what lasted, and where it is not known."""

    def to_representation(self, tie):
        return None if tie.lasting else point(tie.entry.date)


@extend_schema_field(SpanSerializer)
class LastingField(SpanField):
    """From when to when it held; null of what happened."""

    def to_representation(self, tie):
        return super().to_representation(tie.entry) if tie.lasting else None


class TimelineSerializer(serializers.Serializer):
    """An entry of any kind in the order of time. What happened has a `date`, what lasted a `span`."""

    kind = serializers.ChoiceField(choices=kind_choices(), source="entry.kind")
    identifier = serializers.CharField(source="entry.public_id", help_text="The entry's slug.")
    title = serializers.CharField(source="entry.title")
    titles = NamesSerializer(
        source="entry.titles", help_text="In each language, null where it is in English only."
    )
    when = serializers.CharField(source="entry.when", help_text="The date or the span in words.")
    date = DateField(source="*", allow_null=True, read_only=True)
    span = LastingField(allow_null=True)
    concerns = EndSerializer(source="entry.bearers", many=True)
    basis = serializers.ChoiceField(choices=Entry.Basis.choices, source="entry.basis")
    holds = HoldsField()
    url = serializers.SerializerMethodField()
    html_url = PageField(source="entry.get_absolute_url")

    def get_url(self, tie) -> str:
        return root(self.context["request"]) + tie.entry.api_url


class SummarySerializer(serializers.Serializer):
    """How much of one kind is recorded, and in which years it is dated at the earliest and at the latest."""

    kind = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()
    certain = serializers.IntegerField(
        allow_null=True, help_text="With `as_of`: how many are certain then; null where it is not counted."
    )
    first_year = serializers.IntegerField(source="first", allow_null=True)
    last_year = serializers.IntegerField(source="last", allow_null=True)


class SharedMembershipSerializer(serializers.Serializer):
    """An organization to which both states belong or belonged, each with its memberships there."""

    organization = ReferenceField()
    state = MembershipSerializer(source="of_state", many=True)
    counterpart = MembershipSerializer(source="of_other", many=True)
    holds = HoldsField()


ROWS = {
    "visit": VisitSerializer,
    "agreement": AgreementSerializer,
    "event": EventSerializer,
    "project": ProjectSerializer,
    "figure": FigureSerializer,
    "office": OfficeSerializer,
}


@cache
def listing_of_kind(kind):
    """The core.rows.Listing of entries of a kind, as their own list writes them."""
    return Listing(ROWS[kind](), KINDS[kind].objects.published().for_detail())


class SectionSerializer(serializers.Serializer):
    """Entries of one kind, the first of them, as their own list gives them."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=list(ROWS))
    label = serializers.CharField()
    count = serializers.IntegerField(source="listing.total", help_text="How many there are in all.")
    list_url = serializers.SerializerMethodField(help_text="The list that has all of them.")
    results = serializers.SerializerMethodField()

    def get_list_url(self, section) -> str:
        return root(self.context["request"]) + section.api_url

    @extend_schema_field(
        PolymorphicProxySerializer(
            component_name="RelationsEntry",
            serializers=list(ROWS.values()),
            resource_type_field_name=None,
            many=True,
        )
    )
    def get_results(self, section):
        return listing_of_kind(section.kind).at(section.listing.rows, self.context["request"])


class TiesSerializer(serializers.Serializer):
    """Entries of all kinds in the order of time, the first of them."""

    count = serializers.IntegerField(source="total", help_text="How many there are in all.")
    results = TimelineSerializer(source="rows", many=True)


class PartnerSerializer(serializers.Serializer):
    """Another state, and how much the state has in common with it."""

    state = StateReferenceField()
    entries = serializers.IntegerField(help_text="Entries that concern both.")
    organizations = serializers.IntegerField(help_text="Organizations to which both belong or belonged.")


class RelationsSerializer(serializers.Serializer):
    """What ties two states, as the page of the two shows it; of the focal state alone, what it takes part in."""

    state = StateReferenceField()
    counterpart = serializers.SerializerMethodField(help_text="Null where it is asked for one state alone.")
    as_of = PointField(source="day", allow_null=True, help_text="The day asked for.")
    summary = SummarySerializer(many=True)
    shared_memberships = SharedMembershipSerializer(many=True)
    sections = SectionSerializer(many=True)
    other_memberships = MembershipSerializer(
        source="own_memberships",
        many=True,
        help_text="Where the counterpart has none; of one state, all.",
    )
    timeline = TiesSerializer()
    apart = TiesSerializer(help_text="What else is recorded of the state, without the counterpart.")
    partners = PartnerSerializer(
        many=True, help_text="Every other state with which the state has anything in common."
    )
    html_url = serializers.SerializerMethodField()

    @extend_schema_field(StateReferenceSerializer(allow_null=True))
    def get_counterpart(self, ties):
        return None if ties.is_own else reference(ties.other, self.context["request"])

    def get_html_url(self, ties) -> str:
        return root(self.context["request"]) + ties.get_absolute_url()
