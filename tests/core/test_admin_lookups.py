"""What a list of the admin may be asked for by the parameters of its address: columns, plainly compared."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import models

from tests.factories import visit

pytestmark = pytest.mark.django_db

# Of which a database may take any time, or which tell what a column holds sign by sign.
REFUSED = [
    *(
        "regex",
        "iregex",
        "contains",
        "icontains",
        "startswith",
        "istartswith",
        "endswith",
        "iendswith",
        "iexact",
    ),
    *("range", "search", "year", "date", "year__gte", "length", "unaccent"),
]
COMPARED = ["", "__exact", "__in", "__isnull", "__gte", "__lt"]


@pytest.mark.parametrize("lookup", REFUSED)
def test_no_list_compares_by_what_may_take_any_time(lookup, rf):
    reachable = [
        name
        for name, page, field in columns()
        if known(field, lookup) and page.lookup_allowed(f"{field.name}__{lookup}", "x", rf.get("/"))
    ]
    assert reachable == []


def columns():
    """[(name, page of the admin, field)] of all models."""
    return [
        (f"{model._meta.label} {field.name}", page, field)
        for model, page in admin.site._registry.items()
        for field in model._meta.concrete_fields
    ]


def known(field, lookup):
    """Whether Django would ask the database; of what is no comparison of the field it says so itself."""
    path = lookup.split("__")[0]
    return bool(field.get_lookup(path) or field.get_transform(path))


@pytest.mark.parametrize("lookup", COMPARED)
def test_every_list_compares_its_columns_plainly(lookup, rf):
    refused = [
        name
        for name, page, field in columns()
        if not page.lookup_allowed(f"{field.name}{lookup}", "1", rf.get("/"))
    ]
    # Django's own page keeps it from being asked for.
    assert refused == ["auth.User password"]


def test_it_is_refused_in_the_address(admin_client, subtests):
    visit()
    for asked in [
        "visits/visit/?status__regex=(a%2B)%2B$",
        "visits/visit/?note__iregex=(a%2B)%2B$",
        "visits/visit/?occasion__contains=a",
        "visits/visit/export/?slug__regex=.",
        "visits/visit/?created_by__password__startswith=p",
        "visits/visit/?created_by__password=p",
        "auth/user/?password__startswith=pbkdf2",
        "auth/user/?username__regex=.",
        "auth/user/?groups__permissions__codename__contains=a",
        "auth/group/?name__regex=.",
        "auth/group/?user__password__startswith=p",
    ]:
        with subtests.test(asked=asked):
            assert admin_client.get(f"/admin/{asked}").status_code == 400


def test_what_may_be_compared_are_models_with_text():
    """Or the tests above would prove little."""
    texts = [
        field
        for model in (User, Group)
        for field in model._meta.fields
        if isinstance(field, models.CharField)
    ]
    assert len(texts) > 4 and all(known(field, "regex") for field in texts)
