"""Making a release: of one revision, once, and whole or not at all."""

import json
import shutil
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from apps.core.lookups import Lookups
from apps.core.models import Entry, Revision
from apps.core.releases import releases
from apps.relations import release as making
from apps.relations.data_examples import AS_OF
from kzforeign.api import ROUTES
from tests import factories
from tests.core.world import world
from tests.relations.released import asked, lines, released, unpacked

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(tmp_path, settings):
    settings.RELEASES_ROOT = tmp_path / "releases"
    settings.SITE_ADDRESS = "http://testserver"
    return settings.RELEASES_ROOT


def test_it_is_named_after_the_revision(root, capsys):
    factories.visit()
    revision = Revision.objects.current()
    made = released(verbosity=1)
    assert (made.revision, made.date) == (str(revision), revision.changed_at)
    assert made.address == "http://testserver"
    names = [f"kzforeign-{revision}{end}" for end in ("-csv.zip", ".sqlite3", "-jsonl.zip")]
    assert [file.name for file in made.files] == names
    assert {file.name for file in (root / str(revision)).iterdir()} == {*names, "SHA256SUMS", "release.json"}
    for file in made.files:
        content = made.path(file.name).read_bytes()
        assert (file.size, file.sha256) == (len(content), sha256(content).hexdigest())
    said = capsys.readouterr().out
    assert str(root / str(revision)) in said and all(name in said for name in names)


def test_the_same_revision_gives_the_same_bytes(root):
    factories.visit()
    number = Revision.objects.current().number
    first = released()
    before = {name: first.path(name).read_bytes() for name in first.names}
    shutil.rmtree(root)
    again = released()
    assert {name: again.path(name).read_bytes() for name in again.names} == before
    factories.visit()
    assert released().number > number and len(releases()) == 2


def test_of_an_empty_database_there_is_none(root):
    with pytest.raises(CommandError, match="^Nothing was changed. The database is empty"):
        call_command("release")
    assert not root.exists()


def test_with_nothing_published_there_is_one_without_rows():
    world(status="draft")
    made = released()
    entries = [viewset.model for viewset in ROUTES.values() if issubclass(viewset.model, Entry)]
    assert [lines(made)[model._meta.model_name] for model in entries] == [[]] * len(entries)
    assert asked(made, "SELECT count(*) FROM visit") == [(0,)]


def test_a_revision_is_released_once():
    factories.visit()
    made = released()
    before = made.path("SHA256SUMS").read_bytes()
    with pytest.raises(CommandError, match=f"^Nothing was changed. {made.revision} is released already, in "):
        call_command("release")
    assert releases() == [made] and made.path("SHA256SUMS").read_bytes() == before


@pytest.mark.parametrize(
    "step",
    [
        *(
            pytest.param(step, marks=pytest.mark.exhaustive)
            for step in ("export", "write_database", "write_details")
        ),
        *("zip_files", "describe"),
    ],
)
def test_what_fails_half_way_leaves_no_release(root, monkeypatch, step):
    factories.visit()
    work = getattr(making, step)

    def failing(*args, **kwargs):
        work(*args, **kwargs)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(making, step, failing)
        with pytest.raises(CommandError, match="nothing was changed. .*No space left on device"):
            call_command("release")
    assert [*root.iterdir()] == [] and releases() == []
    assert released()


def test_tables_that_do_not_hold_together_are_not_released(root, monkeypatch):
    factories.visit()
    monkeypatch.setattr(Lookups, "texts", lambda self, model, pks: ["none" for _pk in pks])
    with pytest.raises(
        CommandError, match="^Nothing was changed. .* refers to a row of .* that is not there.$"
    ):
        call_command("release")
    assert [*root.iterdir()] == []


def test_the_address_of_the_site_is_needed(settings, root):
    settings.SITE_ADDRESS = ""
    with pytest.raises(CommandError, match="^Set the environment variable SITE_ADDRESS"):
        call_command("release")
    assert not root.exists()


def test_a_directory_that_cannot_be_written_is_named(settings, tmp_path):
    factories.visit()
    settings.RELEASES_ROOT = tmp_path / "file"
    settings.RELEASES_ROOT.write_text("")
    with pytest.raises(CommandError, match="could not be written, and nothing was changed. .*/file"):
        call_command("release")


def test_whoever_wrote_is_in_no_file(django_user_model):
    curator = django_user_model.objects.create_user("CANARY", email="CANARY@site.example")
    row = factories.visit(created_by=curator, updated_by=curator)
    row._history_user, row._change_reason = curator, "CANARY"
    row.save()
    assert not [name for name, content in unpacked(released()).items() if b"CANARY" in content]


def test_lines_are_in_english_whoever_asks():
    factories.person(name_en="Name", name_kk="Ат")
    with translation.override("kk"):
        (line,) = lines(released())["person"]
    assert json.loads(line)["name"] == "Name"


def test_the_example_answers_as_the_api_does(client):
    sco = factories.organization(slug="sco")
    for number, start in enumerate(["1996", "2012", "2012-07-01", "2013", "", "[..2012-08]"]):
        factories.membership(organization=sco, start=start, end=".." if number % 2 else "", attested="")
    answer = client.get("/api/v1/memberships/?organization=sco&as_of=2012-07-01").json()["results"]
    expected = {(row["member"]["code"], row["status"], row["holds"]) for row in answer}
    assert {*asked(released(), AS_OF)} == expected
    assert {holds for _code, _status, holds in expected} == {"certain", "possible"}
