"""The numbers of the world map, as the API gives them."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.addresses import root
from apps.core.asof import day_of
from apps.core.conditional import mark_of, revision_of
from apps.core.csv_lists import csv_text
from apps.core.schema import WRONG_PARAMETERS, nothing_there
from apps.core.serializers import StateReferenceField, address, references
from apps.relations.map_numbers import MEASURES, Tallies
from apps.relations.viewsets import AS_OF, NO_FOCUS, AsOfMixin, get_focus

NUMBERS = {
    "type": "object",
    "properties": {name: {"type": "integer"} for name in MEASURES},
    "required": list(MEASURES),
}


@extend_schema_field(NUMBERS)
class NumbersField(serializers.Field):
    """A number for each kind of tie; `all` is their sum."""


@extend_schema_field(NUMBERS | {"type": ["object", "null"]})
class NumbersOrNullField(serializers.Field):
    pass


class TalliesSerializer(serializers.ListSerializer):
    """All states at once, of which there are hundreds, each as TallySerializer describes it."""

    def to_representation(self, tallies):
        states = references([tally.state for tally in tallies], self.context["request"])
        return [
            {
                "state": state,
                "counts": tally.counts,
                "certain": tally.certain if self.context["day"] else None,
            }
            for state, tally in zip(states, tallies, strict=True)
        ]


class TallySerializer(serializers.Serializer):
    """How many ties of each kind a state has with the focal one."""

    state = StateReferenceField()
    counts = NumbersField()
    certain = NumbersOrNullField(
        read_only=True, help_text="With `as_of`: how many of them are certain then; null without."
    )

    class Meta:
        list_serializer_class = TalliesSerializer


class MapSerializer(serializers.Serializer):
    """The ties of the focal state with each other one, those with the most first."""

    state = StateReferenceField(source="focus", help_text="The focal state.")
    as_of = serializers.CharField(source="day", allow_null=True, help_text="As asked for.")
    results = TallySerializer(source="ranked", many=True)


class MapView(AsOfMixin, APIView):
    """How many ties of each kind each state has with the focal one: visits, agreements, shared memberships and so on.

    An entry that concerns several states counts for each of them. With `as_of`, what held then, or had happened by
    then, certainly or possibly.
    """

    formats = ("json", "csv")

    @extend_schema(
        summary="Ties of each state, counted",
        parameters=[
            AS_OF,
            OpenApiParameter(
                "format",
                enum=formats,
                default="json",
                description="json or csv.",
                examples=[OpenApiExample("Example", "csv")],
            ),
        ],
        responses={
            200: OpenApiResponse(MapSerializer, "A number for each kind of tie of each state."),
            (200, "text/csv"): OpenApiTypes.STR,
            **WRONG_PARAMETERS,
            **nothing_there(NO_FOCUS),
        },
    )
    def get(self, request):
        focus = get_focus()
        day = day_of(request)
        tallies = Tallies(focus, day, mark_of(request))
        if request.query_params.get("format") == "csv":
            return as_csv(tallies, request)
        return Response(MapSerializer(tallies, context={"request": request, "day": day}).data)


def as_csv(tallies, request):
    """A row for each state, a column for each kind of tie; with a day, another for how many are certain."""
    certain = [f"{name}_certain" for name in MEASURES] if tallies.day else []
    names = ["code", "name", "name_kk", "name_ru", "region"]
    rows = [[*names, *MEASURES, *certain, "api_url", "page_url"]]
    for tally in tallies.ranked():
        state = tally.state
        cells = [state.code, state.name_en, state.name_kk, state.name_ru, state.region]
        cells += [tally.counts[name] for name in MEASURES]
        cells += [tally.certain[name] for name in MEASURES] if tallies.day else []
        rows.append([*cells, address(state, request), root(request) + state.get_absolute_url()])
    response = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
    name = "-".join(filter(None, ["ties", tallies.day and str(tallies.day), str(revision_of(request))]))
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
