from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core import cells
from apps.core.models import Entry
from apps.core.serializers import (
    AddressField,
    EitherReferenceField,
    ElsewhereField,
    MadeField,
    PageField,
    PointField,
    ReferenceSerializer,
    RowSerializer,
    led_to,
    reference,
    root,
)
from apps.sources.models import Citation, Passage, Source, authors_in, locator_of


class CitedSourceSerializer(ReferenceSerializer):
    """A source, and the place on its page where the passage stands."""

    passage_url = serializers.URLField(help_text="The passage on the source's page for readers.")


def cited_source(passage, request):
    """As `CitedSourceSerializer` describes it."""
    return reference(passage.source, request) | {"passage_url": root(request) + passage.get_absolute_url()}


@extend_schema_field(CitedSourceSerializer)
class CitedSourceField(serializers.Field):
    """The source of a passage."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, passage):
        return cited_source(passage, self.context["request"])

    def cells(self, model):
        passage, path = led_to(model, self.source)
        source = cells.reference_through(*led_to(passage, "source"))
        page = cells.of_addresses(Source)

        def write(answer, anchors, *columns):
            found = source.write(answer, *columns)
            # None of one that is gone since its passage was read.
            pages = page.write(answer, [of_source["slug"] if of_source else "" for of_source in found])
            told = zip(found, pages, anchors, strict=True)
            return [
                of_source and of_source | {"passage_url": f"{url}#{anchor}"}
                for of_source, url, anchor in told
            ]

        return cells.through(passage, path, cells.Cells(("anchor", *source.columns), write), type(self))


class LocatorField(MadeField, serializers.CharField):
    columns = ("section", "paragraph", "page")

    def made(self, *values):
        return locator_of(*values)


class AuthorsField(MadeField, serializers.ListField):
    columns = ("authors",)

    def __init__(self):
        super().__init__(child=serializers.CharField())

    def made(self, authors):
        return authors_in(authors)


class CitationSerializer(serializers.Serializer):
    """A passage that supports the entry, or one field of it, or says otherwise."""

    source = CitedSourceField(source="passage")
    locator = LocatorField(source="passage", help_text="Where in the source.")
    field = serializers.CharField(help_text="The field that it speaks of; empty for the whole entry.")
    stance = serializers.ChoiceField(choices=Citation.Stance.choices)
    claim = serializers.CharField(help_text="What the passage says, where it differs.")
    note = serializers.CharField()


class EntrySerializer(RowSerializer):
    # What every entry carries, at its end. The view has prefetched the citations.
    basis = serializers.ChoiceField(
        choices=Entry.Basis.choices,
        read_only=True,
        help_text="Whether the source states it or a curator inferred it; the note then says how.",
    )
    citations = CitationSerializer(many=True, read_only=True)
    url = AddressField()
    html_url = PageField()

    tail = ("basis", "note", "citations", "url", "html_url")


class SourceSerializer(RowSerializer):
    """A text that entries rest on."""

    authors = AuthorsField()
    date = PointField()
    original_url = ElsewhereField(source="url", help_text="Where the source itself is; may be empty.")
    archived_url = ElsewhereField(help_text="Where a copy of it is kept; may be empty.")
    passage_count = serializers.IntegerField(read_only=True)
    encoded_count = serializers.IntegerField(
        read_only=True, help_text="Passages whose facts are all entered."
    )
    nothing_count = serializers.IntegerField(read_only=True, help_text="Passages with nothing to enter.")
    open_count = serializers.IntegerField(read_only=True, help_text="Passages with more to enter.")
    url = AddressField()
    html_url = PageField()

    class Meta:
        model = Source
        fields = (
            "slug",
            "kind",
            "title",
            "authors",
            "container",
            "publisher",
            "date",
            "original_url",
            "archived_url",
            "accessed",
            "language",
            "note",
            "passage_count",
            "encoded_count",
            "nothing_count",
            "open_count",
            "url",
            "html_url",
        )


class CitedEntrySerializer(serializers.Serializer):
    """An entry that rests on a passage."""

    kind = serializers.SerializerMethodField(help_text="What kind of entry it is.")
    entry = EitherReferenceField()
    contradicts = serializers.BooleanField(help_text="Whether the passage says otherwise of any of it.")

    def get_kind(self, cited) -> str:
        return cited.entry._meta.model_name


@extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
class CountsField(serializers.Field):
    """The number of entries of each kind, as `{"visit": 3}`; kinds of which there is none are left out."""

    def to_representation(self, groups):
        return {group.kind: len(group.rows) for group in groups}


class PassageSerializer(RowSerializer):
    """A paragraph or page of a source, with the entries that rest on it."""

    locator = serializers.CharField()
    html_url = PageField()
    counts = CountsField(
        source="groups", read_only=True, help_text='How many entries of each kind, as `{"visit": 3}`.'
    )
    entries = CitedEntrySerializer(source="cited_entries", many=True)

    class Meta:
        model = Passage
        fields = (
            "anchor",
            "locator",
            "section",
            "paragraph",
            "page",
            "research",
            "reason",
            "html_url",
            "counts",
            "entries",
        )


class PassageCountsSerializer(serializers.Serializer):
    """How many passages there are in each state of research."""

    total = serializers.IntegerField()
    encoded = serializers.IntegerField(help_text="All their facts are entered.")
    nothing = serializers.IntegerField(
        help_text="There is nothing to enter in them; their `reason` says why."
    )
    open = serializers.IntegerField(help_text="There is more to enter.")


class EntryCountsSerializer(serializers.Serializer):
    """How many published entries cite a passage of the source, each counted once."""

    total = serializers.IntegerField()
    stated = serializers.IntegerField(help_text="The source says so.")
    inferred = serializers.IntegerField(help_text="A curator concluded it; the note of each says how.")
    in_conflict = serializers.IntegerField(help_text="A passage, of whatever source, says otherwise.")
    by_kind = CountsField(help_text='How many of each kind, as `{"visit": 3}`; kinds with none are left out.')


class CoverageSerializer(serializers.Serializer):
    """What of the source is encoded, in numbers."""

    passages = serializers.SerializerMethodField()
    entries = serializers.SerializerMethodField()

    @extend_schema_field(PassageCountsSerializer)
    def get_passages(self, coverage):
        return PassageCountsSerializer({"total": len(coverage.passages), **coverage.research}).data

    @extend_schema_field(EntryCountsSerializer)
    def get_entries(self, coverage):
        numbers = {"total": len(coverage.entries), "in_conflict": coverage.in_conflict, **coverage.basis}
        return EntryCountsSerializer({**numbers, "by_kind": coverage.groups}).data


class ClaimSerializer(serializers.Serializer):
    """What a passage says; it may be one of another source."""

    source = serializers.SerializerMethodField()
    locator = serializers.CharField(source="citation.passage.locator", help_text="Where in the source.")
    says = serializers.CharField(help_text="Its claim, or the value recorded where it supports that.")
    note = serializers.CharField(source="citation.note")

    @extend_schema_field(CitedSourceSerializer)
    def get_source(self, claim):
        return cited_source(claim.citation.passage, self.context["request"])


class ConflictSerializer(serializers.Serializer):
    """A field of an entry of which passages say different things."""

    kind = serializers.SerializerMethodField(help_text="What kind of entry it is.")
    entry = EitherReferenceField()
    field = serializers.CharField(help_text="The field in dispute; empty for the whole entry.")
    value = serializers.CharField(help_text="What is recorded, in words.")
    supporting = ClaimSerializer(many=True)
    contradicting = ClaimSerializer(many=True)

    def get_kind(self, conflict) -> str:
        return conflict.entry._meta.model_name


class SourceDetailSerializer(SourceSerializer):
    """With its passages in order, each with the entries that rest on it, and what they come to."""

    coverage = CoverageSerializer(read_only=True)
    conflicts = ConflictSerializer(many=True, read_only=True, source="coverage.conflicts")
    passages = PassageSerializer(many=True, read_only=True, source="coverage.passages")

    class Meta(SourceSerializer.Meta):
        fields = (*SourceSerializer.Meta.fields[:-2], "coverage", "conflicts", "passages", "url", "html_url")
