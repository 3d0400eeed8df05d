"""Where answers are kept: never more than there is room for, and never what a Redis makes up."""

import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress

import pytest
from django.test import override_settings
from django.utils.functional import SimpleLazyObject

from apps.core import page_redis
from apps.core.page_cache import Answer
from apps.core.page_redis import PAUSE, WITHIN, Redis, secret
from apps.core.page_stores import BESIDES, PARTS, Memory, Shared, store_of

KEY = (7, "2026-05-01 12:00:00", "/visits/")
ANSWER = Answer((("ETag", 'W/"r7-x"'), ("X", "Ә")), b"\x00page" * 100, 'W/"r7-x"')


# -- In memory


def of_size(number):
    return Answer((), b"x" * (number - BESIDES), "")


def test_memory_holds_as_much_as_it_may_and_what_was_asked_for_last():
    memory = Memory(100 * BESIDES)
    for number in range(30):
        memory.put(number, of_size(5 * BESIDES))
        assert memory.get(0)
        assert memory.used <= memory.size
    assert memory.used == memory.size
    assert [number for number in range(30) if memory.get(number)] == [0, *range(11, 30)]


def test_what_takes_much_of_the_room_is_not_kept():
    memory = Memory(100 * BESIDES)
    memory.put("small", of_size(100 * BESIDES // PARTS))
    memory.put("large", of_size(100 * BESIDES // PARTS + 1))
    assert memory.get("small") and not memory.get("large")


def test_what_is_kept_again_takes_room_once():
    memory = Memory(100 * BESIDES)
    for _time in range(3):
        memory.put("a", of_size(2 * BESIDES))
    assert memory.used == 2 * BESIDES
    memory.clear()
    assert (memory.used, memory.get("a")) == (0, None)


def test_nothing_is_kept_where_it_is_off():
    assert store_of("off", 2**20) is None
    memory = store_of("memory", 0)
    memory.put(KEY, ANSWER)
    assert memory.get(KEY) is None


def test_threads_do_not_disturb_each_other():
    memory = Memory(50 * BESIDES)

    def use():
        for number in range(2000):
            memory.put(number % 70, of_size(2 * BESIDES))
            memory.get(number % 50)

    threads = [threading.Thread(target=use) for _each in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert memory.used == len(memory._answers) * 2 * BESIDES <= memory.size


# -- In a Redis


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory):
    if not shutil.which("redis-server"):
        pytest.skip("no redis-server was found (Debian: apt-get install redis-server)")
    port = free_port()
    options = f"--port {port} --bind 127.0.0.1 --save '' --appendonly no --requirepass secret"
    directory = tmp_path_factory.mktemp("redis")
    command = ["redis-server", *options.replace("''", "").split(), "--dir", str(directory)]
    with (directory / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for(port)
        yield f"redis://:secret@127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(timeout=10)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(port):
    last = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > last:
                raise
            time.sleep(0.05)


@pytest.fixture
def patient(monkeypatch):
    """On a machine where all is slow, an answer of a Redis may take longer than readers would wait."""
    monkeypatch.setattr(page_redis, "WITHIN", 5)


SECRET = "import django; django.setup(); from apps.core.page_redis import secret; print(secret().hex())"


@pytest.mark.exhaustive
def test_processes_with_the_same_settings_know_each_other(settings):
    own = os.environ | {"DJANGO_SETTINGS_MODULE": "kzforeign.settings"}
    first, second = (
        subprocess.run(
            [sys.executable, "-c", SECRET],
            env=own | {"PYTHONHASHSEED": seed},
            cwd=settings.BASE_DIR,
            capture_output=True,
            check=True,
        ).stdout
        for seed in "12"
    )
    assert first == second != b""

    known = secret()
    settings.ANOTHER = [SimpleLazyObject(lambda: "a"), {"b": len}]
    other = secret()
    assert known != other == secret()
    settings.ANOTHER = ["a", {"c": len}]
    assert secret() not in (known, other)


def test_what_one_process_keeps_another_finds(redis_server, patient):
    one, two = (Shared(Memory(2**20), Redis(redis_server)) for _each in "12")
    assert two.get(KEY) is None
    one.put(KEY, ANSWER)
    assert two.get(KEY) == ANSWER
    assert two.memory.get(KEY) == ANSWER
    assert one.get((8, *KEY[1:])) is None


def test_sites_with_other_settings_share_nothing(redis_server, patient):
    Redis(redis_server).put(KEY, ANSWER)
    for changed in (
        {"SECRET_KEY": "other"},
        {"FOCUS_STATE": "CHN"},
        {"SITE_ADDRESS": "http://other.example"},
    ):
        with override_settings(**changed):
            assert Redis(redis_server).get(KEY) is None
    assert Redis(redis_server).get(KEY) == ANSWER


def forgeries(signed):
    """What somebody might put in the place of what was signed."""
    told = json.dumps([ANSWER.headers, ANSWER.tag]).encode()
    return [
        b"",
        b"x",
        signed[:-1],
        signed[:20],
        signed + b"<script>",
        signed.replace(b"page", b"evil"),
        bytes(16) + signed[16:],
        bytes(16) + len(told).to_bytes(4) + told + b"evil",
        pickle.dumps(ANSWER),
        b"x" * 1_000_000,
    ]


def test_what_a_redis_makes_up_is_not_believed(redis_server, patient):
    store = Redis(redis_server)
    store.put(KEY, ANSWER)
    name, other = store._name(KEY), store._name("another")
    signed = store._client.get(name)
    for forged in forgeries(signed):
        store._client.set(name, forged)
        assert store.get(KEY) is None, forged[:60]
    store._client.set(other, signed)
    assert store.get("another") is None
    store._client.delete(name)
    store._client.lpush(name, "a list")
    assert store.get(KEY) is None


@contextmanager
def server(behave):
    """Listens, and lets `behave` do what it likes with each connection; yields its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    taken = []

    def serve():
        while True:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            taken.append(connection)
            threading.Thread(target=misbehave, args=(connection,), daemon=True).start()

    def misbehave(connection):
        with suppress(OSError):
            behave(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for connection in taken:
            connection.close()


def silent(connection):
    connection.recv(1)
    time.sleep(3)


def slow(connection):
    """One byte of a long answer now and then."""
    connection.recv(65_536)
    connection.sendall(b"$100000\r\n")
    for _each in range(100):
        time.sleep(WITHIN / 4)
        connection.sendall(b"x")


def always(answer):
    def behave(connection):
        while connection.recv(65_536):
            connection.sendall(answer)

    return behave


BAD = {
    "silent": silent,
    "slow": slow,
    "hangs up": lambda connection: connection.close(),
    "speaks HTTP": always(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "no number": always(b"$x\r\n"),
    "negative": always(b"$-5\r\n"),
    "empty": always(b"$0\r\n\r\n"),
    "of another kind": always(b"*2\r\n:1\r\n:2\r\n"),
    "says no": always(b"-NOAUTH Authentication required.\r\n"),
    "too many": always(b"+OK\r\n" * 50),
    "huge": always(b"$999999999999\r\nx"),
    "noise": always(bytes(range(256)) * 10),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_redis_costs_a_moment_and_no_answer(name):
    with server(BAD[name]) as address:
        store = Shared(Memory(2**20), Redis(address))
        begun = time.monotonic()
        for number in range(20):
            assert store.get(number) is None
            store.put(number, ANSWER)
            assert store.get(number) == ANSWER
        assert time.monotonic() - begun < 10 * WITHIN


def test_a_redis_that_is_away_is_asked_again_later(monkeypatch, caplog):
    now = time.monotonic()
    monkeypatch.setattr(page_redis, "monotonic", lambda: now)
    store = Redis(f"redis://127.0.0.1:{free_port()}/0")
    tried = []
    monkeypatch.setattr(store._client, "get", lambda name: tried.append(name) or 1 / 0)
    for _time in range(3):
        assert store.get(KEY) is None
    assert len(tried) == 1 and "left alone for 5 seconds" in caplog.text
    now += PAUSE
    for _time in range(3):
        assert store.get(KEY) is None
    assert len(tried) == 2
    now += PAUSE
    monkeypatch.setattr(store._client, "get", lambda name: tried.append(name))
    for _time in range(3):
        assert store.get(KEY) is None
    assert len(tried) == 5
