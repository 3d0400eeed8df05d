"""The API's description of itself (OpenAPI 3.1): what drf-spectacular cannot see in the views."""

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers


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
    errors = FaultSerializer(many=True, required=False)


LINKED_DATA = {
    "type": "object",
    "description": "What the entry is about, in the vocabulary of schema.org (JSON-LD).",
    "properties": {name: {} for name in ("@context", "@type", "@id", "name", "subjectOf")},
    "required": ["@context", "@type", "@id", "name", "subjectOf"],
}


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
            ),
        ]

    def get_response_serializers(self):
        errors = {(400, "application/problem+json"): OpenApiResponse(ProblemSerializer, "Wrong parameters.")}
        if not self.is_list:
            errors[404, "application/problem+json"] = OpenApiResponse(
                ProblemSerializer, "There is no such entry."
            )
        return {200: super().get_response_serializers()} | self.linked_data() | errors

    def linked_data(self):
        if not getattr(self.view, "linked_data", None) or self.is_list:
            return {}
        return {(200, "application/ld+json"): OpenApiResponse(LINKED_DATA, "The entry.")}

    @property
    def is_list(self):
        return getattr(self.view, "action", None) == "list"


def tidied(result, **_context):
    """The description without marks for tools that are not used, and with `holds` as what only `as_of` gives."""
    for schema in result["components"]["schemas"].values():
        if "holds" in schema.get("required", ()):
            schema["required"].remove("holds")
        for described in schema.get("properties", {}).values():
            described.pop("x-spec-enum-id", None)
    return result
