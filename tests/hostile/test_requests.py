"""Nothing that is sent makes the site fail: no answer of 500 or more, and the API says what is wrong."""

import os
from itertools import cycle, islice

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from apps.agreements.models import Action, Agreement
from apps.core.models import Entry
from apps.sources.models import Passage, Source
from apps.states.models import State
from apps.visits.models import Visit, VisitCitation
from tests.adminpages import address
from tests.hostile import admin_table, table
from tests.hostile.asking import ask, fault, named, route_of, routes, send
from tests.hostile.places import complaint_of, places
from tests.hostile.routes_table import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

PLACES = [*table.PLACES, *admin_table.PLACES]
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
LISTS = [address(model, "changelist") for model in MODELS]
LISTS_OF_ENTRIES = [address(model, "changelist") for model in MODELS if issubclass(model, Entry)]
# One of each kind of page: an entry with parts of parts, with links, with a code; a part; what is no entry; accounts.
DISTINCT = [Agreement, Visit, State, Action, VisitCitation, Source, Passage, User, Group]
# Each body is sent with each content type, and both to each place, but not all three together; and each odd query to
# some of the lists, each list another part of them.
TURNS = 4


def short(row):
    return str(row).encode("unicode_escape").decode()[:60]


def in_turn(number):
    """A part of the places, each number another one."""
    return PLACES[number % TURNS :: TURNS]


def models_in_turn(number):
    """A third of the models, each number another one."""
    return DISTINCT[number % 3 :: 3]


def lists_in_turn(number):
    """Lists in the admin: always that of visits, which has links, dates and citations, and those of a third."""
    return [address(model, "changelist") for model in dict.fromkeys([Visit, *models_in_turn(number)])]


def wrong(addresses, statuses=(), **how):
    """[(address, what is wrong)] of those whose answer is none that is right."""
    found = []
    for where in addresses:
        answer = ask(where, **how)
        complaint = fault(answer, where)
        if not complaint and statuses and answer.status not in statuses:
            complaint = str(answer.status)
        if complaint:
            found.append((where[:120], complaint))
    return found


# The table itself.


def everything():
    """Every address of the table, of an identifier one that its kind might have."""
    yield from [*table.API_LISTS, *table.API_OTHERS, *table.PAGE_LISTS, *table.PAGE_OTHERS, *table.ADDRESSES]
    yield from (
        place.format(key)
        for place in [*table.API_DETAILS, *table.PAGE_DETAILS, *table.REDIRECTS]
        for key in table.NO_IDENTIFIERS
    )
    yield from [*admin_table.OTHERS, *admin_table.ADDRESSES, *LISTS]
    yield from (f"{place}{admin_table.ADD}" for place in LISTS)
    yield from (f"{place}{page}" for place in LISTS_OF_ENTRIES for page in admin_table.SHEETS)
    yield from (
        place + row.format(key) for place in LISTS for row in admin_table.ROWS for key in admin_table.KEYS
    )


@pytest.mark.once
def test_every_route_is_asked():
    asked = {route_of(where) for where in everything()}
    assert routes() - asked == set(), "add these to a list of places in tests/hostile"


def test_places_are_what_they_seem(site):
    """Otherwise what is asked of them would prove little."""
    statuses = {place: ask(place, session=site).status for place in PLACES}
    assert {place for place, status in statuses.items() if status != 200} == {
        "/api/v1/nothing/",
        "/nothing/",
        "/admin/login/",
    }


def test_each_request_is_a_transaction_of_its_own(site):
    assert not connection.in_atomic_block


# Every route. Public ones have each a part of the table, the next route the next part; those of the admin, which are
# the same for every model, each a smaller part. `EVERY_ROUTE=all` (with `--timeout 3600`) asks all of each kind.
EVERYTHING = os.environ.get("EVERY_ROUTE") == "all"
OF_PUBLIC, OF_ADMIN = 8, 2
ONE_OF_EACH = ("/visit/", "/source/", "/user/", "/visitcitation/")


def turns_of(route):
    """How much of the table is asked of a route."""
    of_admin = route.startswith("admin/")
    is_one = not of_admin or route.count("/") < 3 or any(model in route for model in ONE_OF_EACH)
    if EVERYTHING and is_one:
        return len(HOSTILE)
    return OF_ADMIN if of_admin else OF_PUBLIC


def test_every_route_has_a_place(site):
    assert routes() - places().keys() == set(), "add an address of it to tests/hostile/routes_table.py"


@pytest.mark.long
def test_nothing_hostile_makes_a_route_fail(site):
    turns, found = {True: cycle(HOSTILE), False: cycle(HOSTILE)}, []
    for route, where in sorted(places().items()):
        for hostile in islice(turns[route.startswith("admin/")], turns_of(route)):
            if complaint := complaint_of(route, where, hostile, site):
                found.append((where, str(hostile), complaint))
    assert found == []


# The API, pages, feeds and the map of the site.


@pytest.mark.parametrize("query", table.WRONG_QUERIES, ids=short)
def test_wrong_query_of_a_list_is_refused_and_named(query, site):
    number = table.WRONG_QUERIES.index(query)
    pages = table.PAGE_LISTS[number % TURNS :: TURNS]
    found = wrong([f"{place}?{query.text}" for place in pages], (400,))
    for place in table.API_LISTS[number % 3 :: 3]:
        answer = ask(f"{place}?{query.text}")
        complaint = fault(answer, place) or ("" if answer.status == 400 else str(answer.status))
        if complaint or (query.named and query.named not in named(answer)):
            found.append((place, complaint or named(answer)))
    assert found == []


@pytest.mark.parametrize("query", table.HARMLESS_QUERIES, ids=short)
def test_odd_query_of_a_list(query, site):
    number = table.HARMLESS_QUERIES.index(query)
    places = [*table.API_LISTS[number % TURNS :: TURNS], *table.PAGE_LISTS[number % TURNS :: TURNS]]
    assert wrong([f"{place}?{query}" for place in places], (200, 400)) == []


@pytest.mark.parametrize("identifier", table.NO_IDENTIFIERS, ids=short)
def test_identifier_of_nothing(identifier, site):
    places = [place.format(identifier) for place in [*table.API_DETAILS, *table.PAGE_DETAILS]]
    assert wrong(places, (400,) if "%00" in identifier else (404,)) == []
    assert wrong([place.format(identifier) for place in table.REDIRECTS], (302, 404, 400)) == []


# Of all heads only a cookie comes as far as the database, where its session is looked for.
@pytest.mark.parametrize(
    "heads",
    [
        pytest.param(heads, marks=() if "Cookie" in heads.fields else pytest.mark.once)
        for heads in table.HEADS
    ],
    ids=short,
)
def test_odd_heads(heads, site):
    api = [place for place in table.PLACES if place.startswith("/api/")]
    rest = [place for place in in_turn(table.HEADS.index(heads)) if place not in api]
    # The page of the documentation, and what is not there, take any Accept.
    assert wrong(api, {*heads.statuses, 200, 404}, heads=heads.fields) == []
    assert wrong([place for place in api if place in table.JSON], heads.statuses, heads=heads.fields) == []
    assert wrong(rest, table.OF_PAGES, heads=heads.fields) == []
    admin_pages = admin_table.PLACES[table.HEADS.index(heads) % TURNS :: TURNS]
    assert wrong(admin_pages, table.OF_PAGES, heads=heads.fields, session=site) == []


@pytest.mark.once
@pytest.mark.parametrize("method", table.METHODS, ids=short)
def test_odd_methods(method, site):
    assert wrong(table.PLACES, (403, 404, 405), method=method) == []
    assert wrong(table.JSON, (405,), method=method) == []
    assert wrong(admin_table.PLACES, table.OF_PAGES, method=method) == []
    assert wrong(PLACES, table.OF_PAGES, method=method, session=site) == []


@pytest.mark.parametrize("body", table.BODIES, ids=short)
@pytest.mark.parametrize("kind", table.CONTENT_TYPES, ids=short)
def test_odd_bodies(body, kind, site):
    places = in_turn(table.BODIES.index(body) + table.CONTENT_TYPES.index(kind))
    for method in ("GET", "POST"):
        heads = {"Content-Type": kind}
        assert wrong(places, table.OF_PAGES, method=method, body=body, heads=heads, session=site) == []


@pytest.mark.parametrize("where", [*table.ADDRESSES, *admin_table.ADDRESSES], ids=short)
def test_odd_addresses(where, site):
    assert wrong([where], table.OF_PAGES) + wrong([where], table.OF_PAGES, session=site) == []


# The admin, as a curator who may do everything; nobody else comes further than the page to log in.


@pytest.mark.parametrize("query", admin_table.QUERIES, ids=short)
def test_odd_query_of_a_list_of_the_admin(query, site):
    places = [f"{place}?{query}" for place in lists_in_turn(admin_table.QUERIES.index(query))]
    assert wrong(places, table.OF_PAGES, session=site) == []


@pytest.mark.parametrize("value", admin_table.VALUES, ids=short)
def test_odd_value_in_the_address_of_an_add_page(value, site):
    places = []
    for model in models_in_turn(admin_table.VALUES.index(value)):
        names = [field.name for field in (*model._meta.fields, *model._meta.many_to_many)]
        places.append(f"{address(model, 'add')}?" + "&".join(f"{name}={value}" for name in names))
    assert wrong(places, table.OF_PAGES, session=site) == []


@pytest.mark.parametrize("key", admin_table.KEYS, ids=short)
def test_odd_key_in_the_admin(key, site):
    places = [
        address(model, "changelist") + row.format(key)
        for model in models_in_turn(admin_table.KEYS.index(key))
        for row in admin_table.ROWS
    ]
    assert wrong(places, table.OF_PAGES, session=site) == []


def test_every_page_of_the_admin_asks_who_it_is(site):
    places = [place + row.format(key) for place in LISTS for row in admin_table.ROWS for key in ("1", "x")]
    places += [f"{place}{page}" for place in LISTS for page in ("", admin_table.ADD)]
    places += [f"{place}{page}" for place in LISTS_OF_ENTRIES for page in admin_table.SHEETS]
    assert wrong(places, (302,)) == []


@pytest.mark.parametrize("form", admin_table.FORMS, ids=short)
def test_odd_form_of_the_admin(form, site, rf):
    request = rf.get("/")
    request.user = User.objects.get(username="curator")
    found = []
    for model in models_in_turn(admin_table.FORMS.index(form)):
        model_admin = admin.site.get_model_admin(model)
        sent = filled(model_admin, request, form)
        # The row made last, which of users is not the curator.
        pages = [address(model, "change", row.pk) for row in model.objects.order_by("-pk")[:1]]
        for where in [address(model, "add"), *pages]:
            answer = send(where, sent, site)
            if fault(answer, where) or answer.status not in (200, 302, 400, 403):
                found.append((where, answer.status))
    assert found == []


def filled(model_admin, request, form):
    """The fields of the page that adds a row, each with the value under "every", and the rest of the form as it is."""
    rest = {name: value for name, value in form.items() if name.startswith("_")}
    if "every" not in form:
        return rest
    sent = dict.fromkeys(model_admin.get_form(request).base_fields, form["every"])
    for formset, _inline in model_admin.get_formsets_with_inlines(request):
        prefix = formset.get_default_prefix()
        sent[f"{prefix}-TOTAL_FORMS"] = form.get("TOTAL_FORMS", "1")
        sent[f"{prefix}-INITIAL_FORMS"] = form.get("INITIAL_FORMS", "0")
        sent |= {f"{prefix}-0-{name}": form["every"] for name in formset.form.base_fields}
    return sent | rest


@pytest.mark.parametrize("form", admin_table.ACTIONS, ids=short)
def test_odd_action_of_the_admin(form, site):
    places = lists_in_turn(admin_table.ACTIONS.index(form))
    answers = [(where, send(where, form, site)) for where in places]
    assert [(where, answer.status) for where, answer in answers if fault(answer, where)] == []


@pytest.mark.parametrize("query", admin_table.QUERIES, ids=short)
def test_odd_query_of_an_export(query, site):
    assert wrong([f"/admin/visits/visit/export/?{query}"], table.OF_PAGES, session=site) == []


@pytest.mark.parametrize("sent", admin_table.SHEETS_SENT, ids=short)
def test_odd_sheet(sent, site):
    name, content = sent
    for place in ("/admin/states/state/import/", "/admin/visits/visit/import/"):
        answer = send(place, {"import_file": SimpleUploadedFile(name or "x", content)}, site)
        assert answer.status == 200 and not fault(answer, place)
        assert b"<script>" not in answer.content


@pytest.mark.parametrize("form", admin_table.SHEET_FORMS, ids=short)
def test_odd_form_of_a_sheet(form, site):
    for page in admin_table.SHEETS:
        answer = send(f"/admin/visits/visit/{page}", form, site)
        assert answer.status in (200, 302) and not fault(answer, page)


@pytest.mark.parametrize("form", admin_table.LOGINS, ids=short)
def test_odd_login(form, site):
    answer = send("/admin/login/", {**form, "csrfmiddlewaretoken": "t" * 32}, "nobody")
    assert answer.status in (200, 302) and not fault(answer, "/admin/login/")
