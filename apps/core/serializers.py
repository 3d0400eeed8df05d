"""How the API writes what all entries share: points in time, spans, references, names, addresses."""

from functools import lru_cache

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from apps.core import cells
from apps.core.addresses import address_of, root
from apps.core.dates import EARLIEST, LATEST
from apps.core.fixtures import identifier_of
from apps.core.oneof import OneOf


# Every column is read-only, and so described as always there, which a model's rules for writing would not say.
class RowSerializer(serializers.ModelSerializer):
    def get_extra_kwargs(self):
        return {name: {"read_only": True} for name in self.Meta.fields}


def reference(row, request):
    """`{"code" | "slug", "name", "names", "url"}` of a row, or None where there is none that is public."""
    if row is None or not getattr(row, "is_public", True):
        return None
    return cells.told(identifier_of(row), row.public_id, str(row), names_of(row), address(row, request))


def references(rows, request):
    """The same of many rows of one model, as a list of the API writes them."""
    if not rows:
        return []
    told = cells.of_reference(type(rows[0]))
    columns = [[getattr(row, name) for row in rows] for name in told.columns]
    return told.write(cells.Answer(root(request)), *columns)


def names_of(row):
    """The name in each language, null where it is not recorded; None of what goes by a title."""
    return cells.names(row.name_en, row.name_kk, row.name_ru) if hasattr(row, "name_en") else None


def address(row, request):
    """The address of a row in the API."""
    return root(request) + address_of(f"api:{row._meta.model_name}-detail", row.public_id)


def led_to(model, source):
    """(model, path) of the row to which a source such as "passage.source" leads."""
    names = source.split(".")
    for name in names:
        model = model._meta.get_field(name).related_model
    return model, "__".join(names)


class MadeField(serializers.Field):
    """Made by `made` of `columns` of the row, or of the row to which its source leads."""

    columns = ()

    def __init__(self, **kwargs):
        super().__init__(**{"source": "*", "read_only": True, **kwargs})

    def made(self, *values):
        """Of nothing but the values: it is the same for all fields of the class."""
        raise NotImplementedError

    def to_representation(self, row):
        return self.made(*(getattr(row, name) for name in self.columns))

    def cells(self, model):
        def write(answer, *columns):
            return [self.made(*values) for values in zip(*columns, strict=True)]

        made = cells.Cells(self.columns, write)
        return made if self.source == "*" else cells.through(*led_to(model, self.source), made, type(self))


class PointSerializer(serializers.Serializer):
    """A point in time, as precise as its source. A day that is null is no limit; `..` (ongoing) has neither."""

    edtf = serializers.CharField(help_text="As written, in the notation of ISO 8601-2 (EDTF).")
    earliest = serializers.DateField(
        allow_null=True, required=False, help_text="The first day that it may be."
    )
    latest = serializers.DateField(allow_null=True, required=False, help_text="The last day that it may be.")


@extend_schema_field(PointSerializer)
class PointField(serializers.Field):
    """A PartialDate; null where it is not known."""

    def __init__(self, **kwargs):
        super().__init__(**{"read_only": True, "allow_null": True, **kwargs})

    def to_representation(self, value):
        return point(value)


# Days come again and again, and the end of most spans is not known.
@lru_cache(maxsize=8192)
def point(value):
    """What a PartialDate is written as: one object for all rows that have it, which nobody may change."""
    if not value.is_known:
        return None
    if value.is_ongoing:
        return {"edtf": str(value)}
    return {
        "edtf": str(value),
        "earliest": None if value.earliest == EARLIEST else value.earliest.isoformat(),
        "latest": None if value.latest == LATEST else value.latest.isoformat(),
    }


class SpanSerializer(serializers.Serializer):
    """From when to when something held. Null is unknown, never "none" or "now"; an `end` of `..` is ongoing."""

    start = PointField()
    end = PointField()
    attested = PointField(help_text="A date at which a source says that it held.")


@extend_schema_field(SpanSerializer)
class SpanField(MadeField):
    columns = ("start", "end", "attested")

    def made(self, start, end, attested):
        return {"start": point(start), "end": point(end), "attested": point(attested)}


class HoldsField(serializers.ChoiceField):
    """Only in answers to `as_of`: whether the row certainly or possibly held then."""

    def __init__(self):
        super().__init__(
            choices=["certain", "possible"],
            read_only=True,
            required=False,
            help_text="Only with `as_of`: whether it held certainly or possibly.",
        )

    def get_attribute(self, instance):
        if getattr(instance, "holds", None) is None:
            raise serializers.SkipField
        return instance.holds

    def cells(self, model):
        """Of the annotation, which `core.rows` puts into the rows that have it."""
        return None


class NamesSerializer(serializers.Serializer):
    """The name in three languages, null where it is not recorded."""

    en = serializers.CharField()
    kk = serializers.CharField(allow_null=True)
    ru = serializers.CharField(allow_null=True)


class ReferenceSerializer(serializers.Serializer):
    """Another entry; its address tells of what kind."""

    slug = serializers.CharField()
    name = serializers.CharField()
    names = NamesSerializer(allow_null=True, help_text="Null of what goes by a title.")
    url = serializers.URLField()


class StateReferenceSerializer(serializers.Serializer):
    """A state."""

    code = serializers.CharField(help_text="ISO 3166-1 alpha-3; of a former state its last code.")
    name = serializers.CharField()
    names = NamesSerializer()
    url = serializers.URLField()


EitherReferenceSerializer = PolymorphicProxySerializer(
    component_name="EitherReference",
    serializers=[StateReferenceSerializer, ReferenceSerializer],
    resource_type_field_name=None,
)


@extend_schema_field(ReferenceSerializer)
class ReferenceField(serializers.Field):
    """Another row; null where there is none that is public."""

    def __init__(self, **kwargs):
        super().__init__(**{"read_only": True, "allow_null": True, **kwargs})

    def to_representation(self, row):
        return reference(row, self.context["request"])

    def cells(self, model):
        before, dot, last = self.source.rpartition(".")
        choices = getattr(led_to(model, before)[0] if before else model, last)
        names = choices.names if isinstance(choices, OneOf) else [last]
        leading = [led_to(model, f"{before}{dot}{name}") for name in names]
        found = [cells.reference_through(to, path) for to, path in leading]
        return cells.first_of(*found) if len(found) > 1 else found[0]


@extend_schema_field(StateReferenceSerializer)
class StateReferenceField(ReferenceField):
    pass


@extend_schema_field(EitherReferenceSerializer)
class EitherReferenceField(ReferenceField):
    """A state or an organization or a person: one that has a `code` is a state."""


@extend_schema_field(ReferenceSerializer(many=True))
class ReferencesField(serializers.Field):
    """The public rows of a related set, which the view has prefetched."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, manager):
        return public(reference(row, self.context["request"]) for row in manager.all())

    def made_of_each(self, sets):
        return [*map(public, sets)]

    def cells_of_one(self, model):
        """Of one row of the set."""
        return cells.of_reference(model)


def public(references):
    return [found for found in references if found]


@extend_schema_field(StateReferenceSerializer(many=True))
class StateReferencesField(ReferencesField):
    pass


class NameField(MadeField, serializers.CharField):
    """The name in the language of the API."""

    columns = ("name_en",)

    def made(self, name):
        return name


@extend_schema_field(NamesSerializer)
class NamesField(MadeField):
    """The name in each language, null where it is not recorded."""

    columns = ("name_en", "name_kk", "name_ru")

    def made(self, *names):
        return cells.names(*names)


class AddressField(serializers.URLField):
    """The row's own address in the API."""

    def __init__(self, **kwargs):
        super().__init__(source="*", read_only=True, **kwargs)

    def to_representation(self, row):
        return address(row, self.context["request"])

    def cells(self, model):
        return cells.of_addresses(model, "api:")


@extend_schema_field({"anyOf": [{"type": "string", "format": "uri"}, {"const": ""}]})
class ElsewhereField(serializers.URLField):
    """An address outside this site; empty where none is recorded."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)


class PageField(serializers.URLField):
    """The address of the row's page for readers."""

    def __init__(self, **kwargs):
        super().__init__(**{"source": "get_absolute_url", "read_only": True, **kwargs})

    def to_representation(self, path):
        return root(self.context["request"]) + path

    def cells(self, model):
        return cells.of_addresses(model)
