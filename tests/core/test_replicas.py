"""Which database is read, with a primary and a streaming replica that are stopped, paused and started here."""

import http.client
import os
import re
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from itertools import cycle
from threading import Event, Thread
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from apps.core.replicas import is_public_read
from tests import databases
from tests.hostile.server import failures, gunicorn
from tests.replication import programs, replicated

SERVERS = [
    pytest.mark.exhaustive,
    pytest.mark.database,
    pytest.mark.long,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="asked where the tests run on PostgreSQL"),
    pytest.mark.skipif(
        not programs(), reason="no initdb and pg_basebackup were found (Debian: apt-get install postgresql)"
    ),
]


def with_servers(test):
    for mark in SERVERS:
        test = mark(test)
    return test


LAG = 2  # seconds
CHINA = "/api/v1/states/CHN/"
RENAME = "UPDATE states_state SET name_en = '{}' WHERE code = 'CHN'"
# Read by queries of every sort: by models, by cursors of our own, streamed in one snapshot.
READ = ["/visits/", "/search/?q=china", "/api/v1/visits/?format=csv", "/api/v1/states/?limit=50"]


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    with replicated() as (primary, replica):
        primary.ask("CREATE DATABASE kzforeign", "postgres")
        copies = tmp_path_factory.mktemp("copies")
        with databases.database(os.environ["DATABASE_URL"], copies, databases.migrated()) as migrated:
            command = [programs() / "pg_dump", migrated]
            dump = subprocess.run(command, check=True, capture_output=True).stdout
        command = [programs() / "psql", "--quiet", "--output=/dev/null", primary.address()]
        subprocess.run(command, input=dump, check=True)
        databases.manage(primary.address(), "seed")
        # By the server's own settings, not by those of the tests.
        password = PBKDF2PasswordHasher().encode("x", "salt", iterations=1000)
        primary.ask(
            "INSERT INTO auth_user (username, password, is_superuser, is_staff, is_active, first_name, last_name, "
            f"email, date_joined) VALUES ('curator', '{password}', true, true, true, '', '', '', now())"
        )
        caught_up(primary, replica)
        yield primary, replica


@pytest.fixture(scope="module")
def site(servers, tmp_path_factory):
    """(host and port, the file of its log) of the site as it is served."""
    primary, replica = servers
    environment = environment_of(primary.address(), replica.address())
    log = tmp_path_factory.mktemp("replicas") / "log"
    with gunicorn(environment, log) as url:
        site = urlsplit(url).netloc
        until(lambda: reads_the_replica(site, replica))
        yield site, log


def environment_of(primary, replica):
    return os.environ | {
        "DATABASE_URL": primary,
        "DATABASE_REPLICA_URL": replica,
        "REPLICA_LAG": str(LAG),
        "DJANGO_SETTINGS_MODULE": "kzforeign.settings",
    }


def caught_up(primary, replica):
    (position,) = primary.ask("SELECT pg_current_wal_lsn()")
    until(lambda: replica.ask(f"SELECT pg_last_wal_replay_lsn() >= '{position}'") == (True,))


def until(happens, seconds=10):
    last = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < last, "it did not happen"
        time.sleep(0.05)


def ask(site, address, method="GET", body=None, **headers):
    """(status, headers, text); an answer that breaks off raises."""
    link = http.client.HTTPConnection(site, timeout=20)
    try:
        link.request(method, address, body, headers)
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        link.close()


def reads_the_replica(site, replica):
    """Told by the transactions that it has seen, which PostgreSQL counts some time later."""
    count = "SELECT pg_stat_clear_snapshot(), xact_commit FROM pg_stat_database WHERE datname = 'kzforeign'"
    before = replica.ask(count)[1]
    for _time in range(20):
        # Past the pages that are kept, for which the database is not asked each time.
        ask(site, CHINA, Range="bytes=0-")
    # What is asked here counts as well.
    return replica.ask(count)[1] - before > 10


@pytest.mark.parametrize(
    ("method", "cookie", "public"),
    [
        ("GET", None, True),
        ("HEAD", "csrftoken=x; theme=dark", True),
        ("GET", "theme=dark; sessionid=x", False),
        ("POST", None, False),
        ("OPTIONS", None, False),
    ],
)
def test_what_is_public(method, cookie, public):
    environ = {"REQUEST_METHOD": method} | ({"HTTP_COOKIE": cookie} if cookie else {})
    assert is_public_read(environ) is public


@with_servers
class TestServed:
    def test_public_pages_need_no_primary(self, servers, site):
        """Of each kind one page, and every list of the API: none asks the primary, which is gone."""
        primary, _replica = servers
        found = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", ask(site[0], "/sitemap.xml")[2])
        pages = {re.sub(r"[^/]+/$", "*", page): page for page in found if not re.match("/(kk|ru)/", page)}
        lists = re.findall(r'"https?://[^/"]+(/api/[^"]*)"', ask(site[0], "/api/v1/")[2])
        assert len(pages) > 12 and len(lists) > 10
        primary.stop()
        try:
            answers = {page: ask(site[0], page)[0] for page in [*pages.values(), *lists, *READ]}
        finally:
            primary.start()
        assert {page: status for page, status in answers.items() if status >= 500} == {}

    def test_whoever_changed_something_sees_it_and_readers_do_soon(self, servers, site):
        primary, replica = servers
        until(lambda: reads_the_replica(site[0], replica))
        old = ask(site[0], CHINA)
        replica.ask("SELECT pg_wal_replay_pause()")
        try:
            # Asked for all the while, as a site is: after some silence a replica counts once it has caught up.
            until(
                lambda: (
                    ask(site[0], CHINA)
                    and replica.ask("SELECT pg_get_wal_replay_pause_state()") == ("paused",)
                )
            )
            primary.ask(RENAME.format("Cathay"))
            primary.ask("UPDATE core_revision SET number = number + 1")
            assert ask(site[0], CHINA)[2] == old[2]
            assert ask(site[0], CHINA, **{"If-None-Match": old[1]["ETag"]})[0] == 304
            assert '"Cathay"' in ask(site[0], CHINA, Cookie="sessionid=x")[2]
            # A session that the replica has not heard of.
            assert "curator" in ask(site[0], "/admin/", Cookie=logged_in(site[0]))[2]
            until(lambda: '"Cathay"' in ask(site[0], CHINA)[2], LAG + 3)
            assert ask(site[0], CHINA, **{"If-None-Match": old[1]["ETag"]})[0] == 200
        finally:
            replica.ask("SELECT pg_wal_replay_resume()")
            primary.ask(RENAME.format("China"))
        until(lambda: reads_the_replica(site[0], replica))

    def test_nobody_notices_that_the_replica_dies(self, servers, site):
        _primary, replica = servers
        until(lambda: reads_the_replica(site[0], replica))
        over, answered, wrong = Event(), [], []

        def read(first):
            for address in cycle(READ[first:] + READ[:first]):
                if over.is_set():
                    return
                try:
                    status = ask(site[0], address)[0]
                except Exception as error:  # An answer that broke off as well.
                    status = repr(error)
                (answered if status == 200 else wrong).append((address, status))

        readers = [Thread(target=read, args=[first]) for first in range(len(READ))]
        for reader in readers:
            reader.start()
        try:
            time.sleep(0.5)
            replica.stop()
            time.sleep(1)
            replica.start()
            until(lambda: reads_the_replica(site[0], replica), 20)
        finally:
            over.set()
            for reader in readers:
                reader.join()
        assert wrong == []
        assert len(answered) > 20
        log = site[1].read_text()
        assert failures(log) == []
        assert "The replica is not read from: " in log and "The replica is read from again." in log


def logged_in(site):
    """The Cookie header of a curator's session."""
    _status, headers, page = ask(site, "/admin/login/")
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = urlencode({"username": "curator", "password": "x", "csrfmiddlewaretoken": token})
    cookie = SimpleCookie(headers["Set-Cookie"])["csrftoken"].value
    _status, headers, _page = ask(
        site,
        "/admin/login/",
        "POST",
        form,
        **{"Cookie": f"csrftoken={cookie}", "Content-Type": "application/x-www-form-urlencoded"},
    )
    sent = SimpleCookie("; ".join(headers.get_all("Set-Cookie")))
    return f"sessionid={sent['sessionid'].value}"


@with_servers
def test_replicas_that_cannot_be_used_and_connections_that_end(servers):
    primary, replica = servers
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.asking_replicas"],
        cwd=databases.ROOT,
        # Without pages that are there already, which take no query.
        env=environment_of(primary.address(), replica.address()) | {"CACHE_URL": "off"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines() == [
        "nowhere: primary 200, 200",
        "nobody: primary 200, 200",
        "itself: primary 200, 200",
        "refused: primary 200, 200",
        "an end in the middle: 200",
        "an end while it is sent: broken off",
        "too slow: 503",
        "behind in its tables: 200",
    ], done.stderr
    said = re.findall("The replica is not read from: (.*)", done.stderr)
    reasons = [
        'database "nowhere" does not exist',
        'role "nobody" does not exist',
        "it is not a replica",
        "Connection refused",
        "connection",
        "connection",
    ]
    for reason, complaint in zip(reasons, said, strict=True):
        assert reason in complaint
    messages = [line.partition(": ")[2].partition(" request_id=")[0] for line in failures(done.stderr)]
    assert {*messages} == {f"Internal Server Error: {CHINA}"}
