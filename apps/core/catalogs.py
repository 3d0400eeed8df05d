"""The catalogs of messages: where they lie, what is in them, and what is wrong with them.

GNU gettext finds the messages in the source (`make messages`), Babel reads and compiles the catalogs: who merely runs
the site needs the compiled ones, which are kept beside the others, and no gettext.
"""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
# Ours, and that of what Django and other packages leave in English.
OWN, OF_PACKAGES = map(Path, settings.LOCALE_PATHS)

# As GNU gettext has them; Django's Russian has a fourth form, for fractions, which nobody counts here.
PLURALS = {
    "kk": "nplurals=2; plural=(n != 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
}
# What a translation has to repeat as it is: "%(name)s", "%s", "%%", "{name}", tags, entities.
KEPT = re.compile(r"%\(\w+\)[sdrf]|%[sdrf%]|\{\w*\}|</?[a-z][^>]*>|&\w+;")
# A word with letters of two alphabets: one that looks alike was typed for another.
MIXED = re.compile(r"\b(?=\w*[A-Za-z])\w*[Ѐ-ӿ]\w*")
BLANKS = re.compile(r"^(\s*).*?(\s*)$", re.DOTALL)


def path_of(root, language, domain="django"):
    """The file of a catalog: `.../ru/LC_MESSAGES/django.po`. Its compiled twin lies beside it."""
    return Path(root) / language / "LC_MESSAGES" / f"{domain}.po"


def all_paths():
    """Every catalog that is kept here."""
    return sorted(path for root in (OWN, OF_PACKAGES) for path in root.glob("*/LC_MESSAGES/*.po"))


def read(path):
    """The babel.messages.Catalog of a file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def head(language):
    """That of a catalog, which says nothing that changes."""
    fields = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    return f'msgid ""\nmsgstr ""\n{lines}\n'


def messages(catalog):
    """{(context, id, or ids of singular and plural): message} without the head."""
    return {(message.context, message.id): message for message in catalog if message.id}


def compile_one(path):
    """Writes the compiled twin of a catalog, the same bytes whenever it is done. What it lacks stays English."""
    catalog = read(path)
    for message in [message for message in catalog if message.id and is_missing(message)]:
        catalog.delete(message.id, message.context)  # Babel would have a plural say nothing.
    catalog.creation_date = catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def compile_all():
    for path in all_paths():
        compile_one(path)


def translations(message):
    """Its translations: one, or one for each plural form."""
    return message.string if message.pluralizable else (message.string,)


def is_missing(message):
    return not message.string or not all(translations(message))


def faults(message, forms):
    """What is wrong with a translation, in words; `forms` is how many plural forms the language has."""
    if is_missing(message):
        return ["not translated"]
    found = ["fuzzy"] if message.fuzzy else []
    texts = translations(message)
    if message.pluralizable and len(texts) != forms:
        found.append(f"{len(texts)} plural forms instead of {forms}")
    ids = message.id if message.pluralizable else (message.id,)
    for place, text in enumerate(texts):
        # Where a language has more forms than English, that of one is also that of 21, and needs the number.
        said = ids[place] if len(ids) == len(texts) else ids[-1]
        found += differences(said, text, python_format=message.python_format)
    return list(dict.fromkeys(found))


def differences(said, text, *, python_format):
    """How a translation differs from what it translates in what has to be the same."""
    found = []
    wanted, given = kept(said, python_format), kept(text, python_format)
    if wanted != given:
        lost, strange = wanted - given, given - wanted
        found += [f"without {word}" for word in lost] + [
            f"with {word}, which is not in it" for word in strange
        ]
    if BLANKS.match(said).groups() != BLANKS.match(text).groups():
        found.append("begins or ends with other blanks")
    return found + [f"two alphabets in {word}" for word in MIXED.findall(KEPT.sub(" ", text))]


def kept(text, python_format):
    """How often a text has each of what is to be repeated. A "%" is one only where the text is filled in by it."""
    return Counter(word for word in KEPT.findall(text) if python_format or not word.startswith("%"))
