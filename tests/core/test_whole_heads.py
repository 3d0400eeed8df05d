"""gunicorn with the site's own way to wait for requests, on an application that tells what it was sent."""

import socket
import sys
from contextlib import ExitStack, closing

import pytest

from tests.benchmarks.deployed import DEPLOY, free_ports, process
from tests.databases import ROOT

APPLICATION = """
def application(environ, start_response):
    body = environ["wsgi.input"].read() if environ.get("CONTENT_LENGTH") else b""
    text = f"{environ['PATH_INFO']} {len(environ.get('HTTP_LONG', ''))} {len(body)}".encode()
    start_response("200 OK", [("Content-Length", str(len(text)))])
    return [text]
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("gunicorn")
    (scratch / "told.py").write_text(APPLICATION)
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "gunicorn", "-c", DEPLOY / "gunicorn.conf.py", "told", "--workers", "1"]
    command += ["--bind", f"127.0.0.1:{port}", "--pythonpath", scratch]
    with process(command, scratch / "log", port, cwd=ROOT):
        yield port


def connect(port):
    return closing(socket.create_connection(("127.0.0.1", port), timeout=5))


def answered(link, *texts):
    """Each text is found in what comes, in this order."""
    come = b""
    for text in texts:
        while text not in come:
            more = link.recv(65_536)
            assert more, come
            come += more
        come = come.partition(text)[2]


def test_requests_of_one_connection_come_in_pieces_or_at_once(port):
    with connect(port) as link:
        for piece in (b"GET /one HT", b"TP/1.1\r\nHost: x\r\n\r", b"\n"):
            link.sendall(piece)
        answered(link, b"/one 0 0")
        link.sendall(b"POST /two HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
        link.sendall(b"cde")
        answered(link, b"/two 0 5")
        link.sendall(b"GET /three HTTP/1.1\r\nHost: x\r\n\r\nGET /four HTTP/1.1\r\nHost: x\r\n\r")
        answered(link, b"/three 0 0")
        link.sendall(b"\n")
        answered(link, b"/four 0 0")


def test_long_heads_are_taken(port):
    with connect(port) as link:
        link.sendall(
            b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: x\r\nLong: " + b"y" * 4_000 + b"\r\n\r\n"
        )
        answered(link, b"x 4000 0")


def test_who_is_slow_keeps_nobody_waiting(port):
    with ExitStack() as slow:
        for number in range(20):
            link = slow.enter_context(connect(port))
            if number % 2:
                link.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n")
        with connect(port) as quick:
            quick.settimeout(2)
            quick.sendall(b"GET /quick HTTP/1.1\r\nHost: x\r\n\r\n")
            answered(quick, b"/quick 0 0")
        link.sendall(b"\r\n")
        answered(link, b"/slow 0 0")


def test_who_goes_away_is_forgotten(port):
    for _time in range(50):
        with connect(port) as link:
            link.sendall(b"GET /gone")
    with connect(port) as link:
        link.sendall(b"GET /here HTTP/1.1\r\nHost: x\r\n\r\n")
        answered(link, b"/here 0 0")
