"""The API over the project's own data: that its examples work, and that all of it is as the schema says."""

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator

from kzforeign.api import ROUTES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded"), pytest.mark.exhaustive]


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.mark.parametrize("prefix", ROUTES)
def test_examples_of_the_schema_are_found(client, prefix):
    viewset = ROUTES[prefix]
    assert client.get(f"/api/v1/{prefix}/{viewset.lookup_example}/").status_code == 200
    for parameter in viewset.filterset_class.parameters():
        for example in parameter["schema"].get("examples", ()):
            given = {"state": "KAZ"} | {parameter["name"]: example}
            needed = {name: given[name] for name in given if name in viewset.filterset_class.base_filters}
            assert client.get(f"/api/v1/{prefix}/", needed).status_code == 200, (parameter["name"], example)


@pytest.mark.parametrize("prefix", ROUTES)
def test_all_rows_are_as_the_schema_says_and_reached_by_walking(client, prefix, schema):
    media = schema["paths"][f"/api/v1/{prefix}/"]["get"]["responses"]["200"]["content"]["application/json"]
    validator = jsonschema.Draft202012Validator(media["schema"] | {"components": schema["components"]})
    address, urls = f"/api/v1/{prefix}/?limit=30", []
    while address:
        answer = client.get(address).json()
        validator.validate(answer)
        urls += [row["url"] for row in answer["results"]]
        address = answer["next"]
    assert len(urls) == len(set(urls)) == answer["count"] > 0
