"""What is answered in front of Django is what Django would answer, to everybody who may read it and at every moment."""

import gzip
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from apps.core import page_cache
from apps.core.models import Revision
from apps.core.page_cache import PageCache
from apps.core.page_stores import Memory
from apps.curation import workflow
from apps.curation.merge import merge
from apps.people.models import Person
from apps.visits.models import Visit
from tests import factories
from tests.adminpages import submit
from tests.core.fixture_sets import FixtureSet
from tests.hostile.asking import DJANGO, ask, one_connection
from tests.sampling import sample

pytestmark = pytest.mark.django_db

GZIP = {"Accept-Encoding": "gzip"}


class Counted:
    """Django, and how often it was asked."""

    def __init__(self):
        self.count = 0

    def __call__(self, environ, start_response):
        self.count += 1
        return DJANGO(environ, start_response)


@pytest.fixture
def site():
    """`ask()` as through a server, `bare()` past what is kept, and `django`, which counts."""
    django = Counted()
    cache = PageCache(django, Memory(2**24))
    with one_connection():
        yield SimpleNamespace(
            django=django,
            cache=cache,
            ask=lambda address, **how: ask(address, to=cache, **how),
            bare=lambda address, **how: ask(address, to=DJANGO, **how),
        )


@pytest.fixture
@factories.at_once
def world():
    """A visit and those whom it names, with the addresses at which they are told of."""
    focus, china = factories.state("KAZ", name_en="Kazakhstan"), factories.state("CHN", name_en="China")
    ann = factories.person(slug="ann", name_en="Ann")
    row = factories.visit(slug="v", visitor=ann, host=china, sent_by_state=focus, date="1993-02")
    factories.cite(row)
    return SimpleNamespace(
        visit=row, person=ann, place=factories.place(), source=factories.source(), focus=focus
    )


PAGES = ["/visits/v/", "/ru/visits/", "/states/CHN/", "/feed/", "/sitemap-pages.xml", "/search/?q=ann"]
PAGES += [
    "/api/v1/visits/v/",
    "/api/v1/visits/?limit=1",
    "/years.csv",
    "/cite/bibtex/?of=/visits/",
    "/kk/map/",
]


# -- What is kept


def test_what_is_kept_is_what_django_answers(site, world):
    for address in PAGES:
        for heads in ({}, GZIP):
            first = site.ask(address, heads=heads)
            asked = site.django.count
            again, head = site.ask(address, heads=heads), site.ask(address, heads=heads, method="HEAD")
            assert site.django.count == asked, address
            assert first.status == 200 and again == first == site.bare(address, heads=heads), address
            assert (head.headers, head.content) == (first.headers, b"")
            assert int(first.headers["Content-Length"]) == len(first.content)
            assert "Content-Security-Policy" in again.headers
    assert gzip.decompress(site.ask("/visits/v/", heads=GZIP).content) == site.ask("/visits/v/").content


HEADS = [
    {"Cookie": "sessionid=made-up"},
    {"Cookie": "theme=dark; csrftoken=x"},
    {"Cookie": "messages=x"},
    {"Authorization": "Basic x"},
    {"Range": "bytes=0-10"},
    {"Transfer-Encoding": "chunked"},
]


@pytest.mark.parametrize("heads", sample(HEADS, HEADS[::3]), ids=lambda heads: next(iter(heads)))
def test_what_may_be_of_somebody_is_left_to_django(site, world, heads):
    for _time in range(2):
        site.ask("/visits/v/")
        site.ask("/visits/v/", heads=heads)
    assert site.django.count == 3


def test_cookies_of_others_make_no_difference(site, world):
    site.ask("/visits/v/")
    site.ask("/visits/v/", heads={"Cookie": "theme=dark; _ga=1"})
    assert site.django.count == 1


@pytest.mark.parametrize(
    ("address", "how"),
    [
        ("/visits/none/", {}),
        ("/visits/?year=x", {}),
        ("/api/v1/visits/?year=x", {}),
        ("/visits", {}),
        ("/admin/login/", {}),
        ("/kk/admin/login/", {}),
        ("/data/", {}),
        ("/api/v1/releases/", {}),
        ("/api/v1/visits/?format=csv", {}),
        ("/visits/v/", {"method": "OPTIONS"}),
        ("/visits/v/", {"method": "POST"}),
        ("/visits/v/", {"body": b"x"}),
        ("/visits/v/", {"heads": {"Host": "elsewhere.example"}}),
    ],
)
def test_what_is_none_of_the_revisions_is_left_to_django(site, world, address, how):
    for _time in range(2):
        site.ask(address, **how)
    assert site.django.count == 2 and site.cache.store.used == 0


def test_each_way_to_ask_has_its_own_answer(site, world, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ways = [
        ("/visits/", {}),
        ("/kk/visits/", {}),
        ("/visits/?year=1993", {}),
        ("/visits/v/", {}),
        ("/visits/v/?preview=1", {}),
        ("/visits/?year=1993&state=CHN", {}),
        ("/visits/?state=CHN&year=1993", {}),
        ("/visits/", GZIP),
        ("/visits/", {"Accept-Encoding": "zstd"}),
        ("/visits/", {"Host": "other.example"}),
        ("/visits/", {"X-Forwarded-Proto": "https"}),
        ("/api/v1/visits/", {}),
        ("/api/v1/visits/", {"Accept": "application/json; indent=4"}),
    ]
    first = [site.ask(address, heads=heads) for address, heads in ways]
    assert site.django.count == len(ways)
    again = [site.ask(address, heads=heads) for address, heads in ways]
    assert site.django.count == len(ways)
    assert again == first == [site.bare(address, heads=heads) for address, heads in ways]
    assert site.ask("/api/v1/visits/", heads={"Accept": "text/csv"}).status == 406


def test_each_host_has_its_own_answer_or_none(site, world):
    site.ask("/visits/v/")
    for host in ("", "testserver", "testserver:80", "TESTSERVER", "evil.example"):
        for _time in range(2):
            heads = {"Host": host}
            assert site.ask("/visits/v/", heads=heads) == site.bare("/visits/v/", heads=heads), host


def test_a_page_names_the_day(site, world, monkeypatch):
    site.ask("/visits/v/")
    days = page_cache.time() + 86_400
    monkeypatch.setattr(page_cache, "time", lambda: days)
    site.ask("/visits/v/")
    assert site.django.count == 2


# -- What a client has already


@pytest.mark.parametrize("address", ["/visits/v/", "/api/v1/visits/v/"])
def test_what_a_client_has_is_not_sent_again(site, world, address):
    first = site.ask(address, heads=GZIP)
    heads = GZIP | {"If-None-Match": f'"other", {first.headers["ETag"].removeprefix("W/")}'}
    kept, bare = site.ask(address, heads=heads), site.bare(address, heads=heads)
    assert site.django.count == 1
    assert kept.status == bare.status == 304 and kept.content == bare.content == b""
    for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
        assert kept.headers[name] == bare.headers[name] == first.headers[name]
    assert "Content-Length" not in kept.headers and "Content-Encoding" not in kept.headers
    world.person.save()
    assert site.ask(address, heads=heads).status == 200


@pytest.mark.parametrize("condition", ["*", '"other"', "x" * 9000, '"\xff"'])
def test_a_condition_that_names_another_tag_is_none(site, world, condition):
    first = site.ask("/visits/v/")
    assert site.ask("/visits/v/", heads={"If-None-Match": condition}) == first


def test_pages_for_curators_are_for_nobody_else(site, world):
    client = Client()
    client.force_login(User.objects.create_superuser("curator"))
    session = client.cookies["sessionid"].value
    answer = site.ask("/visits/v/", session=session)
    assert answer.headers["Cache-Control"] == "private, no-store" and "ETag" not in answer.headers
    tag = site.ask("/visits/v/").headers["ETag"]
    heads = {"Cookie": f"sessionid={session}", "If-None-Match": tag}
    assert site.ask("/visits/v/", heads=heads).status == 200


@pytest.mark.exhaustive
def test_curators_leave_nothing_for_readers(site, world):
    """They use the site between two that nobody knows, who read the same to the byte."""
    client = Client()
    client.force_login(User.objects.create_superuser("curator"))
    session = client.cookies["sessionid"].value
    draft = factories.visit(slug="draft", status="draft", occasion="zqcanary")
    asked = [
        *PAGES,
        "/visits/draft/",
        "/visits/draft/?preview=1",
        "/visits/v/?preview=1",
        "/visits/?preview=1",
    ]

    def read():
        return [site.ask(address) for address in asked]

    def curate():
        for address in [*asked, "/admin/", f"/admin/visits/visit/{draft.pk}/change/"]:
            assert site.ask(address, session=session).status in (200, 301, 400, 404), address
        assert b"zqcanary" in site.ask("/visits/draft/?preview=1", session=session).content

    curate()  # First, with nothing kept.
    before = read()
    curate()
    assert read() == before
    assert all(b"zqcanary" not in answer.content for answer in before)


# -- Whoever writes


def other_person(world):
    return factories.person(slug=f"other-{Person.objects.count()}", name_en="Ann too")


def moved_to_review(world):
    user = User.objects.create_superuser("reviewer")
    workflow.withdraw(world.visit, user=user, comment="It is wrong.")
    yield
    world.visit.refresh_from_db()
    workflow.reinstate(world.visit, user=user, comment="It is right.")
    yield
    one = other_person(world)
    yield
    merge(one, heir=world.person, user=user, comment="The same.")
    yield
    draft = factories.person(slug="new", name_en="Ann new", status="draft")
    factories.cite(draft)
    workflow.send(draft, user=user)
    workflow.publish(draft, user=user)
    yield


def written_in_many_ways(world):
    """Yields after each write."""
    row, one = world.visit, world.person
    Visit.objects.filter(pk=row.pk).update(note="By update.")
    yield
    row.occasion = "by save"
    row.save()
    yield
    one.name_en = "Ann, changed"
    Person.objects.bulk_update([one], ["name_en"])
    yield
    Person.objects.bulk_create([Person(slug="bulk", name_en="Ann in bulk", status="published")])
    yield
    Person.objects.filter(slug="bulk").delete()
    yield
    row.places.add(world.place)
    yield
    world.place.visits.clear()
    yield
    one.meetings.add(row)
    yield
    citation = factories.cite(row, note="cited")
    yield
    citation.passage.source.title = "Another title"
    citation.passage.source.save()
    yield
    citation.delete()
    yield
    yield from moved_to_review(world)


def nothing_stale(site, addresses):
    kept = [site.ask(address) for address in addresses]
    return kept == [site.bare(address) for address in addresses]


READ = ["/visits/v/", "/api/v1/visits/v/", "/api/v1/people/?q=ann"]


def test_nothing_stale_is_served_whatever_is_written(site, world):
    assert nothing_stale(site, READ)
    for number, _write in enumerate(written_in_many_ways(world)):
        assert nothing_stale(site, READ), number


def test_nothing_stale_is_served_after_forms_and_files(site, world, admin_client, tmp_path):
    assert nothing_stale(site, READ)
    submit(admin_client, Visit, world.visit.pk, note="By a form.", change_reason="seen")
    fixtures = FixtureSet(tmp_path)
    fixtures.write()
    files = sorted(str(path) for path in tmp_path.glob("*.json"))
    with one_connection():  # Which the client has taken back.
        assert nothing_stale(site, READ)
        call_command("loaddata", *files, verbosity=0)
        assert nothing_stale(site, READ)


def test_the_check_sees_what_is_written_behind_its_back(site, world):
    nothing_stale(site, READ)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE visits_visit SET note = 'By hand.'")
    assert not nothing_stale(site, READ)


def test_what_is_undone_was_never_there(site, world):
    before = [site.ask(address) for address in READ]
    with transaction.atomic():
        world.person.name_en = "Nobody"
        world.person.save()
        assert nothing_stale(site, READ)
        transaction.set_rollback(True)
    assert [site.ask(address) for address in READ] == before


def test_what_is_made_while_somebody_writes_is_not_kept(site, world):
    answers = []

    def written_meanwhile(environ, start_response):
        response = DJANGO(environ, start_response)
        if not answers:
            Person.objects.update(note="Changed")
        return response

    cache = PageCache(written_meanwhile, Memory(2**24))
    answers.append(ask("/people/ann/", to=cache))
    assert b"Changed" not in answers[0].content and cache.store.used == 0
    answers.append(ask("/people/ann/", to=cache))
    assert b"Changed" in answers[1].content and cache.store.used


def test_where_nobody_knows_the_revision_nothing_is_kept(site, world, monkeypatch):
    site.ask("/visits/v/")
    Revision.objects.all().delete()
    for _time in range(2):
        assert site.ask("/visits/v/").status == 200
    monkeypatch.setattr(page_cache, "revision_row", lambda: None)
    site.ask("/visits/v/")
    assert site.django.count == 4
