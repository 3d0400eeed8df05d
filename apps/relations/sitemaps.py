"""The map of the site for search engines: every page in each language, and which pages are the same in another."""

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import Paginator
from django.db.models import Max
from django.urls import reverse

from apps.core.addresses import address_of
from apps.core.context import SECTIONS
from apps.relations.counting import totals
from apps.relations.models import KINDS, TiedEntry
from apps.sources.models import Source

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class InEachLanguage:
    """Items as pairs with each language, read a page at a time: there may be very many."""

    def __init__(self, items, number):
        self.items, self.number = items, number

    def count(self):
        return self.number * len(LANGUAGES)

    def __getitem__(self, page):
        first, last = page.start // len(LANGUAGES), -(-page.stop // len(LANGUAGES))
        return [(item, code) for item in self.items[first:last] for code in LANGUAGES]


class PagesInEachLanguage(Sitemap):
    i18n = alternates = x_default = True
    # Of one file; all languages of a page stand in the same.
    limit = 2_000 * len(LANGUAGES)

    @property
    def paginator(self):
        """Django's would read every item to tell how many pages there are."""
        return Paginator(InEachLanguage(self.items(), self.number()), self.limit)

    def number(self):
        items = self.items()
        return len(items) if isinstance(items, list) else items.count()


class EntriesSitemap(PagesInEachLanguage):
    """The pages of the entries of one kind."""

    def __init__(self, kind):
        self.kind = kind

    def items(self):
        return TiedEntry.objects.filter(kind=self.kind).order_by("key")

    def number(self):
        return sum(n for _kind, n in totals(["kind"], of=0, kind=self.kind))

    def _location(self, item, force_lang_code=None):
        """As Django's, which is asked for 45,000 of a file, and each time puts another language in use."""
        entry, language = item
        return address_of(f"{entry.kind}-detail", entry.public_id, force_lang_code or language)

    def lastmod(self, entry):
        return entry.updated_at

    def get_latest_lastmod(self):
        return self.items().aggregate(latest=Max("updated_at"))["latest"]


class SourcesSitemap(PagesInEachLanguage):
    def items(self):
        return Source.objects.order_by("pk")


class PagesSitemap(PagesInEachLanguage):
    """The front page, the lists, and what is said of the site."""

    def items(self):
        lists = [name for group in SECTIONS for _label, name in group]
        return ["home", *lists, "data", "data-layout", "about", "analysts"]

    def location(self, name):
        return reverse(name)


def sitemaps():
    """One for each kind of entry, in as many files as it takes."""
    return {
        "pages": PagesSitemap,
        "sources": SourcesSitemap,
        **{kind: EntriesSitemap(kind) for kind in sorted(KINDS)},
    }
