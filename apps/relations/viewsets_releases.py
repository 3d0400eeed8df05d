"""The releases of the data, as the API tells of them."""

from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.addresses import root
from apps.core.releases import CHECKSUMS, DESCRIPTION, releases
from apps.core.schema import ProblemSerializer
from apps.core.viewsets import PublicMixin


@extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
class RowsField(serializers.Field):
    """The number of rows of each table."""


class ReleasedFileSerializer(serializers.Serializer):
    """A file of a release."""

    name = serializers.CharField()
    url = serializers.URLField(help_text="Where it is fetched.")
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField(help_text="The checksum of its content, in hexadecimal.")
    rows = RowsField(help_text='How many rows of each table it holds, as `{"visits": 3}`.')


class ReleaseSerializer(serializers.Serializer):
    """All that was published at one revision of the database, in files that stay as they are."""

    revision = serializers.CharField(help_text="Its name.")
    date = serializers.DateTimeField(help_text="When the last change that it holds was made.")
    files = ReleasedFileSerializer(many=True)
    checksums_url = serializers.URLField(help_text="The checksums of all its files, for `sha256sum --check`.")
    url = serializers.URLField(help_text="What the release says of itself.")
    html_url = serializers.URLField(help_text="Its place on the page for readers.")


class ReleasesSerializer(serializers.Serializer):
    """All of them in one page, the latest first."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True, help_text="Always null.")
    previous = serializers.URLField(allow_null=True, help_text="Always null.")
    results = ReleaseSerializer(many=True)


class ReleasesView(PublicMixin, APIView):
    """Files of everything that was published at a revision, which stay as they are; all releases, the latest first."""

    def made_of(self):
        return repr(releases())

    @extend_schema(
        operation_id="releases_list",
        summary="List releases of the data",
        responses={
            200: ReleasesSerializer,
            (400, "application/problem+json"): OpenApiResponse(ProblemSerializer, "Wrong parameters."),
        },
    )
    def get(self, request):
        found = [answer(release, root(request)) for release in releases()]
        return Response({"count": len(found), "next": None, "previous": None, "results": found})


def answer(release, site):
    """As `ReleaseSerializer` describes it; `site` is the address of the site."""

    def url(name):
        return site + reverse("data-file", args=[release.revision, name])

    return {
        "revision": release.revision,
        "date": release.date.isoformat(),
        "files": [
            {
                "name": file.name,
                "url": url(file.name),
                "size": file.size,
                "sha256": file.sha256,
                "rows": file.rows,
            }
            for file in release.files
        ],
        "checksums_url": url(CHECKSUMS),
        "url": url(DESCRIPTION),
        "html_url": f"{site}{reverse('data')}#{release.revision}",
    }
