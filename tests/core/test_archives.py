import os
from datetime import UTC, datetime
from zipfile import ZipFile

from apps.core.archives import zip_files

TIME = datetime(2026, 5, 3, 10, 20, 30, tzinfo=UTC)


def directory(path, names):
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(name.encode() * 1000)
    return path


def test_an_archive_holds_the_files_in_order_and_of_one_time(tmp_path):
    zip_files(directory(tmp_path / "a", ["b.csv", "a.csv", "c/d.csv"]), tmp_path / "a.zip", TIME)
    with ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.csv", "b.csv", "c/d.csv"]
        assert {member.date_time for member in archive.infolist()} == {(2026, 5, 3, 10, 20, 30)}
        assert archive.read("c/d.csv") == b"c/d.csv" * 1000
    assert (tmp_path / "a.zip").stat().st_size < 2000


def test_the_same_files_make_the_same_bytes(tmp_path):
    one = directory(tmp_path / "one", ["b.csv", "a.csv"])
    other = directory(tmp_path / "other", ["a.csv", "b.csv"])
    for path in other.iterdir():
        os.utime(path, (0, 10**9))
        path.chmod(0o600)
    zip_files(one, tmp_path / "one.zip", TIME)
    zip_files(other, tmp_path / "other.zip", TIME)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()


def test_times_before_there_were_archives_are_the_first(tmp_path):
    zip_files(directory(tmp_path / "a", ["a.csv"]), tmp_path / "a.zip", datetime(1, 1, 1, tzinfo=UTC))
    assert ZipFile(tmp_path / "a.zip").getinfo("a.csv").date_time == (1980, 1, 1, 0, 0, 0)
