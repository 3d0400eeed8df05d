"""Requests as a WSGI server hands them on, raw bytes included, and what holds of every answer."""

import json
import re
from contextlib import contextmanager
from inspect import unwrap
from io import BytesIO
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import Resolver404, get_resolver, resolve

from apps.core.request_ids import Journal, begin
from kzforeign.wsgi import application

# The site without what is in front of Django: what answers on health, and the page cache.
DJANGO = unwrap(application.application.application.application)
PROBLEM = "application/problem+json"
# Names that WSGI does not put "HTTP_" before.
PLAIN = ("CONTENT_TYPE", "CONTENT_LENGTH")
# Of a form that the site's own pages would send.
TOKEN = "t" * 32


class Answer(NamedTuple):
    status: int
    headers: dict
    content: bytes

    @property
    def type(self):
        return self.headers.get("Content-Type", "")


def ask(address, method="GET", heads=(), body=b"", session="", to=application):
    """The answer to an address as it would stand in the first line of a request; `session` is that of a curator."""
    path, _mark, query = address.partition("?")
    environ = RequestFactory()._base_environ(
        REQUEST_METHOD=latin(method),
        PATH_INFO=unquote_to_bytes(path).decode("latin-1"),
        QUERY_STRING=latin(query),
        CONTENT_LENGTH=str(len(body)),
    )
    environ["wsgi.input"] = BytesIO(body)
    if not isinstance(to, Journal):
        # As the log in front of it would number the request, but that two are answered alike.
        begin(environ).id = "0" * 32
    for name, value in (signed_in(session) | dict(heads)).items():
        name = name.upper().replace("-", "_")
        environ[name if name in PLAIN else f"HTTP_{name}"] = value
    return answer(environ, to)


def signed_in(session):
    return {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN} if session else {}


def latin(text):
    """As a WSGI server spells bytes."""
    return text.encode().decode("latin-1")


def answer(environ, to):
    begun = []
    body = to(environ, lambda status, headers, *_: begun.append((status, dict(headers))))
    try:
        content = b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    status, headers = begun[0]
    return Answer(int(status.split()[0]), headers, content)


@contextmanager
def one_connection():
    """Within, the end of a request does not close the connection, in a transaction of which all this takes place."""
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield
    for signal in ends:
        signal.connect(close_old_connections)


def send(address, form, session=""):
    """The answer to a form, its fields in several parts as a browser sends them."""
    body = encode_multipart(BOUNDARY, form)
    return ask(address, "POST", {"Content-Type": MULTIPART_CONTENT}, body, session)


def fault(answer, address):
    """What is wrong with an answer whatever was asked, "" for nothing."""
    if answer.status >= 500:
        return str(answer.status)
    if address.startswith("/api/") and answer.status >= 400 and not is_problem(answer):
        return f"{answer.status} as {answer.type}: {answer.content[:200]}"
    if answer.status == 405 and not answer.headers.get("Allow"):
        return "405 without Allow"
    where = answer.headers.get("Location", "/")
    return f"leads to {where}" if elsewhere(where) else ""


def elsewhere(address):
    """Whether a browser that is led there leaves the site, or runs it: read as the URL standard of browsers has it."""
    address = re.sub("[\t\r\n]", "", address).strip("".join(map(chr, range(33))))
    scheme, colon, rest = address.partition(":")
    if colon and re.fullmatch("[A-Za-z][A-Za-z0-9+.-]*", scheme):
        if scheme.lower() not in ("http", "https"):
            return True
        # However many slashes there are, or none.
        rest = "//" + rest.lstrip("/\\")
    else:
        rest = address
    rest = rest.partition("?")[0].partition("#")[0].replace("\\", "/")
    host = re.split("/", rest[2:].lstrip("/"), maxsplit=1)[0]
    return rest.startswith("//") and host not in ("testserver", "testserver:80")


def is_problem(answer):
    """Whether the answer is an error as RFC 9457 has it."""
    if answer.type != PROBLEM:
        return False
    if not answer.content:  # It was asked for by HEAD, and says how long it would be.
        return int(answer.headers.get("Content-Length", 0)) > 0
    problem = json.loads(answer.content)
    return (
        problem["type"] == "about:blank"
        and problem["status"] == answer.status
        and bool(problem["title"] and problem["detail"])
    )


def named(answer):
    """The parameters that a problem names."""
    return [error["parameter"] for error in json.loads(answer.content).get("errors", ())]


def routes():
    """Every route of the site, as ResolverMatch.route spells it."""

    def walk(resolver, before=""):
        for pattern in resolver.url_patterns:
            own = str(pattern.pattern)
            route = before + own.removeprefix("^") if before else own
            if hasattr(pattern, "url_patterns"):
                yield from walk(pattern, route)
            else:
                yield route

    return set(walk(get_resolver()))


def route_of(address):
    """The route that takes the address, "" for none."""
    path = unquote_to_bytes(address.partition("?")[0]).decode(errors="replace")
    try:
        return resolve(path).route
    except Resolver404:
        return ""
