"""The search, as the API answers it."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.views import APIView

from apps.core.addresses import addresses_of, root
from apps.core.api import BadParameters
from apps.core.paging import KeysetPagination
from apps.core.schema import WRONG_PARAMETERS
from apps.core.serializers import PageField
from apps.core.viewsets import PublicMixin
from apps.relations.models import SearchEntry
from apps.relations.search_filters import SearchFilter, all_kinds
from apps.relations.search_query import Fit
from apps.relations.search_shown import shown


class TitlesSerializer(serializers.Serializer):
    """The title in each language, in English where it is not recorded."""

    en = serializers.CharField(source="title_en")
    kk = serializers.CharField(source="title_kk")
    ru = serializers.CharField(source="title_ru")


class HitSerializer(serializers.Serializer):
    """An entry that was found."""

    kind = serializers.ChoiceField(choices=all_kinds(), source="entry.kind")
    identifier = serializers.CharField(source="entry.public_id", help_text="The entry's slug or code.")
    title = serializers.CharField(source="entry.title")
    titles = TitlesSerializer(source="entry")
    when = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="The date or the span in words; null of states, organizations and people.",
    )
    fits = serializers.ChoiceField(
        choices=[fit.name.lower() for fit in Fit],
        help_text="What was asked for is its name, another name of it, the beginning of a name or the name of its "
        "place; or all words are in one of its names, or in what is told of it.",
    )
    name = serializers.CharField(
        allow_null=True, help_text="The name by which it was found; null where the title shows it."
    )
    url = serializers.CharField(read_only=True)
    html_url = PageField(source="entry.get_absolute_url")


def told(rows, request):
    """What the fields of HitSerializer say of what was found; to ask each field of each row takes six times as long."""
    entries, base = [row.entry for row in rows], root(request)
    kinds, identifiers = [entry.kind for entry in entries], [entry.public_id for entry in entries]
    urls = addresses_of([f"api:{kind}-detail" for kind in kinds], identifiers, base)
    pages = addresses_of([f"{kind}-detail" for kind in kinds], identifiers, base)
    return [
        {
            "kind": entry.kind,
            "identifier": entry.public_id,
            "title": entry.title,
            "titles": {"en": entry.title_en, "kk": entry.title_kk, "ru": entry.title_ru},
            "when": entry.when if entry.is_in_time else None,
            "fits": row.fits,
            "name": row.names[0] if row.names else None,
            "url": url,
            "html_url": page,
        }
        for row, entry, url, page in zip(rows, entries, urls, pages, strict=True)
    ]


class SearchSerializer(serializers.Serializer):
    """Entries of all kinds, those first of which a name fits best."""

    count = serializers.IntegerField(help_text="How many were found and ranked.")
    next = serializers.URLField(allow_null=True, help_text="The address of the next page; null on the last.")
    previous = serializers.URLField(
        allow_null=True, help_text="The address of the page before; null on the first."
    )
    complete = serializers.BooleanField(
        help_text="Whether these are all. Of kinds of which there are many, the latest that fit are ranked; ask for "
        "one `kind` for more of it, or for more words."
    )
    near = serializers.BooleanField(
        help_text="Whether nothing has the words asked for, and these have words that are one letter away."
    )
    results = HitSerializer(many=True)


def described():
    """The parameters as OpenAPI has them, those that say where a page begins like those of lists."""
    own = SearchFilter.parameters()
    of_pages = KeysetPagination().get_schema_operation_parameters(None)
    for said in [*own, *(said for said in of_pages if said["name"] in ("limit", "cursor"))]:
        schema = dict(said["schema"])
        shown_as = [OpenApiExample("Example", value) for value in schema.pop("examples", ())]
        yield OpenApiParameter(
            said["name"],
            schema,
            required=said["name"] == "q",
            description=said["description"],
            examples=shown_as,
        )


class SearchView(PublicMixin, APIView):
    """Entries of all kinds by a name or part of it, in any spelling, script or language; ranked alike everywhere."""

    def refuse_parameters(self, given):
        """As a list does; and a search for nothing."""
        self.filterset = SearchFilter(given, SearchEntry.objects.none(), request=self.request, for_api=True)
        if not self.filterset.is_valid():
            raise BadParameters(self.filterset.faults)

    @extend_schema(
        operation_id="search",
        summary="Search entries of all kinds",
        parameters=[*described()],
        responses={200: OpenApiResponse(SearchSerializer, "What was found."), **WRONG_PARAMETERS},
    )
    def get(self, request):
        page, search = self.filterset.page(), self.filterset.search
        pages = KeysetPagination()
        pages.turn_to(page, request)
        rows = shown(page.rows, search.asked)
        answer = pages.get_paginated_response(told(rows, request))
        results = answer.data.pop("results")
        # Not only its number may be less than what there is, which `complete` says.
        del answer.data["count_is"]
        answer.data |= {"complete": not search.more, "near": search.taken_for_others, "results": results}
        return answer
