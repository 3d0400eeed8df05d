"""Where releases are kept: whole or not at all, and once for a revision."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from apps.core.models import Revision
from apps.core.releases import (
    NotReleased,
    Release,
    ReleasedFile,
    describe,
    release_of,
    releases,
    releasing,
)

DATE = datetime(2026, 5, 3, 10, 20, 30, 123456, UTC)


def revision(number, date=DATE):
    return Revision(number=number, changed_at=date)


@pytest.fixture
def root(tmp_path, settings):
    settings.RELEASES_ROOT = tmp_path / "releases"
    return tmp_path / "releases"


def make(number, content=b"content", date=DATE):
    with releasing(revision(number, date)) as directory:
        (directory / "data.zip").write_bytes(content)
        file = ReleasedFile.of(directory / "data.zip", {"visits": 3})
        release = Release(f"r{number}", date, "https://site.example", [file])
        describe(directory, release)
    return release


def test_there_is_none_where_there_is_no_directory(root):
    assert releases() == []
    assert release_of("r1") is None


def test_a_release_is_read_as_it_was_made(root):
    made = make(12)
    assert releases() == [made] and release_of("r12") == made
    assert {path.name for path in root.iterdir()} == {"r12"}
    assert (
        {path.name for path in (root / "r12").iterdir()}
        == {"data.zip", "release.json", "SHA256SUMS"}
        == {*made.names}
    )
    assert json.loads((root / "r12" / "release.json").read_text()) == {
        "revision": "r12",
        "date": "2026-05-03T10:20:30.123456+00:00",
        "address": "https://site.example",
        "files": [
            {"name": "data.zip", "size": 7, "sha256": sha256(b"content").hexdigest(), "rows": {"visits": 3}}
        ],
    }


def test_checksums_are_those_that_sha256sum_finds(root):
    made = make(12)
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=root / "r12", capture_output=True, text=True
    )
    assert checked.stdout == "data.zip: OK\nrelease.json: OK\n"
    for name in made.names:
        assert made.checksum(name) == sha256(made.path(name).read_bytes()).hexdigest()


def test_the_latest_is_that_of_the_highest_number(root):
    for number in (9, 100, 10):
        make(number)
    assert [release.revision for release in releases()] == ["r100", "r10", "r9"]


def test_a_release_is_there_only_once_it_is_whole(root):
    with releasing(revision(1)) as directory:
        (directory / "data.zip").write_bytes(b"content")
        assert releases() == [] and release_of("r1") is None and not (root / "r1").exists()
    assert (root / "r1").is_dir()


def test_others_than_the_maker_may_read_it(root):
    before = os.umask(0o022)
    try:
        make(1)
    finally:
        os.umask(before)
    assert (root / "r1").stat().st_mode & 0o777 == 0o755
    assert (root / "r1" / "data.zip").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("error", [RuntimeError, OSError, BlockingIOError, KeyboardInterrupt])
def test_what_fails_half_way_leaves_nothing(root, error):
    make(1)
    with pytest.raises(error), releasing(revision(2)) as directory:
        (directory / "data.zip").write_bytes(b"half")
        raise error
    assert {path.name for path in root.iterdir()} == {"r1"}
    make(2)


@pytest.mark.exhaustive
def test_what_a_killed_process_left_is_cleared_away(root):
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    run(root, f"(directory / 'data.zip').write_bytes(b'half'); {kill}")
    assert {path.name for path in root.iterdir()} == {".unfinished"} and releases() == []
    make(1)
    assert {path.name for path in root.iterdir()} == {"r1"}


def run(root, within):
    """Another process that makes r1, with the code `within` in between."""
    code = f"""
import django
django.setup()
from apps.core.models import Revision
from apps.core.releases import releasing
with releasing(Revision(number=1)) as directory:
    {within}
"""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "kzforeign.settings",
        "RELEASES_ROOT": str(root),
        "DEBUG": "1",
    }
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


def test_two_at_once_are_one_and_a_sentence(root):
    with releasing(revision(1)) as directory:
        (directory / "data.zip").write_bytes(b"content")
        with pytest.raises(
            NotReleased, match="^Another process is making a release in .* now. Wait for it.$"
        ):
            make(2)
        other = run(root, "pass")
        assert "NotReleased: Another process is making a release" in other.stderr
        assert [path.name for path in directory.iterdir()] == ["data.zip"]
    assert {path.name for path in root.iterdir()} == {"r1"}


def test_a_revision_is_released_once(root):
    made = make(1)
    with pytest.raises(
        NotReleased, match="^r1 is released already, in .*/r1. The next release can be made once"
    ):
        make(1, b"other")
    assert releases() == [made] and made.path("data.zip").read_bytes() == b"content"
    assert {path.name for path in root.iterdir()} == {"r1"}


def test_the_same_number_of_another_database_is_told_apart(root):
    made = make(1)
    with pytest.raises(
        NotReleased, match="is a release of another database, or of this one before it was begun anew"
    ):
        make(1, b"other", DATE.replace(year=2027))
    assert releases() == [made] and made.path("data.zip").read_bytes() == b"content"
    assert made.holds(revision(1)) and not made.holds(revision(1, DATE.replace(year=2027)))
    assert not made.holds(revision(2))


def test_what_is_no_release_is_not_taken_for_one_and_not_touched(root):
    for name in ("r1", "r2", "r03", "r-4", "r5x", "notes", "r" + "9" * 30):
        (root / name).mkdir(parents=True)
    (root / "r2" / "release.json").write_text("{}")
    (root / "r6").write_text("a file")
    assert releases() == []
    for number in (1, 2, 6):
        with pytest.raises(NotReleased, match=f"/r{number} is in the way: it is no release. Move it away.$"):
            make(number)
    assert (root / "r6").read_text() == "a file"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '{"files": 1}',
        '{"revision": "r2", "date": "x", "address": "", "files": []}',
        b"\xff",
    ],
)
def test_a_description_that_cannot_be_read_is_that_of_no_release(root, text):
    path = make(1).path("release.json")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert releases() == [] and release_of("r1") is None


def test_a_release_is_found_under_its_own_name_alone(root):
    made = make(1)
    (root / "r1").rename(root / "r2")
    assert releases() == [] and release_of("r2") is None
    describe(root / "r2", replace(made, revision="r2"))
    assert [release.revision for release in releases()] == ["r2"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "r1/../r1", "r1/", "/etc", "R1", "r1\n", "r٣", "r0", "r01", "\0"]
)
def test_no_other_name_leads_to_a_release(root, name):
    make(1)
    assert release_of(name) is None
