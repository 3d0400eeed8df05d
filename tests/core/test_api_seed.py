"""The API over the project's own data: that its examples work, and that all of it is as the schema says."""

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator

from apps.relations.filters import TimelineFilter
from kzforeign.api import ROUTES
from tests.core.test_rows import is_as_written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded"), pytest.mark.exhaustive]

ROOT = "/api/v1/"
FILTER_SETS = {prefix: viewset.filterset_class for prefix, viewset in ROUTES.items()} | {
    "timeline": TimelineFilter
}
# What the first dataset has nothing of, so that the example of a parameter finds nothing yet.
NOTHING_YET = {
    ("agreements", "ended"): "no source tells when an agreement ended",
    ("organizations", "wikidata"): "no Wikidata ids are entered",
    ("projects", "end"): "no source tells when a project ended",
    ("people", "wikidata"): "no Wikidata ids are entered",
    ("states", "wikidata"): "no Wikidata ids are entered",
}


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def described(schema, prefix):
    """{name: parameter} of a list."""
    parameters = schema["paths"][f"{ROOT}{prefix}/"]["get"]["parameters"]
    return {parameter["name"]: parameter for parameter in parameters}


def example(parameter):
    (only,) = parameter["schema"]["examples"]
    return only


def walked(client, address):
    """The addresses of all rows of a list, from page to page."""
    urls = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.json()
        urls += [row["url"] for row in answer.json()["results"]]
        address = answer.json()["next"]
    assert answer.json()["count"] == len(urls)
    return urls


def beside(prefix, name, value):
    """What has to be asked for beside a parameter with this value."""
    if name == "dating":
        return {"spanning": "&from=1992&to=1997", "undated": ""}.get(value, "&year=2009")
    filters = FILTER_SETS[prefix].base_filters
    needed = filters[name].needs
    return f"&{needed}={filters[needed].example}" if needed else ""


@pytest.mark.parametrize("prefix", FILTER_SETS)
def test_example_of_every_parameter_finds_rows_each_once(client, prefix, schema):
    parameters = described(schema, prefix)
    found_nothing = set()
    for name in FILTER_SETS[prefix].base_filters:
        value = example(parameters[name])
        urls = walked(client, f"{ROOT}{prefix}/?{name}={value}{beside(prefix, name, value)}")
        assert len(urls) == len(set(urls))
        if not urls:
            found_nothing.add(name)
    assert found_nothing == {name for kind, name in NOTHING_YET if kind == prefix}


@pytest.mark.parametrize("prefix", FILTER_SETS)
def test_every_value_of_a_choice_and_every_order_is_answered(client, prefix):
    for name, filter_ in FILTER_SETS[prefix].base_filters.items():
        for value in filter_.schema().get("enum", ()):
            address = f"{ROOT}{prefix}/?limit=60&{name}={value}{beside(prefix, name, value)}"
            urls = walked(client, address)
            assert len(urls) == len(set(urls))


@pytest.mark.parametrize("prefix", ROUTES)
def test_example_of_an_identifier_is_found(client, prefix):
    assert client.get(f"{ROOT}{prefix}/{ROUTES[prefix].lookup_example}/").status_code == 200


@pytest.mark.parametrize("prefix", ROUTES)
def test_all_rows_are_as_the_schema_says_and_reached_by_walking(client, prefix, schema):
    media = schema["paths"][f"{ROOT}{prefix}/"]["get"]["responses"]["200"]["content"]["application/json"]
    validator = jsonschema.Draft202012Validator(media["schema"] | {"components": schema["components"]})
    address, urls = f"{ROOT}{prefix}/?limit=30", []
    while address:
        answer = client.get(address).json()
        validator.validate(answer)
        urls += [row["url"] for row in answer["results"]]
        address = answer["next"]
    assert len(urls) == len(set(urls)) == answer["count"] > 0


@pytest.mark.parametrize("prefix", ROUTES)
def test_lists_are_as_their_serializers_write_them(client, prefix):
    is_as_written(client, prefix)
