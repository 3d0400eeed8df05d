"""What the site offers to take home: the page, the files, and the list in the API."""

import ast
import json
import re
import shutil
import subprocess
from hashlib import sha256
from html import unescape

import jsonschema
import pytest
from django.db import transaction
from django.test import override_settings
from drf_spectacular.generators import SchemaGenerator

from apps.core.models import Revision
from apps.core.releases import releases
from tests import factories
from tests.core.test_api import is_a_problem
from tests.factories import visit
from tests.relations.released import asked, released

pytestmark = pytest.mark.django_db
API = "/api/v1/releases/"


@pytest.fixture(autouse=True)
def root(tmp_path, settings):
    settings.RELEASES_ROOT = tmp_path / "releases"
    return settings.RELEASES_ROOT


@pytest.fixture(scope="module")
def first(django_db_setup, django_db_blocker, tmp_path_factory):
    """The directory of a release of one visit, made once for all tests that ask for it."""
    directory = tmp_path_factory.mktemp("first")
    with django_db_blocker.unblock(), transaction.atomic():
        visit()
        with override_settings(RELEASES_ROOT=directory):
            released()
        yield directory
        transaction.set_rollback(True)


@pytest.fixture
def release(first, root):
    shutil.copytree(first, root)
    return releases()[0]


def content(answer):
    """Read to its end, which closes the file, as the server does."""
    return b"".join(answer)


def page_of(client):
    answer = client.get("/data/")
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def links(client):
    main = client.get("/data/").content.decode().partition("<main")[2].partition("</main>")[0]
    return re.findall(r'href="(/[^"#]*)', main)


# The page.


def test_without_a_release_it_says_how_one_is_made(client):
    page = page_of(client)
    assert "There is no release yet manage.py release makes one of everything that is published now" in page
    assert "Earlier releases" not in page and "What is in none" in page


def test_it_tells_of_the_current_release(client, release):
    page = page_of(client)
    assert f"Release {release.revision}" in page and "nothing has changed since this release" in page
    for file in release.files:
        assert file.name in page and file.sha256 in page
    assert "visit 1 1 1" in page and "visitcitation 0 0 none" in page and "visit_places none 0 none" in page
    assert f"{release.revision} is the first." in page
    assert f"http://testserver/data/#{release.revision}" in page and "Cite this" in page


def test_it_says_that_the_database_has_moved_on(client, release):
    visit()
    assert f"{Revision.objects.current()}, of" in (page := page_of(client))
    assert "It has moved on since this release" in page and "nothing has changed" not in page


def test_a_database_begun_anew_has_moved_on(client, release):
    Revision.objects.all().delete()
    assert "r0. It has moved on since" in page_of(client)


def test_it_lists_all_earlier_ones(client, release):
    visit()
    second = released()
    visit()
    third = released()
    page = page_of(client)
    assert f"Release {third.revision}" in page and "nothing has changed" in page
    earlier = page.partition("Releases before")[2]
    assert 0 < earlier.index(second.revision) < earlier.index(release.revision)
    for each in (release, second, third):
        for file in each.files:
            assert f"/data/{each.revision}/{file.name}" in links(client)


def test_its_links_work(client, release):
    visit()
    released()
    found = {*links(client)}
    assert sum(link.startswith("/data/r") for link in found) == 9
    for address in found:
        answer = client.get(address)
        assert answer.status_code == 200 and content(answer), address
    main = client.get("/data/").content.decode()
    for anchor in re.findall(r'href="#([^"]+)"', main):
        assert main.count(f'id="{anchor}"') == 1, anchor


@pytest.mark.once
@pytest.mark.exhaustive
def test_it_takes_as_many_queries_for_many_releases(client, django_assert_num_queries):
    for _each in range(3):
        visit()
        released()
    # None but for the revision, once for all that is told of it, which goes around what Django counts.
    with django_assert_num_queries(0):
        client.get("/data/")
    with django_assert_num_queries(0):
        client.get(API)


def programs(client):
    """The examples as a reader would copy them, by the program that each is for."""
    page = client.get("/data/").content.decode()
    found = re.findall(r'<h3 id="example-\d">(\w+).*?<code>(.*?)</code></pre>', page, re.S)
    return {name: unescape(program) for name, program in found}


def test_its_examples_run_as_they_stand(client, release):
    found = programs(client)
    assert found.keys() == {"SQLite", "Datasette", "pandas", "jq"}
    ast.parse(found["pandas"])
    for program in found.values():
        assert {*re.findall(r"kzforeign-r\d+[-.\w]+", program)} <= {file.name for file in release.files}


@pytest.mark.parametrize(
    ("program", "needed", "told"),
    [
        ("SQLite", ["sqlite3"], r"KAZ .* member .* certain"),
        ("jq", ["jq", "unzip"], r"2014-05\tAnn\thttp://.*\n"),
    ],
)
def test_its_example_finds_what_it_says(client, program, needed, told):
    if missing := [name for name in needed if not shutil.which(name)]:
        pytest.skip(f"no {missing[0]} here")
    factories.membership(
        organization=factories.organization(slug="sco"),
        member_state=factories.state("KAZ"),
        start="2001",
        end="..",
        attested="2014",
    )
    visit(host=factories.state("CHN"), visitor=factories.person(name_en="Ann"), date="2014-05")
    made = released()
    code, folder = programs(client)[program], made.path("")
    done = subprocess.run(["sh", "-c", code], cwd=folder, capture_output=True, text=True)
    assert re.search(told, done.stdout), done


def test_every_page_leads_to_it(client):
    assert 'href="/data/"' in client.get("/sources/").content.decode()


# The files.


TYPES = {
    "-csv.zip": "application/zip",
    "-jsonl.zip": "application/zip",
    ".sqlite3": "application/vnd.sqlite3",
    "release.json": "application/json",
    "SHA256SUMS": "text/plain; charset=utf-8",
}


def test_each_file_is_sent_as_it_is(client, release):
    assert len(release.names) == 5
    for name in release.names:
        answer = client.get(f"/data/{release.revision}/{name}")
        assert answer.status_code == 200
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["Content-Type"] == next(kind for end, kind in TYPES.items() if name.endswith(end))
        assert (sent := content(answer)) == release.path(name).read_bytes()
        assert answer["ETag"] == f'"{sha256(sent).hexdigest()}"'
        again = client.get(f"/data/{release.revision}/{name}", headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304 and again.content == b""


def test_head_and_parts(client, release):
    file = release.files[0]
    address = f"/data/{release.revision}/{file.name}"
    head = client.head(address)
    assert (head.status_code, head["Content-Length"], head.content) == (200, str(file.size), b"")
    part = client.get(address, headers={"Range": "bytes=-100"})
    assert part.status_code == 206 and content(part) == release.path(file.name).read_bytes()[-100:]


@pytest.mark.parametrize("name", ["release.json", "SHA256SUMS"])
def test_text_is_sent_as_it_is_too(client, release, name):
    address, headers = f"/data/{release.revision}/{name}", {"Accept-Encoding": "gzip, br, zstd"}
    whole = release.path(name).read_bytes()
    answer = client.get(address, headers=headers)
    assert content(answer) == whole and not answer.has_header("Content-Encoding")
    part = client.get(address, headers=headers | {"Range": "bytes=10-", "If-Range": answer["ETag"]})
    assert part.status_code == 206 and content(part) == whole[10:]


def test_an_earlier_release_stays_as_it_was(client, release):
    row = visit(slug="withdrawn-later")
    second = released()
    row.status = "withdrawn"
    row.save()
    third = released()
    name = f"kzforeign-{second.revision}.sqlite3"
    assert sha256(content(client.get(f"/data/{second.revision}/{name}"))).hexdigest() == second.checksum(name)
    assert asked(second, "SELECT count(*) FROM visit WHERE slug = 'withdrawn-later'") == [(1,)]
    assert asked(third, "SELECT count(*) FROM visit WHERE slug = 'withdrawn-later'") == [(0,)]
    assert "stays in it as it was" in page_of(client)


@pytest.fixture(scope="module")
def surrounded(django_db_setup, django_db_blocker, tmp_path_factory):
    """(the directory of releases, one in it) with files in it and around it that are of no release."""
    root = tmp_path_factory.mktemp("surrounded") / "releases"
    with django_db_blocker.unblock(), override_settings(RELEASES_ROOT=root), transaction.atomic():
        visit()
        release = released()
        transaction.set_rollback(True)
    (root / release.revision / "other.txt").write_text("SECRET")
    (root.parent / "secret").write_text("SECRET")
    (root / ".unfinished").mkdir(exist_ok=True)
    (root / ".unfinished" / "data.zip").write_text("SECRET")
    return root, release


def test_nothing_else_is_sent(client, settings, surrounded, subtests):
    settings.RELEASES_ROOT, release = surrounded
    assert content(client.get(f"/data/{release.revision}/SHA256SUMS"))
    for path in [
        "{r}/",
        "{r}",
        "{r}/nothing.zip",
        "{r}/other.txt",
        "{r}/kzforeign-r0-csv.zip",
        "{r}/../{r}/SHA256SUMS",
        "{r}/%2e%2e/%2e%2e/secret",
        "{r}/..%2f..%2fsecret",
        "{r}/..\\..\\secret",
        "{r}%2f..%2f..%2fsecret",
        "../secret",
        "./SHA256SUMS",
        "../{r}/SHA256SUMS",
        "..%2f{r}/SHA256SUMS",
        ".unfinished/data.zip",
        "%2fetc/passwd",
        "r999999999/SHA256SUMS",
        "R1/SHA256SUMS",
        "{r}/SHA256SUMS/",
        "{r}/sha256sums",
        "{r}/" + "x" * 5000,
        "x" * 5000 + "/SHA256SUMS",
        "r" + "9" * 5000 + "/SHA256SUMS",
    ]:
        with subtests.test(path=path):
            answer = client.get("/data/" + path.replace("{r}", release.revision))
            assert answer.status_code == 404 and "There is no such page" in answer.content.decode()


def test_a_file_that_is_gone_is_a_404(client, release):
    release.path("SHA256SUMS").unlink()
    assert client.get(f"/data/{release.revision}/SHA256SUMS").status_code == 404


def test_files_are_for_reading(client, release):
    answer = client.post(f"/data/{release.revision}/SHA256SUMS")
    assert answer.status_code == 405 and answer["Allow"] == "GET, HEAD, OPTIONS"


# The list in the API.


def check(answer):
    schema = SchemaGenerator().get_schema(request=None, public=True)
    expected = schema["paths"][API]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(
        answer, expected | {"components": schema["components"]}, jsonschema.Draft202012Validator
    )


def test_the_list_without_a_release(client):
    answer = client.get(API)
    assert answer.json() == {"count": 0, "next": None, "previous": None, "results": []}
    check(answer.json())
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_list_tells_all_of_each(client, release):
    visit()
    second = released()
    answer = client.get(API).json()
    check(answer)
    assert answer.keys() == {"count", "next", "previous", "results"} and answer["count"] == 2
    assert [row["revision"] for row in answer["results"]] == [second.revision, release.revision]
    folder = f"http://testserver/data/{second.revision}/"
    assert answer["results"][0] == {
        "revision": second.revision,
        "date": second.date.isoformat(),
        "files": [
            {
                "name": file.name,
                "url": f"{folder}{file.name}",
                "size": file.size,
                "sha256": file.sha256,
                "rows": file.rows,
            }
            for file in second.files
        ],
        "checksums_url": f"{folder}SHA256SUMS",
        "url": f"{folder}release.json",
        "html_url": f"http://testserver/data/#{second.revision}",
    }
    for row in answer["results"]:
        told = content(client.get(row["url"].removeprefix("http://testserver")))
        assert json.loads(told)["revision"] == row["revision"]
        assert f'id="{row["revision"]}"' in client.get("/data/").content.decode()


def test_who_has_the_list_is_sent_it_again_once_there_is_another_release(client, release):
    visit()
    tag = client.get(API)["ETag"]
    assert client.get(API, headers={"If-None-Match": tag}).status_code == 304
    released()  # Of the same revision.
    answer = client.get(API, headers={"If-None-Match": tag})
    assert answer.status_code == 200 and answer.json()["count"] == 2


def test_the_list_takes_no_parameters(client):
    is_a_problem(client.get(API, {"limit": 5}), 400, "Wrong parameter: limit.")
    is_a_problem(client.post(API), 405)
    is_a_problem(client.get(f"{API}r1/"), 404)
    assert client.get(API.rstrip("/")).status_code == 301


def test_a_directory_that_cannot_be_read_is_no_fault_of_the_reader(client, root, caplog):
    root.write_text("a file")
    assert "There is no release yet" in page_of(client)
    assert client.get(API).json()["count"] == 0
    assert "RELEASES_ROOT cannot be read" in caplog.text
