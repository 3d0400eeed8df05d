"""What is installed: the lock files name what requirements*.txt ask for, and nothing that could be another file."""

import re
import subprocess
import sys

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
LOCKS = ROOT / "kzforeign" / "locks"
ASKED = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", re.MULTILINE)
LOCKED = re.compile(r"^([\w.-]+)==(\S+)([^\n]*)((?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)", re.MULTILINE)


def locked(name):
    return {found[1]: found[2] for found in LOCKED.finditer((LOCKS / name).read_text())}


def asked(name):
    return {normal(found[1]): found[2] for found in ASKED.finditer((ROOT / name).read_text())}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_lock_names_what_is_asked_for(name):
    wanted, there = asked(f"{name}.txt"), locked(f"{name}.lock")

    assert wanted and {package: there.get(package) for package in wanted} == wanted, "Run `make lock`."


def test_lock_of_production_is_part_of_that_of_development():
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items(), "Run `make lock`."


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_has_a_hash_of_everything_and_names_no_host(name):
    text = (LOCKS / name).read_text()

    assert len(locked(name)) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))
    assert not re.search(r"://|^-", text, re.MULTILINE)


def vulnerabilities(lock, answer, monkeypatch, capsys):
    """What `make vulnerabilities` prints and ends with where pip-audit answers so."""
    monkeypatch.syspath_prepend(ROOT / ".ci")
    import vulnerabilities

    def run(command, **kwargs):
        return subprocess.CompletedProcess(command, 1, *answer)

    monkeypatch.setattr(vulnerabilities.subprocess, "run", run)
    status = vulnerabilities.main(lock, "pypi")
    told = capsys.readouterr()
    return status, told.out + told.err


CLEAN = '{"name": "django", "version": "5.2.19", "vulns": []}'
FAULTY = '{"name": "orjson", "version": "1", "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2"]}]}'
UNASKED = '{"name": "segno", "skip_reason": "Dependency not found on PyPI"}'


@pytest.mark.parametrize(
    ("packages", "error", "status", "said"),
    [
        ([CLEAN], "", 0, "None of the 1 packages of x.lock has a known vulnerability (pypi.org)."),
        ([CLEAN, FAULTY], "", 1, "orjson 1: PYSEC-1, CVE-1; mended in 2"),
        ([CLEAN, UNASKED], "", 2, "NOT known"),
        ([], "", 2, "NOT known"),
        (
            None,
            "Traceback\nProxyError: http://me:secret@proxy:9 is away",
            2,
            "ProxyError: http://proxy:9 is away",
        ),
    ],
)
def test_vulnerabilities_are_told_from_what_is_not_known(packages, error, status, said, monkeypatch, capsys):
    answer = "" if packages is None else f'{{"dependencies": [{", ".join(packages)}]}}'

    ended, text = vulnerabilities("x.lock", (answer, error), monkeypatch, capsys)

    assert ended == status
    assert said in text


def test_service_of_vulnerabilities_is_one_of_two():
    program = [sys.executable, ROOT / ".ci" / "vulnerabilities.py", "x.lock", "other"]

    ended = subprocess.run(program, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (2, "SERVICE is pypi or osv, not other.\n")
