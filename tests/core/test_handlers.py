"""What the server hands on to Django, whatever it says of itself."""

import pytest
from django.test import RequestFactory
from django.test.client import AsyncRequestFactory

from kzforeign.asgi import application as asgi_application
from kzforeign.handlers import AsyncRequest, Request
from tests.hostile.asking import DJANGO

ODD = [
    "nonsense",
    "text/plain; a*=nonsense''x",
    "text/plain; charset*=nonsense''utf-8",
    "text/plain; charset=hex",
    "text/plain; charset=unicode_escape",
    "text/plain; charset=utf-16",
]


def test_both_servers_take_them():
    assert (DJANGO.request_class, asgi_application.request_class) == (Request, AsyncRequest)


@pytest.mark.parametrize("content_type", ODD)
def test_address_is_read_as_utf_8_whatever_the_content_type(content_type):
    environ = RequestFactory()._base_environ(CONTENT_TYPE=content_type, QUERY_STRING="q=%D3%98%5Cx00")
    assert Request(environ).GET["q"] == "Ә\\x00"
    scope = AsyncRequestFactory()._base_scope(
        path="/", headers=[(b"content-type", content_type.encode())], query_string=b"q=%D3%98%5Cx00"
    )
    assert AsyncRequest(scope, None).GET["q"] == "Ә\\x00"
