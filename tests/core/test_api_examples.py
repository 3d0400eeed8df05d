"""The examples of answers in the schema: that each is as the schema says, and that every address in it is one.

They are answers over the project's own data, with lists cut short, in `apps/core/api_examples.json`. After a change of
what the API answers, this writes them anew:

    UPDATE_API_EXAMPLES=1 .venv/bin/python -m pytest tests/core/test_api_examples.py
"""

import json
import os
from urllib.parse import urlsplit

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator

from apps.core import schema as schema_module
from apps.core.api import PROBLEM
from tests.core.test_api_seed import example

# What the API answers on each database is compared elsewhere.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("seeded"),
    pytest.mark.exhaustive,
    pytest.mark.once,
]

SITE = "https://kzforeign.example"
# Of each list, what finds one row, so that the example is a whole page.
QUERIES = {
    "states": "alpha2=CN",
    "places": "q=semi",
    "people": "q=putin",
    "organizations": "seat=tehran",
    "successions": "predecessor=shanghai-five",
    "memberships": "member=sco",
    "offices": "organization=osce-troika",
    "events": "place=istanbul",
    "projects": "place=khorgos",
    "visits": "visitor=putin-vladimir",
    "agreements": "agreement=undated-kaz-rus-baikonur-lease",
    "figures": "project=nuclear-fuel-bank",
    "sources": "",
    "compare": "state=CHN&state=RUS&as_of=2012-07-01",
    "search": "q=ШОС&limit=2",
    "timeline": "person=modi-narendra&kind=visit&as_of=2015",
}
# There is a release only once somebody makes one.
WITHOUT = {"/api/v1/releases/"}
HOW = "Write the examples anew: UPDATE_API_EXAMPLES=1 .venv/bin/python -m pytest tests/core/test_api_examples.py"


def described():
    """The description, of the addresses that answer in JSON."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    paths = {
        path: {"get": {"parameters": []} | methods["get"]}
        for path, methods in schema["paths"].items()
        if "application/json" in methods["get"]["responses"]["200"]["content"] and path not in WITHOUT
    }
    return schema | {"paths": paths}


def resolved(schema, answer):
    """An answer of the schema itself where it stands among the components."""
    name = answer.get("$ref", "").removeprefix("#/components/responses/")
    return schema["components"]["responses"][name] if name else answer


def address_of(path, parameters):
    """An address of the path, by the examples of the parameters in it, or by what is asked for of a list."""
    prefix = path.strip("/").split("/")[-1]
    if prefix in QUERIES:
        return f"{path}?{QUERIES[prefix]}".removesuffix("?")
    values = {
        parameter["name"]: next(iter(parameter["examples"].values()))["value"]
        for parameter in parameters
        if parameter["in"] == "path"
    }
    return path.format(**values)


def cut(value, whole=False):
    """`value` with one row of each list in it; of a page, which is `whole`, all."""
    if isinstance(value, dict):
        return {name: cut(inner, whole and name == "results") for name, inner in value.items()}
    if isinstance(value, list):
        # The first by its text: what an entry concerns comes in no order that would be the same tomorrow.
        return [cut(inner) for inner in (value if whole else sorted(value, key=json.dumps)[:1])]
    return value.replace("http://testserver", SITE) if isinstance(value, str) else value


def answered(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.content)
    found = answer.json()
    is_page = set(found) == {"count", "next", "previous", "results"}
    assert not is_page or found["count"] == 1, address
    return {"address": address, "answer": cut(found, whole=is_page)}


@pytest.fixture(scope="module")
def schema():
    return described()


@pytest.fixture(scope="module", autouse=True)
def _updated(seeded, django_db_blocker):
    if os.environ.get("UPDATE_API_EXAMPLES"):
        from django.test import Client

        schema_module.examples.cache_clear()
        schema_module.EXAMPLES.write_text("{}")
        with django_db_blocker.unblock():
            paths = described()["paths"].items()
            found = {
                path: answered(Client(), address_of(path, methods["get"]["parameters"]))
                for path, methods in paths
            }
        text = json.dumps(found, ensure_ascii=False, indent=1)
        schema_module.EXAMPLES.write_text(f"{text}\n", encoding="utf-8")
        schema_module.examples.cache_clear()


def answer_of(schema, path):
    return schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]


def test_every_answer_has_an_example_of_its_address(schema):
    assert set(schema_module.examples()) == set(schema["paths"]), HOW
    for path, methods in schema["paths"].items():
        shown = answer_of(schema, path)["examples"]["Example"]
        assert shown["summary"] == address_of(path, methods["get"]["parameters"]), HOW


def test_examples_are_as_the_schema_says(schema):
    for path in schema["paths"]:
        media = answer_of(schema, path)
        whole = media["schema"] | {"components": schema["components"]}
        jsonschema.validate(media["examples"]["Example"]["value"], whole, jsonschema.Draft202012Validator)


def shape(value):
    """The names in it, of whatever depth."""
    if isinstance(value, dict):
        return {(name, *rest) for name, inner in value.items() for rest in shape(inner) | {()}}
    return {("[]", *rest) for inner in value for rest in shape(inner)} if isinstance(value, list) else set()


def test_examples_are_of_the_shape_of_what_is_answered(client):
    for path, said in schema_module.examples().items():
        assert shape(said["answer"]) == shape(answered(client, said["address"])["answer"]), (path, HOW)


def addresses(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = {address for part in inner for address in addresses(part)}
    return found | ({value} if isinstance(value, str) and value.startswith(SITE) else set())


def test_every_address_in_an_example_is_there(client):
    found = {urlsplit(address) for address in addresses([*schema_module.examples().values()])}
    # Many are passages of one page.
    paths = {address._replace(scheme="", netloc="", fragment="").geturl() for address in found}
    assert len(found) > 100 and len(paths) > 80
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_examples_of_problems_are_as_the_schema_says(schema):
    for methods in schema["paths"].values():
        contents = [answer.get("content", {}) for answer in methods["get"]["responses"].values()]
        problems = [content[PROBLEM] for content in contents if PROBLEM in content]
        assert problems
        for media in problems:
            (shown,) = media["examples"].values()
            whole = media["schema"] | {"components": schema["components"]}
            jsonschema.validate(shown["value"], whole, jsonschema.Draft202012Validator)


def test_every_answer_is_described(schema):
    for path, methods in schema["paths"].items():
        for status, answer in methods["get"]["responses"].items():
            assert resolved(schema, answer)["description"], (path, status)


def test_every_parameter_but_the_cursor_has_an_example(schema):
    for path, methods in schema["paths"].items():
        for parameter in methods["get"]["parameters"]:
            has_one = parameter.get("examples") or parameter["name"] == "cursor" or example(parameter)
            assert has_one, (path, parameter["name"])
