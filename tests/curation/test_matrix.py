"""Who may do what: each address of the site, asked by each role, is answered as `matrix.txt` says.

The table is there to be read: a line for each pattern of the URL resolver and each method, a column for each role.
`UPDATE_MATRIX=1 python -m pytest tests/curation/test_matrix.py` writes it anew. A POST has nothing in it: 200 is a form
that may be sent, and tells what is missing; 403 is one that may not.
"""

import os
import re
from itertools import product
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from django.urls import resolve

from apps.core.viewsets import UnknownRoute
from apps.curation.roles import EDITOR, REVIEWER, VIEWER
from tests import factories
from tests.core.world import world
from tests.curation.routes import patterns

TABLE = Path(__file__).with_name("matrix.txt")
ROLES = ("anonymous", "staff", VIEWER, EDITOR, REVIEWER, "superuser")
METHODS = ("GET", "POST")
HEAD = ("address", "method", *ROLES)
# An address for each pattern of which it does not follow from the pattern's name.
EXAMPLES = {
    "api/<nothing>": "/api/",
    "api/v1/<nothing>": "/api/v1/nothing/",
    "api/v1/relations/<slug:code>/": "/api/v1/relations/CHN/",
    "api/v1/relations/<slug:code>/<slug:other>/": "/api/v1/relations/CHN/KAZ/",
    "api/v1/search/": "/api/v1/search/?q=KAZ",
    "relations/<slug:public_id>/": "/relations/CHN/",
    "relations/<slug:public_id>/<slug:other>/": "/relations/CHN/KAZ/",
    "states/<slug:public_id>/feed/": "/states/CHN/feed/",
    "cite/<slug:form>/": "/cite/text/?of=/states/",
    "sitemap-<section>.xml": "/sitemap-visit.xml",
    "data/<str:release>/<str:name>": "/data/r1/SHA256SUMS",
    "years.<slug:form>": "/years.csv",
    "matrix.<slug:form>": "/matrix.csv",
    "balance.<slug:form>": "/balance.csv",
    "admin/autocomplete/": "/admin/autocomplete/?app_label=visits&model_name=visit&field_name=host",
    "admin/<app_label>/": "/admin/states/",
    "admin/<url>": "/admin/nothing/",
}


def readable(route, pattern):
    """The route without the signs of regular expressions."""
    if getattr(pattern.callback, "cls", None) is UnknownRoute:
        return f"{route.removeprefix('^')}<nothing>"
    named = re.sub(r"\(\?P<(\w+)>(?:\([^)]*\)|\[[^]]*\]|[^)])*\)", r"<\1>", route)
    return named.replace("([^/]+)", "<key>").removesuffix("$")


def example(route, pattern):
    """An address that the pattern takes, of a row that there is."""
    if route in EXAMPLES:
        return EXAMPLES[route]
    named = re.fullmatch(r"(\w+)-detail", pattern.name or "")
    if named:
        model = next(model for model in apps.get_models() if model._meta.model_name == named[1])
        return re.sub("<[^>]*>", first(model).public_id, f"/{route}")
    if route.startswith("admin/r/"):
        state = first(apps.get_model("states", "state"))
        return f"/admin/r/{ContentType.objects.get_for_model(state).pk}/{state.pk}/"
    if "<" in route and route.startswith("admin/"):
        row = first(apps.get_model(*route.split("/")[1:3]))
        # Of two keys the second is that of a row of the history.
        keys = iter([row.pk, row.history.first().pk] if route.count("<") > 1 else [row.pk])
        return re.sub("<[^>]*>", lambda _found: str(next(keys)), f"/{route}")
    assert "<" not in route, f"Give an address of {route} in EXAMPLES."
    return f"/{route}"


def first(model):
    rows = model._default_manager
    return (rows.published() if hasattr(rows, "published") else rows).order_by("pk").first()


def sessions():
    """{role: the cookies of somebody who is signed in}."""
    found = {"anonymous": {}}
    for role in ROLES[1:]:
        user = User.objects.create_user(role, password="x", is_staff=True, is_superuser=role == "superuser")
        if role in (VIEWER, EDITOR, REVIEWER):
            user.groups.set([Group.objects.get(name=role)])
        client = Client()
        client.force_login(user)
        found[role] = {"sessionid": client.cookies["sessionid"].value}
    return found


def status(client, address, method, cookies):
    """The status of the answer, and of one that leads elsewhere in short where to."""
    client.cookies.clear()
    client.cookies.load(cookies)
    with transaction.atomic():
        response = client.generic(method, address)
        transaction.set_rollback(True)
    if response.status_code in (301, 302):
        target = resolve(urlsplit(response.headers["Location"]).path)
        page = target.url_name.rpartition("_")[2] if target.namespace == "admin" else target.view_name
        return f"{response.status_code} {page}"
    return str(response.status_code)


def answered():
    """{(address, method, role): status}."""
    factories.state("KAZ"), factories.state("CHN")
    world()
    who = sessions()
    routes = sorted((readable(route, pattern), pattern) for route, pattern in patterns())
    found, client = {}, Client()
    # Whether somebody may see a page is decided before it is drawn, which takes most of the time.
    drawn = mock.patch.object(Template, "render", return_value="")
    beside = mock.patch.object(AdminSite, "each_context", side_effect=lambda request: {})
    with drawn, beside:
        for route, pattern in routes:
            address = example(route, pattern)
            for method, role in product(METHODS, ROLES):
                found[route, method, role] = status(client, address, method, who[role])
    return found


def written(found):
    """The table as text, its columns aligned."""
    lines = [HEAD]
    for route, method in dict.fromkeys((route, method) for route, method, _role in found):
        lines.append((f"/{route}", method, *(found[route, method, role] for role in ROLES)))
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    cells = (zip(line, widths, strict=True) for line in lines)
    return "".join("  ".join(cell.ljust(width) for cell, width in line).rstrip() + "\n" for line in cells)


def read(text):
    head, *lines = [re.split(r"  +", line) for line in text.splitlines()]
    assert tuple(head) == HEAD
    return {
        (route.removeprefix("/"), method, role): cell
        for route, method, *cells in lines
        for role, cell in zip(ROLES, cells, strict=True)
    }


def differences(found, listed):
    """What is wrong with the table, a sentence for each cell."""
    for cell in sorted(found.keys() | listed.keys()):
        where = "{1} /{0} as {2}".format(*cell)
        if cell not in listed:
            yield f"{where}: {found[cell]}, and not in the table"
        elif cell not in found:
            yield f"{where}: in the table, and there is no such address any more"
        elif found[cell] != listed[cell]:
            yield f"{where}: {found[cell]}, in the table {listed[cell]}"


@pytest.mark.exhaustive
@pytest.mark.long
@pytest.mark.once
@pytest.mark.django_db
def test_each_role_may_do_what_the_table_says():
    found = answered()
    if os.environ.get("UPDATE_MATRIX"):
        TABLE.write_text(written(found), encoding="utf-8")
    assert list(differences(found, read(TABLE.read_text(encoding="utf-8")))) == []


def test_differences_are_named():
    found = {("a/", "GET", "viewer"): "200", ("b/", "POST", "editor"): "403"}
    listed = {("b/", "POST", "editor"): "200", ("c/", "GET", "staff"): "302 login"}
    assert list(differences(found, listed)) == [
        "GET /a/ as viewer: 200, and not in the table",
        "POST /b/ as editor: 403, in the table 200",
        "GET /c/ as staff: in the table, and there is no such address any more",
    ]


def test_the_table_reads_as_it_is_written():
    found = {("a/<key>/", method, role): "302 login" for method, role in product(METHODS, ROLES)}
    assert read(written(found)) == found
