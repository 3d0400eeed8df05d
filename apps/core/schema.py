"""The API's description of itself (OpenAPI 3.1): what drf-spectacular cannot see in the views."""

import json
from functools import cache
from pathlib import Path

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from apps.core.api import PROBLEM, body
from apps.core.faults import Fault

EXAMPLES = Path(__file__).with_name("api_examples.json")


class FaultSerializer(serializers.Serializer):
    """What is wrong with one parameter."""

    parameter = serializers.CharField()
    value = serializers.CharField(help_text="As given, shortened where it is long.")
    detail = serializers.CharField()
    allowed = serializers.ListField(child=serializers.CharField(), required=False)


class ProblemSerializer(serializers.Serializer):
    """An error as RFC 9457 has it."""

    type = serializers.CharField(help_text="Always about:blank: the status says what kind of problem it is.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    request_id = serializers.CharField(
        required=False, help_text="Also in the header X-Request-ID. Name it where you report a fault."
    )
    errors = FaultSerializer(many=True, required=False)


class GoneSerializer(ProblemSerializer):
    """What became of what was public at this address, and is no longer."""

    reason = serializers.CharField(
        allow_null=True, help_text="Why it was withdrawn; null where that is not on record."
    )
    withdrawn_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was withdrawn; null where that is not on record."
    )


LINKED_DATA = {
    "type": "object",
    "description": "What the entry is about, in the vocabulary of schema.org (JSON-LD).",
    "properties": {name: {} for name in ("@context", "@type", "@id", "name", "subjectOf")},
    "required": ["@context", "@type", "@id", "name", "subjectOf"],
}


def answers_with(status, description, example, serializer=ProblemSerializer):
    """{(status, media type): what OpenAPI says of a problem}"""
    shown = OpenApiExample("Example", example, media_type=PROBLEM, status_codes=[str(status)])
    return {(status, PROBLEM): OpenApiResponse(serializer, description, examples=[shown])}


WRONG_PARAMETERS = answers_with(
    400,
    "Wrong parameters, each named, with what is allowed.",
    body(
        400,
        "Wrong parameter: limit.",
        [Fault.of("limit", "500", "A page has 1 to 200 rows.", ["1-200"])],
    ),
)


def nothing_there(description):
    return answers_with(404, description, body(404, description))


MOVED = OpenApiResponse(
    None, "Public under another identifier: it was renamed, or merged into another entry."
)
LOCATION = OpenApiParameter(
    "Location",
    location=OpenApiParameter.HEADER,
    description="Its address now, with the same query.",
    response=[301],
)
# Of every address that names something by its identifier.
LASTING = {301: MOVED} | answers_with(
    410,
    "It was public once, and is no longer.",
    body(
        410,
        "The visit “1993-02-rao-kaz” was withdrawn on 3 March 2026.",
        reason="The communiqué speaks of another country.",
        withdrawn_at="2026-03-03T09:30:00Z",
    ),
    GoneSerializer,
)


class PublicSchema(AutoSchema):
    """Summaries and identifiers from the model's own names, and the errors that every address may answer."""

    def get_summary(self):
        kind = self.view.model._meta
        return f"List {kind.verbose_name_plural}" if self.is_list else f"One {kind.verbose_name}"

    def get_override_parameters(self):
        view = self.view
        if self.is_list or not hasattr(view, "lookup_field"):
            return []
        return [
            OpenApiParameter(
                view.lookup_field,
                location=OpenApiParameter.PATH,
                description=view.lookup_description,
                pattern=f"^{view.lookup_value_regex}$",
                examples=[OpenApiExample("Example", view.lookup_example)],
            ),
            OpenApiParameter(
                "format",
                enum=view.formats,
                description="json, or jsonld for JSON-LD in the vocabulary of schema.org.",
                examples=[OpenApiExample("Example", "jsonld")],
            ),
            LOCATION,
        ]

    def get_response_serializers(self):
        kind = self.view.model._meta
        answer = f"A page of the {kind.verbose_name_plural}." if self.is_list else f"The {kind.verbose_name}."
        errors = WRONG_PARAMETERS
        if not self.is_list:
            errors = errors | LASTING | nothing_there("There is no such entry.")
        found = OpenApiResponse(super().get_response_serializers(), answer)
        return {200: found} | self.other_forms() | errors

    def other_forms(self):
        if self.is_list:
            return {
                (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, "The whole list, with `format=csv`.")
            }
        if getattr(self.view, "linked_data", None):
            return {(200, "application/ld+json"): OpenApiResponse(LINKED_DATA, "The entry.")}
        return {}

    @property
    def is_list(self):
        return getattr(self.view, "action", None) == "list"


# What any address may answer instead: a name, when, and the header fields that come with it.
ERRORS = {
    "400": ("BadRequest", "A parameter is unknown, wrong or given twice; `errors` names each.", {}),
    "404": ("NotFound", "There is nothing public at this address.", {}),
    "405": (
        "MethodNotAllowed",
        "The API is for reading.",
        {"Allow": {"description": "The methods that are taken.", "schema": {"type": "string"}}},
    ),
    "406": ("NotAcceptable", "It is not to be had in any of the formats that `Accept` names.", {}),
    "429": (
        "TooManyRequests",
        "More was asked for than one address may ask for in so short a time.",
        {
            "Retry-After": {
                "description": "When to come back, in seconds.",
                "schema": {"type": "integer", "minimum": 0},
            }
        },
    ),
    "500": ("InternalServerError", "Something went wrong on the server, and was put on record.", {}),
}


def with_errors(result):
    """Adds to each operation the errors that it does not describe itself, and that nothing is new (304)."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    answers = {"NotModified": {"description": "The answer is the one that `If-None-Match` names."}}
    for name, description, headers in ERRORS.values():
        answers[name] = {"description": description, "content": content} | (
            {"headers": headers} if headers else {}
        )
    result["components"]["responses"] = answers
    names = {"304": "NotModified"} | {status: error[0] for status, error in ERRORS.items()}
    for path in result["paths"].values():
        for operation in path.values():
            for status, name in names.items():
                operation["responses"].setdefault(status, {"$ref": f"#/components/responses/{name}"})
            operation["responses"] = dict(sorted(operation["responses"].items()))


def tidied(result, **_context):
    """The description without marks for tools that are not used, with what any address may answer, and with `holds`
    as what only `as_of` gives."""
    with_errors(result)
    for schema in result["components"]["schemas"].values():
        if "holds" in schema.get("required", ()):
            schema["required"].remove("holds")
        for described in schema.get("properties", {}).values():
            described.pop("x-spec-enum-id", None)
    return result


@cache
def examples():
    """{path: {"address", "answer"}}: an answer of each address, lists in it cut short, as its tests wrote them."""
    return json.loads(EXAMPLES.read_text(encoding="utf-8"))


def with_examples(result, **_context):
    """The description with an example of each answer."""
    for path, example in examples().items():
        answer = result["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        answer["examples"] = {"Example": {"summary": example["address"], "value": example["answer"]}}
    return result
