"""The page for analysts: its examples run as they stand, and find what the database has."""

import ast
import json
import re
import shutil
import subprocess
import sys
from html import unescape
from urllib.error import HTTPError
from urllib.request import urlopen
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.urls import reverse
from pybtex.database import parse_string

from apps.core.dates import PartialDate
from apps.organizations.models import Membership
from apps.relations.models import Tie
from apps.relations.views_analysts import LANGUAGES, PARTS
from apps.states.models import State
from apps.visits.models import Visit
from tests.factories import organization, passage, source, state, subject

DAY = PartialDate.parse("2012-07-01").earliest


def examples(page):
    """{(part, language): program} as a reader would copy them."""
    found = re.findall(
        r'data-example="relations/examples/(\w+)\.(\w+)\.txt"><code>(.*?)</code></pre>', page, re.S
    )
    return {(part, language): unescape(program) for part, language, program in found}


@pytest.fixture
def page(client, db):
    state("KAZ", name_en="Kazakhstan")
    response = client.get("/about/analysts/")
    assert response.status_code == 200
    return response.content.decode()


def test_it_has_every_example(page):
    wanted = {(part.id, language) for part in PARTS for language in part.languages}
    assert set(examples(page)) == wanted
    assert {language for _part, language in wanted} == set(LANGUAGES)
    for program in examples(page).values():
        assert "{{" not in program and "&amp;" not in program


def test_examples_have_the_address_of_the_site(client, page):
    with_address = [program for program in examples(page).values() if "://" in program]
    assert len(with_address) > 5
    for program in with_address:
        assert set(re.findall(r"https?://[^/'\"]*", program)) == {"http://testserver"}
    other = client.get("/about/analysts/", secure=True, SERVER_NAME="localhost").content.decode()
    assert "https://localhost/api/v1/visits/" in other and "testserver" not in other.partition("<main")[2]


def test_python_that_is_not_run_here_can_be_read(page):
    for (_part, language), program in examples(page).items():
        if language in ("py", "pandas", "networkx"):
            ast.parse(program)


def test_its_links_work(client, page):
    state("CHN")
    organization(slug="sco")
    subject(slug="borders")
    passage(anchor="bilateral-8", source=source(slug="akiner-kazakhstans-evolving-foreign-policy"))
    main = page.partition("<main")[2].partition("</main>")[0]
    for address in set(re.findall(r'href="(/[^"#]*)', main)):
        assert client.get(unescape(address)).status_code == 200, address
    for anchor in set(re.findall(r'href="#([^"]+)"', main)):
        assert main.count(f'id="{anchor}"') == 1, anchor


def test_other_pages_lead_to_it(client, page):
    link = f'href="{reverse("analysts")}"'
    assert link in client.get("/about/").content.decode().partition("<main")[2].partition("</main>")[0]
    assert link in client.get("/sources/").content.decode().partition("<footer")[2]
    assert "/about/analysts/" in client.get("/sitemap-pages.xml").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.exhaustive
class TestOnALiveServer:
    @pytest.fixture
    def site(self, live_server):
        call_command("seed", verbosity=0)
        return live_server.url

    @pytest.fixture
    def programs(self, site):
        with urlopen(f"{site}/about/analysts/") as answer:
            return examples(answer.read().decode())

    def test_python(self, site, programs):
        def lines(part):
            """What the example prints, each line split at its tabs; it builds on the first."""
            first = programs["visits", "py"] if part != "visits" else ""
            run = subprocess.run(
                [sys.executable, "-W", "error", "-X", "utf8"],
                input=f"{first}\nprint('----')\n{programs[part, 'py']}",
                capture_output=True,
                text=True,
            )
            assert run.returncode == 0, run.stderr
            return [line.split("\t") for line in run.stdout.split("----\n")[1].splitlines()]

        assert sorted(lines("visits")) == sorted(visits())
        assert sorted(lines("memberships")) == sorted(members())
        assert len(lines("timeline")) == entries() > 20
        most = [int(number) for number, _name in lines("graph")]
        assert len(most) == 5 and most == sorted(most, reverse=True) and most[-1] > 1
        ((cited,),) = lines("citing")
        assert cited.startswith("kzforeign, “Visits: state China, other state Kazakhstan”, revision r")
        if has_csv(site):
            assert lines("table")[0][0].startswith(f"{of_china()} visits, each with ")

    def test_python_follows_the_pages(self, programs):
        small = programs["visits", "py"].replace("limit=200", "limit=2")
        run = subprocess.run([sys.executable, "-c", small], capture_output=True, text=True, check=True)
        assert sorted(line.split("\t") for line in run.stdout.splitlines()) == sorted(visits())

    @pytest.mark.skipif(not shutil.which("curl"), reason="no curl was found")
    def test_curl(self, site, programs, tmp_path):
        def run(part, **changes):
            program = programs[part, "sh"]
            for old, new in changes.items():
                program = program.replace(old, new)
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", program], cwd=tmp_path, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stderr
            return done.stdout

        run("visits")
        pages = [json.loads(path.read_text()) for path in tmp_path.glob("visits-*.json")]
        assert [len(page["results"]) for page in pages] == [len(visits())]
        run("visits", **{"limit=200": "limit=2"})
        pages = [json.loads(path.read_text()) for path in tmp_path.glob("visits-*.json")]
        assert len(pages) == (len(visits()) + 1) // 2 > 2
        slugs = {row["slug"] for page in pages for row in page["results"]}
        assert len(slugs) == len(visits())
        found = json.loads(run("memberships"))["results"]
        assert sorted([row["holds"], row["member"]["name"], row["status"]] for row in found) == sorted(
            members()
        )
        assert 0 < json.loads(run("timeline"))["count"] < entries()
        run("graph")
        for name in ("memberships.graphml", "memberships.gexf"):
            edges = ElementTree.parse(tmp_path / name).iterfind(".//{*}edge")
            assert len(list(edges)) == memberships() > 20
        (entry,) = parse_string(run("citing"), "bibtex").entries.values()
        assert entry.fields["url"] == f"{site}/visits/?state=CHN&counterpart=KAZ"
        if has_csv(site):
            run("table")
            text = (tmp_path / "visits.csv").read_text(encoding="utf-8-sig")
            assert len(text.splitlines()) == of_china() + 1


def visits():
    """[date, visitor, host] of each, as the examples print them."""
    china, focus = State.objects.get(code="CHN"), State.objects.focus()
    rows = Visit.objects.published().linking(china, focus).select_related("visitor", "host")
    assert len(rows) > 5
    return [[str(row.date) or "not recorded", str(row.visitor), str(row.host)] for row in rows]


def of_china():
    return Visit.objects.published().concerning(State.objects.get(code="CHN")).count()


def members():
    """[certain or possible, member, status] of each on the day that the examples ask for."""
    rows = Membership.objects.published().filter(organization__slug="sco").as_of(DAY).for_title()
    found = [[row.holds, str(row.member), row.standing] for row in rows]
    assert {row[0] for row in found} == {"certain", "possible"}
    return found


def memberships():
    """How many states have on the day that the examples ask for."""
    return Membership.objects.published().filter(member_state__isnull=False).as_of(DAY).count()


def entries():
    """How many tie the two states."""
    return Tie.objects.in_time().linking(State.objects.get(code="CHN"), State.objects.focus(), None).count()


def has_csv(site):
    """Whether the lists of this version can be had as CSV."""
    try:
        urlopen(f"{site}/api/v1/visits/?state=CHN&format=csv").close()
    except HTTPError as error:
        assert error.code == 400
        return False
    return True
