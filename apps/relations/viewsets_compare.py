"""The comparison of states in the API: as JSON, or as a CSV file with a line for each cell of the table."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api import BadParameters
from apps.core.asof import day_of
from apps.core.csv_lists import csv_text
from apps.core.faults import Fault
from apps.core.schema import WRONG_PARAMETERS
from apps.relations.choosing import Choice
from apps.relations.comparison import FEWEST, MOST, Comparison
from apps.relations.serializers_compare import ComparisonSerializer
from apps.relations.viewsets import AS_OF, AsOfMixin, get_focus

CSV = ("part", "row", "label", "state", "text", "count", "certain", "first_year", "last_year", "holds")


class CompareView(AsOfMixin, APIView):
    """Two to four states side by side: facts, what ties each to the focal state, memberships, figures."""

    parameters = ("as_of", "state")
    formats = ("json", "csv")

    def perform_content_negotiation(self, request, force=False):
        """By the parameter `format` alone, as of lists."""
        return super().perform_content_negotiation(request, force="format" in request.query_params)

    @extend_schema(
        summary="Two to four states side by side",
        parameters=[
            OpenApiParameter(
                "state",
                {"type": "array", "items": {"type": "string"}, "minItems": FEWEST, "maxItems": MOST},
                required=True,
                explode=True,
                description="ISO 3166-1 alpha-3 code of a state; give it two to four times.",
                examples=[OpenApiExample("Example", ["CHN", "RUS"])],
            ),
            AS_OF,
            OpenApiParameter(
                "format",
                enum=formats,
                default="json",
                description="json, or csv: a line for each cell.",
                examples=[OpenApiExample("Example", "csv")],
            ),
        ],
        responses={
            (200, "application/json"): OpenApiResponse(ComparisonSerializer, "The states side by side."),
            (200, "text/csv"): OpenApiTypes.STR,
            **WRONG_PARAMETERS,
        },
    )
    def get(self, request):
        choice = Choice.of(request.query_params.getlist("state"))
        faults = choice.faults
        if not faults and not choice.is_enough:
            given = ", ".join(choice.texts)
            faults = [Fault.of("state", given, "Give it two to four times, each time another state.")]
        if faults:
            raise BadParameters(faults)
        focus = get_focus()
        comparison = Comparison(choice.states, focus, day_of(request))
        if request.query_params.get("format") == "csv":
            return as_csv(comparison)
        return Response(ComparisonSerializer(comparison, context={"request": request}).data)


def as_csv(comparison):
    """An HttpResponse; what is not counted is a blank cell."""
    rows = [CSV]
    for part in comparison.parts:
        for row in part.rows:
            for state, cell in zip(comparison.states, row.cells, strict=True):
                told = [part.id, row.id, row.label, state.code, cell.text]
                numbers = [cell.count, cell.certain, cell.first, cell.last]
                holds = "; ".join(getattr(entry, "holds", "") for entry in cell.entries)
                rows.append([*told, *numbers, holds])
    response = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
    name = "-".join(["compare", *(state.code for state in comparison.states)])
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
