"""The database as a whole in schema.org's vocabulary."""

from django.urls import reverse

from apps.core.addresses import root
from apps.core.citing import DATABASE
from apps.core.jsonld import CONTEXT, dataset_node, given, node, nodes


def dataset(reference, focus, sources, request):
    """As of the revision of `reference`, the Reference to the first page."""
    return dataset_node(request) | given(
        context=CONTEXT,
        description=f"The foreign relations of {focus} as data: visits, agreements, memberships, offices, events, "
        "projects and figures, each dated as precisely as its source allows and traceable to the paragraph behind it.",
        version=reference.revision,
        dateModified=reference.changed and reference.changed.isoformat(),
        creator=given(type="Organization", name=DATABASE),
        spatialCoverage=node(focus, request),
        isAccessibleForFree=True,
        isBasedOn=nodes(sources, request),
        creditText=reference.text,
        distribution=given(
            type="DataDownload",
            encodingFormat="application/json",
            contentUrl=root(request) + reverse("api:root"),
        ),
    )
