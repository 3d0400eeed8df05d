"""What the server hands on to Django, whatever it says of itself."""

import gc
from io import BytesIO
from weakref import ref

import pytest
from django.test import RequestFactory
from django.test.client import AsyncRequestFactory

from kzforeign.asgi import application as asgi_application
from kzforeign.handlers import LARGE, AsyncRequest, Request
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


# -- Large forms


class Sent:
    """What only the garbage collector finds."""

    def __init__(self):
        self.itself = self


@pytest.fixture
def left():
    """Tells what is left of a form that was sent before."""
    gc.disable()
    yield ref(Sent())
    gc.enable()


def form(size):
    """What is read of one."""
    sent = b"q=" + b"x" * size
    given = {"CONTENT_LENGTH": str(len(sent)), "CONTENT_TYPE": "application/x-www-form-urlencoded"}
    given |= {"REQUEST_METHOD": "POST", "wsgi.input": BytesIO(sent)}
    return Request(RequestFactory()._base_environ(**given)).POST["q"]


def test_large_form_is_read_when_nothing_is_left_of_those_before(left):
    assert len(form(LARGE)) == LARGE
    assert left() is None


def test_small_form_looks_for_nothing(left):
    assert len(form(100)) == 100
    assert left()
