"""Every message of the site is translated, and says what it translates; nothing that curators see stays English."""

import os
import shutil
import subprocess
import sys
from gettext import GNUTranslations

import pytest
from babel.messages.catalog import Message
from django.conf import settings

from apps.core import catalogs, catalogs_of_packages

HAS_GETTEXT = all(map(shutil.which, ["xgettext", "msgmerge", "msguniq", "msgattrib"]))
# Set where the tests that need gettext must not be left out.
REQUIRE_GETTEXT = bool(os.environ.get("REQUIRE_GETTEXT"))
FORMS = {"kk": 2, "ru": 3}
PATHS = catalogs.all_paths()


def named(path):
    return str(path.relative_to(settings.BASE_DIR / "kzforeign"))


def told(message):
    text = catalogs_of_packages.first_id(message)
    return f"{message.context}: {text}" if message.context else text


def test_each_language_has_its_catalogs():
    assert {path.parent.parent.name for path in PATHS} == set(catalogs.LANGUAGES) == set(FORMS)


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_every_message_is_translated_and_says_as_much(path):
    """`make messages` brings the catalogs in step with the source; what is wrong is listed as "message: faults"."""
    catalog = catalogs.read(path)
    language = path.parent.parent.name
    found = {told(m): catalogs.faults(m, FORMS[language]) for m in catalogs.messages(catalog).values()}
    wrong = [f"{text}: {'; '.join(faults)}" for text, faults in found.items() if faults]
    assert not wrong, f"{len(wrong)} of {len(found)} messages:\n" + "\n".join(wrong)


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_compiled_catalog_says_what_its_source_says(path):
    """`manage.py compilemessages` compiles them."""
    with path.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)._catalog
    expected = {}
    for message in catalogs.messages(catalogs.read(path)).values():
        if not catalogs.is_missing(message):
            key = told_to_machines(message)
            texts = catalogs.translations(message)
            expected |= (
                {(key, place): text for place, text in enumerate(texts)}
                if message.pluralizable
                else {key: texts[0]}
            )
    compiled.pop("")
    assert compiled == expected


def told_to_machines(message):
    text = catalogs_of_packages.first_id(message)
    return f"{message.context}\x04{text}" if message.context else text


@pytest.mark.parametrize(
    ("said", "string", "faults"),
    [
        ("All of it", "Всё", []),
        ("All of it", "", ["not translated"]),
        ("%(day)s or later", "%(day)s или позже", []),
        ("%(day)s or later", "%(date)s или позже", ["without %(day)s", "with %(date)s, which is not in it"]),
        ("%(day)s or later", "или позже", ["without %(day)s"]),
        ("%d rows", "строк: %s", ["without %d", "with %s, which is not in it"]),
        ("{name} is new", "новое: {name}", []),
        ("{name} is new", "новое: {имя}", ["without {name}", "with {имя}, which is not in it"]),
        ("<b>All</b> of it", "<b>Всё</b>", []),
        ("<b>All</b> of it", "<b>Всё<b>", ["without </b>", "with <b>, which is not in it"]),
        ("an API", "для API", []),
        ("a source", "иcточник", ["two alphabets in иcточник"]),
        ("%(day)s", "на %(day)sдень", []),
        (" or ", " или ", []),
        (" or ", "или", ["begins or ends with other blanks"]),
        ("written %2B", "пишется %2B", []),
        (("%(n)d row", "%(n)d rows"), ("%(n)d строка", "%(n)d строки", "%(n)d строк"), []),
        (("%(n)d row", "%(n)d rows"), ("%(n)d строка", "%(n)d строк"), ["2 plural forms instead of 3"]),
        (("%(n)d row", "%(n)d rows"), ("%(n)d строка", "%(n)d строки", ""), ["not translated"]),
    ],
)  # fmt: skip
def test_faults_of_a_translation_are_found(said, string, faults):
    message = Message(said, string)
    if message.python_format:
        message.flags.add("python-format")
    assert sorted(catalogs.faults(message, forms=3)) == sorted(faults)


def test_a_guess_is_a_fault():
    assert catalogs.faults(Message("All of it", "Всё", flags=["fuzzy"]), forms=3) == ["fuzzy"]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """A copy of the source with its catalogs just brought in step with it."""
    if not HAS_GETTEXT:
        if REQUIRE_GETTEXT:
            pytest.fail("GNU gettext is required, but was not found (Debian: apt-get install gettext)")
        pytest.skip("GNU gettext was not found (Debian: apt-get install gettext)")
    copy = tmp_path_factory.mktemp("source")
    for name in ("apps", "kzforeign", "templates"):
        shutil.copytree(
            settings.BASE_DIR / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "static")
        )
    shutil.copy(settings.BASE_DIR / "manage.py", copy)
    command = [sys.executable, "manage.py", "makemessages", "--verbosity", "0"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr.strip(), done.stderr
    return copy


@pytest.mark.exhaustive
def test_catalog_has_every_message_of_the_source_and_no_other(extracted, subtests):
    """Of our own source and of the packages. `make messages` mends it."""
    for path in PATHS:
        with subtests.test(path=path):
            kept = catalogs.messages(catalogs.read(path)).keys()
            there = catalogs.messages(catalogs.read(extracted / path.relative_to(settings.BASE_DIR))).keys()
            assert [key for key in there if key not in kept] == []
            assert [key for key in kept if key not in there] == []
