"""What Django and the packages that show themselves in the admin leave in English, for us to translate.

Django ships the catalog of each of its parts in English beside the others, which tells what there is to translate. A
package that does not is known by what its catalogs in other languages have.
"""

import io
import re
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from apps.core import catalogs

PACKAGES = (
    "django.conf",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "simple_history",
)
DOMAINS = ("django", "djangojs")
# Seen only with DEBUG, or nowhere on this site.
UNSEEN = re.compile(
    r"DEBUG=True|docs\.djangoproject|Django (Documentation|Community)|Polling App|install worked|how-to’s"
    r"|^Get started with Django$|^Connect, get help"
)


def left_in_english(language, domain):
    """{key: message} of what the packages say in English, as `catalogs.messages` has it."""
    left = {}
    for package in PACKAGES:
        root = Path(find_spec(package).origin).parent / "locale"
        translated = read(root / language / "LC_MESSAGES" / f"{domain}.po")
        for key, message in in_english(root, domain).items():
            known = translated.get(key)
            if known is None or known.fuzzy or catalogs.is_missing(known):
                left[key] = message
    return {key: message for key, message in left.items() if not UNSEEN.search(str(first_id(message)))}


def first_id(message):
    return message.id[0] if message.pluralizable else message.id


def in_english(root, domain):
    english = root / "en" / "LC_MESSAGES" / f"{domain}.po"
    paths = [english] if english.exists() else sorted(root.glob(f"*/LC_MESSAGES/{domain}.po"))
    found = {}
    for path in paths:
        found |= read(path)
    return found


def read(path):
    """The messages of a package's catalog, whose head Babel might not understand; none where there is no catalog."""
    if not path.exists():
        return {}
    head, _blank, rest = path.read_text(encoding="utf-8").partition("\n\n")
    forms = re.search(r'^"Plural-Forms: [^"]*(?:"\n"[^"]*)*"$', head, re.MULTILINE)
    kept = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n' + (forms[0] if forms else "")
    return catalogs.messages(read_po(io.BytesIO(f"{kept}\n\n{rest}".encode())))


def update(language, domain):
    """Writes what is left in English into our catalog, with the translations that it has already."""
    path = catalogs.path_of(catalogs.OF_PACKAGES, language, domain)
    left = left_in_english(language, domain)
    if not left and not path.exists():
        return
    done = catalogs.messages(catalogs.read(path)) if path.exists() else {}
    catalog = Catalog(locale=language, charset="utf-8")
    for key, message in left.items():
        string = done[key].string if key in done else ()
        catalog.add(message.id, string, context=message.context, flags=message.flags - {"fuzzy"})
    file = io.BytesIO()
    write_po(file, catalog, sort_output=True, omit_header=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(catalogs.head(language) + file.getvalue().decode())
