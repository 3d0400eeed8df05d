"""Answers that several processes share, in a Redis server, which is not trusted and may be away."""

import json
import logging
import re
import struct
from hashlib import blake2b
from hmac import compare_digest
from threading import local
from time import monotonic

import redis
from django.conf import settings
from django.utils.functional import LazyObject, Promise
from redis.connection import Connection, SSLConnection, parse_url

from apps.core.page_cache import Answer

logger = logging.getLogger(__name__)

# Seconds: for a question from its beginning to its end; without a question after one that failed; until an answer is
# forgotten that nobody has asked for.
WITHIN, PAUSE, LASTS = 0.1, 5, 86_400
# Where in the memory of a process something lies.
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
# Bytes of a signature, before the length of what is said of an answer, this, and its content.
SIGNATURE, LENGTH = 16, struct.Struct(">I")


class Redis:
    """What the server gives is an answer only where this site has signed it, under the name that it was asked by.

    Whatever else it gives, or does not give in time, is as if it had nothing.
    """

    def __init__(self, address):
        is_tls = address.startswith("rediss:")
        options = parse_url(address) | {
            "connection_class": InTimeOverTls if is_tls else InTime,
            "socket_timeout": WITHIN,
            "socket_connect_timeout": WITHIN,
            "protocol": 2,
        }
        self._client = redis.Redis(connection_pool=redis.ConnectionPool(**options))
        self._secret = secret()
        self._is_in_doubt, self._left_alone_until = True, 0

    def get(self, key):
        name = self._name(key)
        return self._asked(lambda: self._read(name, self._client.get(name)))

    def put(self, key, answer):
        name = self._name(key)
        self._asked(lambda: self._client.set(name, self._written(name, answer), ex=LASTS))

    def _asked(self, ask):
        """What it gives, or None."""
        now = monotonic()
        if now < self._left_alone_until:
            return None
        if self._is_in_doubt:
            # Nobody else waits for what this one finds out.
            self._left_alone_until = now + PAUSE
        deadline.time = now + WITHIN
        try:
            given = ask()
        except Exception as error:
            # Also what a server provokes in the client by answers that no Redis gives.
            self._is_in_doubt, self._left_alone_until = True, monotonic() + PAUSE
            logger.warning("The cache at CACHE_URL is left alone for %s seconds: %r", PAUSE, error)
            return None
        if self._is_in_doubt:
            self._is_in_doubt, self._left_alone_until = False, 0
        return given

    def _name(self, key):
        return "kzforeign:" + blake2b(repr(key).encode(), key=self._secret, digest_size=20).hexdigest()

    def _written(self, name, answer):
        told = json.dumps([answer.headers, answer.tag]).encode()
        text = LENGTH.pack(len(told)) + told + answer.content
        return self._signature(name, text) + text

    def _read(self, name, given):
        if not isinstance(given, bytes):
            return None
        text = memoryview(given)[SIGNATURE:]
        if not compare_digest(given[:SIGNATURE], self._signature(name, text)):
            return None
        begins = LENGTH.size + LENGTH.unpack_from(text)[0]
        headers, tag = json.loads(bytes(text[LENGTH.size : begins]))
        return Answer(tuple(map(tuple, headers)), bytes(text[begins:]), tag)

    def _signature(self, name, text):
        signed = blake2b(name.encode(), key=self._secret, digest_size=SIGNATURE)
        signed.update(text)
        return signed.digest()


def secret():
    """A key that is another one wherever an answer might be: with any other setting, SECRET_KEY among them."""
    own = sorted((name, told(getattr(settings, name))) for name in dir(settings) if name.isupper())
    return blake2b(repr(own).encode(), digest_size=32).digest()


def told(value):
    """What a setting says, as lists and texts that are the same in every process that has it."""
    if isinstance(value, dict):
        return sorted((repr(told(key)), told(each)) for key, each in value.items())
    if isinstance(value, list | tuple):
        return [told(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(map(repr, map(told, value)))
    if isinstance(value, Promise | LazyObject):
        return str(value)
    return _ADDRESS.sub("", repr(value))


# When the question has to be answered that a thread has asked.
deadline = local()


class SocketInTime:
    """Also where the server sends a little now and then: the limits of redis-py are for each piece."""

    def __init__(self, socket):
        self._socket, self._limit = socket, WITHIN

    def settimeout(self, seconds):
        self._limit = seconds

    def recv(self, size):
        self._socket.settimeout(max(min(self._limit, deadline.time - monotonic()), 0))
        return self._socket.recv(size)

    def __getattr__(self, name):
        return getattr(self._socket, name)


class InTime(Connection):
    def _connect(self):
        return SocketInTime(super()._connect())


class InTimeOverTls(SSLConnection):
    def _connect(self):
        return SocketInTime(super()._connect())
