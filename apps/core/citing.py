"""How to cite a page: as a plain reference, and as what reference managers read (BibTeX, RIS, CSL-JSON).

A page is cited with the revision of the database that it was made from. By it a reader can tell whether the page still
says what was cited.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy, override

from apps.core.conditional import revision_of
from apps.core.datewords import day_words

# The author of what is cited: the database, since many hands make each entry.
DATABASE = "kzforeign"


class Format(NamedTuple):
    """A form in which a reference can be had: what readers call it, how its file ends, its type."""

    label: str
    extension: str
    content_type: str


# The names are those of addresses, and of the properties of Reference that write them.
FORMATS = {
    "text": Format(gettext_lazy("Plain text"), "txt", "text/plain; charset=utf-8"),
    "bibtex": Format("BibTeX", "bib", "application/x-bibtex; charset=utf-8"),
    "ris": Format("RIS", "ris", "application/x-research-info-systems; charset=utf-8"),
    "csl": Format("CSL-JSON", "json", "application/vnd.citationstyles.csl+json"),
}


# As biblatex calls them.
LANGIDS = {"en": "english", "kk": "kazakh", "ru": "russian"}


def one_line(text):
    """`text` with every break and control character a blank, and no more than one blank anywhere.

    What follows a break would be a field of its own in RIS.
    """
    return " ".join("".join(char if char.isprintable() else " " for char in str(text)).split())


class Cited(NamedTuple):
    """What a page says of itself: its title, the query string without which it is another page, whom it follows."""

    title: str
    query: str = ""
    sources: tuple = ()


@dataclass(frozen=True)
class Reference:
    """A page of the database as it is today. Every text is one line.

    `path` is its address within the site, `url` the whole of it; `changed` is the day of the revision, None before
    anything was written; `after` names the sources that an entry rests on.
    """

    title: str
    path: str
    url: str
    revision: str
    changed: date | None
    accessed: date
    after: str = ""
    language: str = settings.LANGUAGE_CODE

    @classmethod
    def of(cls, request, cited):
        """Of what is shown at the address of `request`, a Cited. No query where the revision is known by then."""
        revision = revision_of(request)
        path = request.path + cited.query
        names = dict.fromkeys(source.in_a_note for source in cited.sources)
        return cls(
            title=one_line(cited.title),
            path=path,
            url=request.build_absolute_uri(path),
            revision=str(revision),
            changed=revision.changed_at and timezone.localdate(revision.changed_at),
            accessed=timezone.localdate(),
            after=one_line(_("After %(sources)s.") % {"sources": "; ".join(names)} if names else ""),
            language=get_language() or settings.LANGUAGE_CODE,
        )

    @property
    def key(self):
        """Names it in a bibliography: letters, digits and hyphens."""
        place = re.sub("[^a-z0-9]+", "-", self.path.lower())[:80].strip("-")
        return "-".join(filter(None, [DATABASE, place, self.revision]))

    @property
    def year(self):
        return str(self.changed.year) if self.changed else ""

    @property
    def downloads(self):
        """[(label, address)] of the forms that reference managers read."""
        query = urlencode({"of": self.path})
        return [
            (form.label, f"{reverse('cite', args=[name])}?{query}")
            for name, form in FORMATS.items()
            if name != "text"
        ]

    @property
    def text(self):
        words = {
            "database": DATABASE,
            "title": self.title,
            "revision": f"{self.revision} ({self.year})" if self.year else self.revision,
            "address": self.url,
            "day": day_words(self.accessed, self.language),
        }
        with override(self.language):
            cited = _("%(database)s, “%(title)s”, revision %(revision)s, %(address)s, accessed %(day)s.")
        return f"{cited % words} {self.after}".strip()

    @property
    def bibtex(self):
        """An entry of type misc, which every style knows; `urldate` and `version` are biblatex's."""
        words = {"revision": self.revision, "day": self.accessed}
        with override(self.language):
            said = _("Revision %(revision)s, accessed %(day)s.") % words
        note = f"{said} {self.after}".strip()
        fields = {
            "author": f"{{{DATABASE}}}",
            "title": f"{{{in_tex(self.title)}}}",
            "year": self.year,
            "url": in_tex_url(self.url),
            "urldate": str(self.accessed),
            "version": self.revision,
            "langid": LANGIDS[self.language],
            "note": in_tex(note),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@misc{{{self.key},", *lines, "}", ""])

    @property
    def ris(self):
        changed = f"{self.changed:%Y/%m/%d}/" if self.changed else ""
        tags = [
            ("TY", "ELEC"),
            ("ID", self.key),
            ("AU", DATABASE),
            ("TI", self.title),
            ("T2", DATABASE),
            ("PY", self.year),
            ("DA", changed),
            ("ET", self.revision),
            ("LA", self.language),
            ("UR", self.url),
            ("Y2", f"{self.accessed:%Y/%m/%d}/"),
            ("N1", self.after),
        ]
        lines = [f"{tag}  - {value}" for tag, value in tags if value]
        return "\r\n".join([*lines, "ER  - ", ""])

    @property
    def csl(self):
        item = {
            "id": self.key,
            "type": "webpage",
            "title": self.title,
            "author": [{"literal": DATABASE}],
            "container-title": DATABASE,
            "version": self.revision,
            "language": self.language,
            "URL": self.url,
            "accessed": in_parts(self.accessed),
        }
        if self.changed:
            item["issued"] = in_parts(self.changed)
        if self.after:
            item["note"] = self.after
        return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def in_parts(day):
    """A day as CSL-JSON writes it."""
    return {"date-parts": [[day.year, day.month, day.day]]}


# A brace behind a backslash would still open or close a group for BibTeX, which knows no escapes of its own.
TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{char: f"\\{char}" for char in "&%$#_"},
    }
)


def in_tex(text):
    """`text` as TeX prints it; letters outside ASCII stay as they are (UTF-8)."""
    return text.translate(TEX)


def in_tex_url(url):
    """As it is, since styles set it verbatim, without the braces and backslashes that would end the field."""
    return re.sub(r"[\\{}]", lambda found: f"%{ord(found[0]):02X}", url)
