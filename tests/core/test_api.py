"""What holds of every address of the API, whatever it is about."""

import json

import jsonschema
import pytest
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from apps.core.models import Entry
from kzforeign.api import ROUTES
from tests import factories
from tests.core.world import world
from tests.sampling import sample

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/"
PROBLEM = "application/problem+json"
# Addresses of the schema that span several kinds of entries.
ACROSS = {
    f"{ROOT}timeline/",
    f"{ROOT}map/",
    f"{ROOT}search/",
    f"{ROOT}graph/",
    f"{ROOT}compare/",
    f"{ROOT}releases/",
    f"{ROOT}relations/{{code}}/",
    f"{ROOT}relations/{{code}}/{{other}}/",
}


def is_a_problem(answer, status, detail=None):
    problem = answer.json()
    assert answer.status_code == status
    assert answer["Content-Type"] == PROBLEM
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert problem["title"] == answer.reason_phrase
    assert detail is None or problem["detail"] == detail
    return problem


# What there is.


def test_root_lists_what_there_is(client):
    answer = client.get(ROOT)
    assert answer.status_code == 200
    listed = answer.json()
    assert listed.pop("schema") == "http://testserver/api/v1/schema/"
    assert listed.pop("docs") == "http://testserver/api/v1/docs/"
    assert listed.pop("timeline") == "http://testserver/api/v1/timeline/"
    assert listed.pop("map") == "http://testserver/api/v1/map/"
    assert listed.pop("search") == "http://testserver/api/v1/search/"
    assert listed.pop("graph") == "http://testserver/api/v1/graph/"
    assert listed.pop("compare") == "http://testserver/api/v1/compare/"
    assert listed.pop("releases") == "http://testserver/api/v1/releases/"
    assert listed.pop("relations") == "http://testserver/api/v1/relations/{code}/"
    assert listed == {prefix: f"http://testserver/api/v1/{prefix}/" for prefix in ROUTES}


@pytest.mark.parametrize("prefix", ROUTES)
def test_empty_list(client, prefix):
    answer = client.get(f"{ROOT}{prefix}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"count": 0, "count_is": "exact", "next": None, "previous": None, "results": []}


def test_every_kind_of_entry_has_its_place():
    models = {viewset.model for viewset in ROUTES.values()}
    assert models >= set(Entry.__subclasses__())
    for model in models:
        assert reverse(f"api:{model._meta.model_name}-list").startswith(ROOT)
        assert reverse(f"api:{model._meta.model_name}-detail", args=["QQQ"]).startswith(ROOT)


@pytest.mark.exhaustive
@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_unpublished_entries_are_nowhere(client, status):
    secret = {"status": status, "note": "SECRET"}
    for entry in world(**secret):
        assert client.get(entry.api_url).status_code == 404
    for prefix, viewset in ROUTES.items():
        rows = client.get(f"{ROOT}{prefix}/").json()["results"]
        assert bool(rows) == (not issubclass(viewset.model, Entry))
        for row in rows:
            detail = client.get(row["url"]).json()
            assert detail.get("state") is None
            assert [passage["entries"] for passage in detail.get("passages", ())] in ([], [[]])


@pytest.mark.exhaustive
@pytest.mark.parametrize("prefix", ROUTES)
def test_published_entries_tell_nothing_of_unpublished_ones(client, prefix):
    """Each published entry of a kind is among others of which none is published.

    One whose title names such others is public no more than they are.
    """
    world()
    model = ROUTES[prefix].model
    for other in Entry.__subclasses__():
        if other is not model:
            rename(other)
    text = json.dumps(
        [client.get(row["url"]).json() for row in client.get(f"{ROOT}{prefix}/").json()["results"]]
    )
    assert (text == "[]") == bool(getattr(model, "title_parts", ()))
    assert "SECRET" not in text


@factories.at_once
def rename(model):
    """Every row of `model` withdrawn, with a name and an identifier that would tell of it."""
    for number, row in enumerate(model.objects.all()):
        row.status = "withdrawn"
        setattr(
            row, model.public_id_field, f"S{number:02}" if model.__name__ == "State" else f"SECRET-{number}"
        )
        for name in ("name_en", "title"):
            if hasattr(row, name):
                setattr(row, name, f"SECRET {number}")
        row.save()


# What the schema says.


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def check(answer, schema, path):
    """That the answer is as the schema says, and the other way round: nothing left out, nothing unheard of."""
    expected = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    resolved = expected | {"components": schema["components"]}
    jsonschema.validate(answer, resolved, jsonschema.Draft202012Validator)
    described = schema["components"]["schemas"][expected["$ref"].split("/")[-1]]["properties"]
    assert set(answer) | {"holds"} == set(described) | {"holds"}


@pytest.mark.exhaustive
@pytest.mark.parametrize("prefix", ROUTES)
def test_answers_are_as_the_schema_says(client, prefix, schema):
    world()
    rows = client.get(f"{ROOT}{prefix}/").json()
    check(rows, schema, f"{ROOT}{prefix}/")
    path = next(path for path in schema["paths"] if path.startswith(f"{ROOT}{prefix}/{{"))
    for row in rows["results"]:
        detail = client.get(row["url"]).json()
        check(detail, schema, path)
        assert detail["url"] == row["url"]
        assert set(detail) >= set(row)


def test_problems_are_as_the_schema_says(client, schema):
    problem = client.get(f"{ROOT}visits/?kind=x&colour=red").json()
    expected = {"$ref": "#/components/schemas/Problem", "components": schema["components"]}
    jsonschema.validate(problem, expected, jsonschema.Draft202012Validator)


@pytest.mark.exhaustive
def test_schema_has_no_warnings(capsys):
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json")
    assert json.loads(capsys.readouterr().out)["openapi"] == "3.1.0"


def test_schema_describes_every_address_and_every_parameter(schema):
    assert {*schema["paths"]} >= ACROSS
    assert len({*schema["paths"]} - ACROSS) == 2 * len(ROUTES)
    for path, methods in schema["paths"].items():
        assert list(methods) == ["get"]
        assert methods["get"]["summary"] and methods["get"]["description"]
        for parameter in methods["get"].get("parameters", ()):
            assert parameter["description"], (path, parameter)
    for prefix, viewset in ROUTES.items():
        names = {parameter["name"] for parameter in schema["paths"][f"{ROOT}{prefix}/"]["get"]["parameters"]}
        assert names == {*viewset.filterset_class.base_filters, "limit", "cursor", "format", "bom"}


def test_schema_describes_the_errors_of_every_address(schema):
    answers = schema["components"]["responses"]
    assert set(answers["MethodNotAllowed"]["headers"]) == {"Allow"}
    assert set(answers["TooManyRequests"]["headers"]) == {"Retry-After"}
    for path, methods in schema["paths"].items():
        described = methods["get"]["responses"]
        assert set(described) >= {"200", "304", "400", "404", "405", "406", "429", "500"}, path
        is_of_one = path.endswith("}/")
        assert ({"301", "410"} <= described.keys()) == is_of_one, path
        assert not is_of_one or set(described["301"]["headers"]) == {"Location"}, path
        for status in described.keys() - {"200", "301", "304"}:
            answer = described[status]
            answer = answers[answer["$ref"].split("/")[-1]] if "$ref" in answer else answer
            assert set(answer["content"]) == {PROBLEM}, (path, status)


def test_schema_says_what_only_some_answers_hold(schema):
    membership = schema["components"]["schemas"]["Membership"]
    assert set(membership["properties"]) - set(membership["required"]) == {"holds"}


ACCEPTED = ["*/*", "application/json", "application/vnd.oai.openapi+json", None]


@pytest.mark.parametrize("accept", sample(ACCEPTED, ["*/*"]))
def test_schema_is_json(client, accept):
    answer = client.get(f"{ROOT}schema/", headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200
    assert answer["Content-Type"].split(";")[0] in ("application/json", "application/vnd.oai.openapi+json")
    assert answer.json()["openapi"] == "3.1.0"


def test_docs_page_has_no_script_or_style_of_its_own(client):
    answer = client.get(f"{ROOT}docs/")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/html")
    page = answer.content.decode()
    assert "<style" not in page and "style=" not in page
    assert page.count("<script") == page.count("<script src=") == 3
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_docs_page_has_nothing_to_tell_of_itself(client):
    answer = client.options(f"{ROOT}docs/")
    assert (answer.status_code, answer["Allow"], answer.content) == (204, "GET, HEAD, OPTIONS", b"")


def test_docs_script_is_an_address_of_its_own(client):
    answer = client.get(f"{ROOT}docs/?script=")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/javascript"
    assert '"/api/v1/schema/"' in answer.content.decode().replace("\\u002D", "-")


# What is refused.


def test_unknown_parameter_and_bad_values_are_named(client):
    answer = client.get(f"{ROOT}visits/?kind=royal&colour=red&limit=500")
    problem = is_a_problem(answer, 400, "Wrong parameters: colour, kind, limit.")
    assert problem["errors"][0]["parameter"] == "colour"
    assert problem["errors"][0]["allowed"][:3] == ["state", "direction", "counterpart"]
    assert problem["errors"][1:] == [
        {
            "parameter": "kind",
            "value": "royal",
            "detail": "This value is not known here. Allowed: state, official, working, private, informal, "
            "multilateral, not_stated.",
            "allowed": ["state", "official", "working", "private", "informal", "multilateral", "not_stated"],
        },
        {"parameter": "limit", "value": "500", "detail": "A page has 1 to 200 rows.", "allowed": ["1-200"]},
    ]


@pytest.mark.exhaustive
@pytest.mark.parametrize("prefix", ROUTES)
@pytest.mark.parametrize(
    "query",
    ["colour=red", "limit=0", "limit=201", "limit=x", "cursor=x", "format=xml", "limit=", "limit=1&limit=2"],
)
def test_bad_query_of_a_list(client, prefix, query):
    name = query.split("=")[0]
    problem = is_a_problem(client.get(f"{ROOT}{prefix}/?{query}"), 400, f"Wrong parameter: {name}.")
    assert [error["parameter"] for error in problem["errors"]] == [name]


@pytest.mark.parametrize("address", ["", "schema/", "docs/", "states/QQQ/", "sources/x/", "visits/x/"])
def test_any_parameter_is_refused_where_there_is_no_list(client, address):
    problem = is_a_problem(client.get(f"{ROOT}{address}?as_of=2012&script=1"), 400)
    assert [error["parameter"] for error in problem["errors"]] == ["as_of", "script"]
    assert problem["errors"][0]["detail"] == "There is no such parameter here."
    assert problem["errors"][0]["allowed"] == ["format"]


def test_format_json_is_taken_everywhere(client):
    state = factories.state()
    for address in (ROOT, f"{ROOT}states/", state.api_url):
        assert client.get(f"{address}?format=json").status_code == 200


@pytest.mark.parametrize("prefix", ROUTES)
def test_unknown_identifier(client, prefix):
    viewset = ROUTES[prefix]
    kind = viewset.model._meta.verbose_name
    detail = f"There is no published {kind} with the {viewset.lookup_field} “QQQ”."
    is_a_problem(client.get(f"{ROOT}{prefix}/QQQ/"), 404, detail)


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(
    "address",
    [
        "nothing/",
        "nothing",
        "visits/x/y/",
        "visits/%FF/",
        "visits/ә/",
        "visits/a%20b/",
        "states/KAZAKHSTAN/",
        "states/9/",
        "visits.json",
        "visits//",
        "../v1/nothing/",
        "x" * 5000,
    ],
)
def test_unknown_address(client, address, debug):
    for method in ("get", "post", "put", "options", "head"):
        with override_settings(DEBUG=debug, SECURE_SSL_REDIRECT=False):
            answer = getattr(client, method)(f"{ROOT}{address}")
        if method == "head":
            assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
        else:
            is_a_problem(answer, 404)


def test_long_identifier_is_shown_in_short(client):
    problem = is_a_problem(client.get(f"{ROOT}visits/{'x' * 5000}/"), 404)
    assert len(problem["detail"]) < 200


@pytest.mark.parametrize("address", ["/api/", "/api/v2/visits/", "/api/visits"])
def test_unknown_address_beside_this_version(client, address):
    detail = "There is nothing at this address. The API begins at /api/v1/."
    is_a_problem(client.get(address), 404, detail)


@pytest.mark.parametrize("address", ["", "visits", "states/QQQ", "schema", "docs"])
def test_missing_slash_is_added_and_the_query_kept(client, address):
    answer = client.get(f"/api/v1/{address}".rstrip("/") + "?limit=2&q=%D2%B0")
    assert answer.status_code == 301
    assert answer["Location"] == f"/api/v1/{address}/?limit=2&q=%D2%B0".replace("//?", "/?")


def test_missing_slash_never_leads_elsewhere(client):
    assert client.get("/api/v1//evil.example/visits").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("address", ["", "visits/", "visits/?kind=x", "states/QQQ/", "schema/", "docs/"])
def test_writing_is_not_allowed(client, method, address):
    answer = getattr(client, method)(f"{ROOT}{address}")
    is_a_problem(answer, 405, f'Method "{method.upper()}" not allowed.')
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", ["", "visits/", "states/QQQ/", "schema/"])
@pytest.mark.parametrize("accept", ["text/html", "text/csv", "application/xml"])
def test_other_formats_are_not_acceptable(client, address, accept):
    is_a_problem(client.get(f"{ROOT}{address}", headers={"Accept": accept}), 406)


def test_browser_is_served(client):
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert client.get(f"{ROOT}visits/", headers={"Accept": accept})["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "address", ["visits/?q=a%00b", "visits/%00/", "%00", "visits/?%00=1", "?%00", "visits/?q=%2500"]
)
def test_nul_bytes(client, address):
    answer = client.get(f"{ROOT}{address}")
    # The last is a per cent sign and two noughts, which nothing is wrong with.
    if address.endswith("%2500"):
        assert answer.status_code == 200
    else:
        is_a_problem(answer, 400)


def test_200_kilobytes_of_query(client):
    long = "x" * 200_000
    for query in (f"q={long}", f"{long}=1", f"cursor={long}", f"state={long}", f"limit={'9' * 200_000}"):
        answer = client.get(f"{ROOT}visits/?{query}")
        is_a_problem(answer, 400)
        assert len(answer.content) < 2000


def test_too_many_parameters(client):
    is_a_problem(client.get(f"{ROOT}visits/?" + "&".join(f"x{n}=1" for n in range(5000))), 400)
    is_a_problem(client.get(f"{ROOT}?" + "&".join(f"x{n}=1" for n in range(5000))), 400)


VALUES = [
    "1" + "0" * 30,
    "-1",
    "0000",
    "10000",
    "2001-02-29",
    "%ED%A0%80",
    "%FF",
    "%F0%9F%92%A9",
    "'",
    "%25",
    "[",
    "(.*)*$",
]


@pytest.mark.exhaustive
@pytest.mark.parametrize("prefix", ROUTES)
@pytest.mark.parametrize("value", VALUES)
def test_hostile_values(client, prefix, value):
    names = [*ROUTES[prefix].filterset_class.base_filters, "limit", "cursor", "format", "year__gt", "id"]
    # Most lists have most of the parameters: each list gets each value at a third of them, in turn.
    turn = VALUES.index(value) + list(ROUTES).index(prefix)
    for name in names[turn % 3 :: 3]:
        answer = client.get(f"{ROOT}{prefix}/?{name}={value}")
        if name == "q" and answer.status_code == 200:
            assert answer.json()["count"] == 0
        else:
            problem = is_a_problem(answer, 400)
            assert [error["parameter"] for error in problem["errors"]][:1] == [name]


def test_another_host_is_refused(client, settings):
    settings.ALLOWED_HOSTS = ["kzforeign.example"]
    is_a_problem(client.get(f"{ROOT}visits/"), 400, "The request could not be read.")


def test_what_nobody_foresaw_is_a_problem_too(client, monkeypatch):
    def fail(*_args):
        raise RuntimeError("SECRET")

    monkeypatch.setattr("apps.core.filters.StrictFilterSet.page", fail)
    client.raise_request_exception = False
    is_a_problem(client.get(f"{ROOT}visits/"), 500, "Something went wrong here, and has been put on record.")


def test_every_origin_may_read(client):
    for address in ("", "visits/", "visits/x/", "nothing/", "visits/?x=1"):
        assert client.get(f"{ROOT}{address}")["Access-Control-Allow-Origin"] == "*"


def test_answers_do_not_depend_on_the_readers_language(client):
    state = factories.state("CHN", name_en="China", name_ru="Китай", name_kk="Қытай")
    for accept in ("en", "ru", "kk"):
        answer = client.get(state.api_url, headers={"Accept-Language": accept})
        assert answer.json()["name"] == "China"
        problem = client.get(f"{ROOT}states/?kind=x", headers={"Accept-Language": accept}).json()
        assert problem["errors"][0]["detail"].startswith("This value is not known here.")
