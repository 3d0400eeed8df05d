"""What readers get is the same to the byte after curators asked for it, and what curators get nobody may keep."""

from unittest import mock

import pytest
from django.core.management import call_command
from django.template.response import SimpleTemplateResponse

from apps.core.page_cache import PageCache
from apps.core.page_stores import Memory
from apps.curation.roles import REVIEWER
from tests import factories
from tests.core.world import world
from tests.curation.conftest import member_of
from tests.curation.routes import patterns
from tests.curation.test_matrix import example, readable
from tests.hostile.asking import DJANGO, ask, one_connection

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]


@pytest.fixture
def session(client):
    client.force_login(member_of(REVIEWER))
    return client.cookies["sessionid"].value


@pytest.fixture
def addresses(tmp_path, settings, session):
    """{"site", "admin": addresses}: one for each pattern of the URL resolver, of the admin for each kind of page."""
    settings.RELEASES_ROOT = tmp_path
    factories.state("KAZ"), factories.state("CHN")
    world()
    call_command("release", verbosity=0)
    site, admin = {}, {}
    for route, pattern in patterns():
        route = readable(route, pattern)
        if route.startswith("admin/"):
            kind = (pattern.name or route).rpartition("_")[2]
            admin.setdefault(kind, example(route, pattern))
        else:
            site[route] = example(route, pattern)
    return {"site": site.values(), "admin": admin.values()}


def private(answer):
    said = answer.headers.get("Cache-Control", "")
    return "private" in said and "no-store" in said


def test_curators_leave_no_trace(addresses, session):
    cache = PageCache(DJANGO, Memory(2**24))
    with one_connection():
        for where in addresses["site"]:
            before = ask(where, to=DJANGO)
            # The first to ask, before anything of it is kept.
            as_curator = ask(where, session=session, to=cache)
            ask(f"{where}{'&' if '?' in where else '?'}preview=1", session=session, to=cache)
            made = ask(where, to=cache)
            ask(where, heads={"Authorization": "Bearer x"}, to=cache)
            assert before == made == ask(where, to=cache), where
            assert "Set-Cookie" not in made.headers and not private(made), where
            assert private(as_curator) or where.startswith("/api/"), where


def test_of_the_admin_nothing_may_be_kept(addresses, session):
    with one_connection(), mock.patch.object(SimpleTemplateResponse, "rendered_content", ""):
        for where in addresses["admin"]:
            for given in ({}, {"session": session}):
                answer = ask(where, **given)
                assert private(answer), (where, answer.status, answer.headers)
