"""Every published row as its address in the API answers it, one on a line: JSON lines, one file for each kind."""

from django.urls import NoReverseMatch, get_script_prefix, resolve, reverse
from django.utils import translation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from apps.core.fixtures import fixture_models
from apps.core.public_rows import key_order
from apps.core.site import site_at

# So many rows are in memory at a time, with what belongs to them.
CHUNK = 500


def write_details(directory, address):
    """Writes `visit.jsonl` and so on, with the addresses of the site at `address`; {kind: number of rows}.

    The kinds are those that have addresses in the API; the rows are in the order of their identifiers.
    """
    counts = {}
    with site_at(address) as request, translation.override("en"):
        for viewset in viewsets():
            kind = viewset.model._meta.model_name
            counts[kind] = 0
            with (directory / f"{kind}.jsonl").open("xb") as file:
                for detail in details(viewset, request):
                    file.write(detail + b"\n")
                    counts[kind] += 1
    return counts


def viewsets():
    """Those of the API that answer for one row, by the addresses of these: a kind that gets one is in the files too."""
    for model in fixture_models():
        try:
            path = reverse(f"api:{model._meta.model_name}-detail", args=["QQQ"])
        except NoReverseMatch:
            continue
        yield resolve(f"/{path.removeprefix(get_script_prefix())}").func.cls


def details(viewset, request):
    """Yields the body of the answer for each row, as bytes."""
    view = viewset(action="retrieve", format_kwarg=None)
    view.setup(Request(request))
    serializer, renderer = view.get_serializer(), JSONRenderer()
    for row in view.get_queryset().order_by(*key_order(viewset.model)).iterator(CHUNK):
        yield renderer.render(serializer.to_representation(view.completed(row)))
