"""A client that costs little itself: one request after another on connections that stay open."""

import os
import socket
import time
from multiprocessing import get_context

END = b"\r\n\r\n"


class Refused(Exception):
    """A server answered something else than 200; `str()` says what and to what."""


class Connection:
    def __init__(self, port):
        self.port = port
        self._open()

    def _open(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path):
        """The body of the answer."""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: */*\r\n\r\n".encode()
        try:
            self.socket.sendall(request)
            got = self.socket.recv(1 << 18)
        except OSError:
            got = b""
        if not got:  # The server has closed it meanwhile.
            self._open()
            self.socket.sendall(request)
            got = self.socket.recv(1 << 18)
        while END not in got:
            got += self._more()
        head, _end, body = got.partition(END)
        if not head.startswith(b"HTTP/1.1 200"):
            raise Refused(
                f"{path[:300]}: {head.splitlines()[0].decode()} {body[:300].decode(errors='replace')}"
            )
        lower = head.lower()
        if b"content-length:" in lower:
            size = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
            parts = [body]
            left = size - len(body)
            while left > 0:
                parts.append(self._more())
                left -= len(parts[-1])
            return b"".join(parts)
        return self._streamed(body)

    def _streamed(self, body):
        """Chunked; none of our answers ends so inside of a chunk."""
        parts = [body]
        while not parts[-1].endswith(b"0" + END):
            parts.append(self._more())
            if len(parts[-1]) < 5 and len(parts) > 1:
                last = parts.pop()
                parts[-1] += last
        return b"".join(parts)

    def _more(self):
        got = self.socket.recv(1 << 18)
        if not got:
            raise Refused("the server closed the connection in the middle of an answer")
        return got

    def close(self):
        self.socket.close()


def per_second(port, paths, *, connections=4, seconds=1.0):
    """Requests a second that a server answers on so many connections at a time, asked by as many processes."""
    context = get_context("fork")
    found = context.Queue()
    processes = [context.Process(target=_ask, args=(port, paths, seconds, found)) for _ in range(connections)]
    begun = time.perf_counter()
    for process in processes:
        process.start()
    count = sum(found.get() for _ in processes)
    spent = time.perf_counter() - begun
    for process in processes:
        process.join()
    return count / spent


def _ask(port, paths, seconds, found):
    connection, count, until = Connection(port), 0, time.perf_counter() + seconds
    while time.perf_counter() < until:
        connection.get(paths[(count + os.getpid()) % len(paths)])
        count += 1
    found.put(count)
