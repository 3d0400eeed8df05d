"""How the project is laid out, and what imports what."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MODULES = [path for path in sorted((ROOT / "apps").rglob("*.py")) if "migrations" not in path.parts]
TOP_LEVEL = {
    *("manage.py", "kzforeign", "apps", "templates", "fixtures", "tests"),
    *("requirements.txt", "requirements-dev.txt", "README.md", "Makefile", "pyproject.toml"),
}


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_top_level_is_as_agreed():
    """Beside files whose names begin with a dot, and what git ignores (a database, collected static files)."""
    try:
        listed = git("ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git repository")
    found = {name.split("/")[0] for name in listed if (ROOT / name).exists()}
    assert {name for name in found if not name.startswith(".")} == TOP_LEVEL


def test_no_file_holds_the_marks_of_a_merge_that_was_never_finished():
    """Nothing else reads the style sheets, in which a browser passes over them and over the rules that follow."""
    try:
        listed = git("ls-files", "-z", "--", ":!*.png").split("\0")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git repository")
    marks = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)
    assert [
        name for name in listed if (ROOT / name).is_file() and marks.search((ROOT / name).read_bytes())
    ] == []


def test_each_app_imports_only_from_those_below_it():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_modules_are_short_and_named_for_what_they_hold():
    for path in MODULES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
        assert not {"utils", "util", "helpers", "helper", "misc", "common"} & {path.stem, *path.parts}, path


def test_functions_are_short():
    lengths = [
        (node.end_lineno - node.lineno + 1, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    assert [found for found in sorted(lengths) if found[0] > 40] == []
    assert sorted(lengths)[len(lengths) // 2][0] < 10


def test_no_module_lies_unused():
    """Every module is imported by another, or is one that Django looks for by its name."""
    known = {"apps", "models", "admin", "urls", "urls_files", "__init__"}
    imported = set()
    for path in [*MODULES, *sorted((ROOT / "kzforeign").glob("*.py"))]:
        imported |= imports(path)
    named = (ROOT / "kzforeign" / "settings.py").read_text(encoding="utf-8")
    for path in MODULES:
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found_by_name = path.stem in known or {"commands", "management", "templatetags"} & set(path.parts)
        # Of a database's backend the settings name the package.
        assert found_by_name or name in imported or name.removesuffix(".base") in named, name


@cache
def nodes(path):
    """Of the module's syntax tree."""
    return [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


@cache
def imports(path):
    """Names of modules that the module imports, `from a import b` counting as both a and a.b."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_the_test_oracle_is_for_tests_only():
    assert not [path for path in MODULES if any(name.split(".")[0] == "edtf" for name in imports(path))]


def test_requirements_are_pinned_and_each_has_a_reason():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.fullmatch(r"[a-z0-9-]+(\[[a-z,]+\])?==[0-9.]+ +# .+", line), line


def test_readme_tells_a_newcomer_how_to_begin():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in text
    assert "make test" in text
