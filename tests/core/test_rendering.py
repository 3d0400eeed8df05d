"""In which form an answer of the API is written."""

import pytest
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from apps.core.rendering import FastJSONRenderer, Negotiation

OF_LISTS, OF_SCHEMA = (FastJSONRenderer,), (OpenApiJsonRenderer2, OpenApiJsonRenderer)
ACCEPTED = [
    {},
    {"Accept": "*/*"},
    {"Accept": "text/html, application/*;q=0.8"},
    {"Accept": "application/json; indent=4"},
    {"Accept": "application/json;q=0.1, application/vnd.oai.openapi+json"},
    {"Accept": "text/csv," * 40 + "*/*"},
]


def chosen_by(negotiation, kinds, headers):
    request = Request(APIRequestFactory().get("/", headers=headers))
    renderer, media_type = negotiation.select_renderer(request, [kind() for kind in kinds])
    return type(renderer), media_type


@pytest.mark.parametrize("headers", ACCEPTED)
def test_each_gets_what_the_framework_would_choose(headers):
    for kinds in (OF_LISTS, OF_SCHEMA, OF_LISTS):
        assert chosen_by(Negotiation(), kinds, headers) == chosen_by(
            DefaultContentNegotiation(), kinds, headers
        )


@pytest.mark.parametrize("accepted", ["text/csv", "", "text/csv," * 999])
def test_what_cannot_be_is_refused_each_time(accepted):
    for negotiation in (DefaultContentNegotiation(), Negotiation(), Negotiation()):
        with pytest.raises(NotAcceptable):
            chosen_by(negotiation, OF_LISTS, {"Accept": accepted})
