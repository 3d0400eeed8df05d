"""The map of the site for search engines: every page in each language, and which pages are the same in another."""

from functools import partial

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import override

from apps.core.addresses import addresses_of
from apps.core.context import SECTIONS
from apps.relations.counting import totals
from apps.relations.models import KINDS, TiedEntry
from apps.sources.models import Source

LANGUAGES = [code for code, _name in settings.LANGUAGES]
# To a page in each language, and in the one for whoever reads none of them.
LINKS = "".join(
    f'<xhtml:link rel="alternate" hreflang="{name}" href="{{{code}}}"/>'
    for name, code in [*zip(LANGUAGES, LANGUAGES, strict=True), ("x-default", settings.LANGUAGE_CODE)]
)


class PagesInEachLanguage(Sitemap):
    """Pages that are there in each language, all of which stand in the same file."""

    # Of one file; each has as many addresses as there are languages.
    limit = 2_000

    def get_urls(self, page, site, protocol):
        """[{addresses, lastmod, links}]: not, as Django's, one for each address, each with links to all of them.

        Raises EmptyPage, PageNotAnInteger.
        """
        items, root = self.paginator.page(page).object_list, f"{protocol}://{site.domain}"
        changes = self.changes(items)
        if changes and None not in changes:
            self.latest_lastmod = max(changes)
        in_each = []
        for language in LANGUAGES:
            with override(language):
                in_each.append(self.addresses(items, root))
        return [
            {
                "addresses": addresses,
                "lastmod": change and localdate(change).isoformat(),
                "links": format_html(LINKS, **dict(zip(LANGUAGES, addresses, strict=True))),
            }
            for addresses, change in zip(zip(*in_each, strict=True), changes, strict=True)
        ]

    def addresses(self, items, root):
        """Of the pages in the language in use, on the site at `root`."""
        return [root + self.location(item) for item in items]

    def changes(self, items):
        """When each was changed, None where that is not told."""
        return [None] * len(items)


class EntriesSitemap(PagesInEachLanguage):
    """The pages of the entries of one kind."""

    def __init__(self, kind):
        self.kind = kind

    def items(self):
        return self._entries().order_by("key").values_list("public_id", "updated_at")

    def _entries(self):
        return TiedEntry.objects.filter(kind=self.kind)

    @property
    def paginator(self):
        """With their number as it is kept: there may be very many rows to count."""
        found = super().paginator
        found.count = sum(n for _kind, n in totals(["kind"], of=0, kind=self.kind))
        return found

    def addresses(self, items, root):
        public_ids = [public_id for public_id, _updated_at in items]
        return addresses_of([f"{self.kind}-detail"] * len(public_ids), public_ids, root)

    def changes(self, items):
        return [updated_at for _public_id, updated_at in items]

    def get_latest_lastmod(self):
        return self._entries().aggregate(latest=Max("updated_at"))["latest"]


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
    """One for each kind of entry, in as many files as it takes.

    What makes them, since each keeps when the last page of its answer was changed.
    """
    return {
        "pages": PagesSitemap,
        "sources": SourcesSitemap,
        **{kind: partial(EntriesSitemap, kind) for kind in sorted(KINDS)},
    }
