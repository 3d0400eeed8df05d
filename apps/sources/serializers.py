from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.models import Entry
from apps.core.serializers import (
    AddressField,
    EitherReferenceField,
    PageField,
    PointField,
    ReferenceSerializer,
    RowSerializer,
    reference,
    root,
)
from apps.sources.models import Citation, Passage, Source


class CitedSourceSerializer(ReferenceSerializer):
    """A source, and the place on its page where the passage stands."""

    passage_url = serializers.URLField(help_text="The passage on the source's page for readers.")


class CitationSerializer(serializers.Serializer):
    """A passage that supports the entry, or one field of it, or says otherwise."""

    source = serializers.SerializerMethodField()
    locator = serializers.CharField(source="passage.locator", help_text="Where in the source.")
    field = serializers.CharField(help_text="The field that it speaks of; empty for the whole entry.")
    stance = serializers.ChoiceField(choices=Citation.Stance.choices)
    claim = serializers.CharField(help_text="What the passage says, where it differs.")
    note = serializers.CharField()

    @extend_schema_field(CitedSourceSerializer)
    def get_source(self, citation):
        request, passage = self.context["request"], citation.passage
        return reference(passage.source, request) | {
            "passage_url": root(request) + passage.get_absolute_url()
        }


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

    authors = serializers.SerializerMethodField()
    date = PointField()
    original_url = serializers.URLField(
        source="url", read_only=True, help_text="Where the source itself is; may be empty."
    )
    passage_count = serializers.IntegerField(read_only=True)
    encoded_count = serializers.IntegerField(
        read_only=True, help_text="Passages whose facts are all entered."
    )
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
            "url",
            "html_url",
        )

    def get_authors(self, source) -> list[str]:
        return [author.strip() for author in source.authors.split(";") if author.strip()]


class CitedEntrySerializer(serializers.Serializer):
    """An entry that rests on a passage."""

    kind = serializers.SerializerMethodField(help_text="What kind of entry it is.")
    entry = EitherReferenceField()
    contradicts = serializers.BooleanField(help_text="Whether the passage says otherwise of any of it.")

    def get_kind(self, cited) -> str:
        return cited.entry._meta.model_name


class PassageSerializer(RowSerializer):
    """A paragraph or page of a source, with the entries that rest on it."""

    locator = serializers.CharField()
    html_url = PageField()
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
            "entries",
        )


class SourceDetailSerializer(SourceSerializer):
    """With its passages in order, each with the entries that rest on it."""

    passages = PassageSerializer(many=True, read_only=True, source="passages_in_order")

    class Meta(SourceSerializer.Meta):
        fields = (*SourceSerializer.Meta.fields[:-2], "passages", "url", "html_url")
