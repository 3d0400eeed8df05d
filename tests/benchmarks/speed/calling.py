"""Calls a WSGI application in this process, as a server would for a page, without one: `without_server` starts it.

    python calling.py module:application.attribute PATH FILE

It puts what is answered in the file. For each number that it reads from a line it makes as many calls, and then writes
a line. It imports nothing of ours, since the Python of the peers runs it, too.
"""

import io
import os
import sys
from functools import reduce
from importlib import import_module
from pathlib import Path


def asked(path):
    """What gunicorn gives an application for a client that asks for the path alone, as that of the benchmark does."""
    path, _mark, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def call(application, path):
    statuses = []
    response = application(asked(path), lambda status, headers, error=None: statuses.append(status))
    content = b"".join(response)
    if hasattr(response, "close"):
        response.close()
    return statuses[-1], content


def main(name, path, file):
    sys.path.insert(0, os.getcwd())
    module, _colon, attributes = name.partition(":")
    application = reduce(getattr, attributes.split("."), import_module(module))
    status, content = call(application, path)
    Path(file).write_bytes(content)
    print(status, flush=True)
    for number in sys.stdin:
        for _n in range(int(number)):
            call(application, path)
        print("called", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
