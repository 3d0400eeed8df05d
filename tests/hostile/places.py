"""An address of every route at which there is something, and the answer to hostile requests there."""

from django.contrib import admin
from django.contrib.auth.models import User

from apps.core.models import Entry, Recorded
from kzforeign.api import ROUTES
from tests.adminpages import address
from tests.hostile import admin_table, table
from tests.hostile.asking import ask, fault, route_of
from tests.hostile.routes_table import PUBLIC, ROWS, WITHOUT_SESSION

# Bytes that an answer to whatever is asked may have.
MOST = 2 * 2**20
STATUSES = {*table.OF_PAGES, 406, 415}


def places():
    """{route: an address of it where there is something}."""
    some = [*public(), *admin_table.OTHERS, *of_models()]
    # The first page has the route "", as what has none.
    return {route_of(where): where for where in reversed(some) if where == "/" or route_of(where)}


def public():
    yield from [*PUBLIC, *table.API_OTHERS, *table.API_LISTS, *table.PAGE_LISTS, *table.PAGE_OTHERS]
    for prefix, viewset in ROUTES.items():
        rows = viewset.model.objects.all()
        row = (rows.published() if issubclass(rows.model, Entry) else rows).first()
        found = row.public_id if row else "nothing"
        yield from (f"/api/v1/{prefix}/{found}/", f"/{prefix}/{found}/")


def of_models():
    for model in admin.site._registry:
        base = address(model, "changelist")
        row = User.objects.get(username="aigul") if model is User else model.objects.order_by("pk").first()
        version = row.history.first() if row and issubclass(model, Recorded) else None
        yield from (base, f"{base}{admin_table.ADD}", *(f"{base}{sheet}" for sheet in admin_table.SHEETS))
        for place in ROWS:
            yield base + place.format(row=row.pk if row else 1, version=version.pk if version else 1)


def complaint_of(route, where, hostile, session):
    """What is wrong with the answer, "" for nothing."""
    path, _mark, query = where.partition("?")
    query = "&".join(filter(None, [query, hostile.query]))
    there = f"{path}{hostile.path}?{query}"
    session = "" if route in WITHOUT_SESSION or "Cookie" in hostile.heads else session
    answer = ask(there, hostile.method, hostile.heads, hostile.body, session)
    if len(answer.content) > MOST:
        return f"{len(answer.content)} bytes"
    return fault(answer, there) or ("" if answer.status in STATUSES else str(answer.status))
