"""The API's answers that span several kinds of entries."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from apps.core.api import BadParameters
from apps.core.asof import AsOfForm, day_of
from apps.core.conditional import mark_of
from apps.core.faults import Fault, shortened
from apps.core.schema import LASTING, LOCATION, WRONG_PARAMETERS, nothing_there
from apps.core.views_absent import Elsewhere, moved, traced
from apps.core.viewsets import ListAsCsv, PublicMixin
from apps.relations import graph
from apps.relations.csv_lists import TieTable
from apps.relations.filters import TimelineFilter
from apps.relations.models import Tie
from apps.relations.serializers import RelationsSerializer, TimelineSerializer
from apps.relations.state_ties import StateTies
from apps.states.models import State


class TimelineViewSet(PublicMixin, ListAsCsv, ListModelMixin, GenericViewSet):
    """Entries of all kinds in the order of time, each where it may have begun at the earliest."""

    model = Tie
    filterset_class = TimelineFilter
    serializer_class = TimelineSerializer

    def get_queryset(self):
        return Tie.objects.for_detail()

    def get_table(self):
        return TieTable()


def _state(name, description, example):
    return OpenApiParameter(
        name,
        location=OpenApiParameter.PATH,
        description=description,
        pattern="^[A-Z]{3}$",
        examples=[OpenApiExample("Example", example)],
    )


CODE = _state("code", "ISO 3166-1 alpha-3 code of the state.", "CHN")
OTHER = _state("other", "ISO 3166-1 alpha-3 code of the other state.", "RUS")
NO_FOCUS = "The database has no focal state."
AS_OF = OpenApiParameter(
    "as_of",
    OpenApiTypes.STR,
    description="What held on this day, month or year, or had happened by then, certainly or possibly.",
    examples=[OpenApiExample("Example", "2012-07-01")],
)
ANSWERS = {
    200: OpenApiResponse(RelationsSerializer, "What ties the two."),
    **WRONG_PARAMETERS,
    **LASTING,
    **nothing_there("There is no such state."),
}


class AsOfMixin(PublicMixin):
    """What can be asked for as of a day, and nothing else."""

    parameters = ("as_of",)

    def refuse_parameters(self, given):
        """`as_of` once, and a day."""
        super().refuse_parameters(given)
        days = given.getlist("as_of")
        faults = [Fault.of("as_of", ", ".join(days), "Give it once.")] if len(days) > 1 else []
        if not faults and days and not days[0]:
            faults = [Fault.of("as_of", "", "It has no value. Give it one or leave it out.")]
        form = AsOfForm(given)
        if not faults and not form.is_valid():
            faults = [Fault.of("as_of", days[0], message) for message in form.errors["as_of"]]
        if faults:
            raise BadParameters(faults)


class RelationsView(AsOfMixin, APIView):
    """What ties a state to the focal state, all kinds together; of that state itself, what it takes part in."""

    @extend_schema(
        summary="What ties a state to the focal state", parameters=[CODE, AS_OF, LOCATION], responses=ANSWERS
    )
    def get(self, request, code):
        focus = get_focus()
        return self.answer(request, get_state(code, "code"), focus)

    def answer(self, request, state, other):
        day = day_of(request)
        ties = StateTies(state, other, day, detailed=True, mark=mark_of(request))
        return Response(RelationsSerializer(ties, context={"request": request}).data)


class PairView(RelationsView):
    """What ties any two states, all kinds together."""

    @extend_schema(
        operation_id="relations_pair_retrieve",
        summary="What ties two states",
        parameters=[CODE, OTHER, AS_OF, LOCATION],
        responses=ANSWERS,
    )
    def get(self, request, code, other):
        if code.upper() == other.upper():
            raise NotFound(f"Two states are asked for, and both are {shortened(code)}.")
        try:
            states = get_state(code, "code"), get_state(other, "other")
        except Elsewhere as elsewhere:
            if elsewhere.row.code not in (code.upper(), other.upper()):
                raise
            # The one was merged into the other: the two are one state now.
            return moved(request, "api:relations", code=elsewhere.row.code)
        return self.answer(request, *states)


class GraphView(AsOfMixin, APIView):
    """Who belongs to what, as a graph of states and organizations for network tools: GraphML or GEXF.

    Each membership of a state is an edge, with its status and its dates as written (EDTF); with `as_of`, only those
    that held then, certainly or possibly, each saying which. Only states and organizations with an edge are nodes.
    """

    formats = tuple(graph.FORMATS)

    def perform_content_negotiation(self, request, force=False):
        """By the parameter `format` alone: an Accept header that asks for XML is met by either."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        summary="Memberships of states as a graph",
        parameters=[
            AS_OF,
            OpenApiParameter(
                "format",
                enum=formats,
                default="graphml",
                description="graphml or gexf.",
                examples=[OpenApiExample("Example", "gexf")],
            ),
        ],
        responses={
            **{(200, media): OpenApiTypes.BINARY for _write, media in graph.FORMATS.values()},
            (400, "application/problem+json"): ANSWERS[400, "application/problem+json"],
        },
    )
    def get(self, request):
        form = request.query_params.get("format", "graphml")
        write, media = graph.FORMATS[form]
        day = day_of(request)
        try:
            written = write(graph.Graph.of(request, day))
        except graph.TooLarge:
            raise ParseError(
                f"This graph has more than {graph.MOST_EDGES:,} memberships, which is the most that one answer holds. "
                "Ask for a day (as_of), or take them as a table (/api/v1/memberships/?format=csv)."
            ) from None
        response = HttpResponse(written, content_type=media)
        name = "-".join(filter(None, ["memberships", day and str(day)]))
        response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
        return response


def get_focus():
    """The focal state; NotFound where it is not there, as in a database that is empty."""
    focus = State.objects.focus()
    if focus is None:
        raise NotFound(NO_FOCUS)
    return focus


def get_state(code, parameter):
    """The published state of that code, in capitals or not, which the parameter of the address gives."""
    state = State.objects.published().filter(code=code.upper()).first()
    if state is None:
        raise traced(State, code.upper(), parameter) or NotFound(
            f"There is no published state with the code “{shortened(code)}”."
        )
    return state
