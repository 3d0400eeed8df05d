"""What holds for the sources of all templates: every text is marked for translation, every link keeps the day."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR, "templates")
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
# Names, and what is the same in every language.
NO_WORDS = {
    "kzforeign",
    "ISO 3166, UN M49",
    "SHA-256",
    "SHA256SUMS",
    "release.json",
    "UTC",
    "csv",
    "CSV",
    "JSON",
}
# By template: what looks like text and is none.
NO_TEXT = {
    "admin/index.html": {"colM with-desk"},  # Names of classes.
    "_components/timeline.html": {"undated"},  # Part of an identifier.
    "_components/english_mark.html": {"en"},  # The code of a language.
    "relations/balance_concentration.html": {"H", "N", "n", "s", "²", "² +", "² + … +"},  # A formula.
}
SHOWN = {"title", "aria-label", "placeholder", "alt", "data-label", "data-column"}

COMMENT = re.compile(r"\{#.*?#\}|\{% comment.*?%\}.*?\{% endcomment %\}", re.S)
TRANSLATED = re.compile(
    r"\{% blocktranslate\b.*?%\}.*?\{% endblocktranslate %\}|\{% translate\b.*?%\}|_\([\"'].*?[\"']\)", re.S
)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S)
VARIABLE_ELEMENT = re.compile(r"(</?)\{\{.*?\}\}")
# Within a tag, what is said where something is missing, and what is of more than one word.
SAID = re.compile(r"""(?P<missing>default:)?(["'])(?P<words>.*?)\2""")
LINK = re.compile(r"\{% url [^%]*%\}|\{\{[^}]*get_absolute_url[^}]*\}\}")


def source_of(name):
    return COMMENT.sub("", (TEMPLATES / name).read_text())


class Texts(HTMLParser):
    """The texts of a page that a reader sees or hears, code left out."""

    def __init__(self, page):
        super().__init__()
        self.found, self.within = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.found += [attrs[name] for name in SHOWN & attrs.keys()]
        if tag == "input" and attrs.get("type") in ("submit", "button"):
            self.found.append(attrs.get("value"))
        if tag in ("code", "script", "style"):
            self.within.append(tag)

    def handle_endtag(self, tag):
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data):
        if not self.within:
            self.found.append(data)


def untranslated(source):
    source = TRANSLATED.sub("", source)
    said = [match for tag in TAG.findall(source) for match in SAID.finditer(tag)]
    said = [
        match["words"] for match in said if match["missing"] or re.search(r"[A-Za-z]{2}.* ", match["words"])
    ]
    # Tags leave a mark, so that what stands before one and behind it is not taken for one text.
    page = TAG.sub(" \0 ", VARIABLE_ELEMENT.sub(r"\1h3", source))
    texts = [piece for text in Texts(page).found if text for piece in text.split("\0")]
    texts = [text for text in [*said, *texts] if re.search(r"[^\W\d_]", text)]
    return {" ".join(text.split()).strip("·—–:;,. ()") for text in texts}


@pytest.mark.parametrize(
    "source",
    [
        "<p>Text</p>",
        '<p title="Text">{{ value }}</p>',
        '<input type="submit" value="Text">',
        '{{ value|default:"Text" }}',
        '{% include "x.html" with caption="Text that is said" only %}',
        "<p>{% translate 'Fine' %} Text</p>",
    ],
)
def test_what_is_not_marked_is_found(source):
    assert len(untranslated(source)) == 1


def test_every_text_is_marked_for_translation(subtests):
    for name in NAMES:
        with subtests.test(name=name):
            assert untranslated(source_of(name)) <= NO_WORDS | NO_TEXT.get(name, set())


def test_nothing_is_let_pass_that_is_not_there():
    assert {name: words for name in NAMES if (words := untranslated(source_of(name)) - NO_WORDS)} == NO_TEXT


# Addresses that are the same for every language and day: of the API, of files, of feeds, of the admin.
ONE_ADDRESS = re.compile(r"\{% url '(api:[\w-]+|admin:[\w-]+|feed|state-feed|data-file)'")
# By template: links that keep no day, for a reason.
NO_DAY = {
    "_components/about_entry.html": {"{{ entry.get_absolute_url }}"},  # Its address for good.
    "sources/source_detail.html": {"{{ source.get_absolute_url }}"},  # The same.
    "relations/data.html": {"{% url 'data' as data %}"},  # By which a release is cited.
    # Forms, which send the day as a field.
    "_components/search_box.html": {"{% url 'search' %}", "{% url 'search-suggest' %}"},
    "relations/compare.html": {"{% url 'compare' %}"},
    "relations/about.html": {"{% url name as address %}"},  # Whether there is such a page; then by on_day.
}


def test_links_of_the_site_keep_the_day(subtests):
    for name in [name for name in NAMES if not name.startswith("admin/")]:
        with subtests.test(name=name):
            bare = {link for link in LINK.findall(source_of(name)) if not ONE_ADDRESS.match(link)}
            assert bare == NO_DAY.get(name, set())
