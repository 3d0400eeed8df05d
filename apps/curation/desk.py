"""The desk: on the front page of the admin, what waits for the one who looks at it.

It costs as many queries however much there is: of each list the first are shown, and how many more there are.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.urls import reverse
from django.utils.functional import cached_property

from apps.core.models import Entry
from apps.curation import waiting
from apps.curation.duplicates import pairs_to_look_at
from apps.curation.models import kind_of
from apps.curation.roles import REVIEW
from apps.curation.workflow import written_by

# What is counted of each kind, and the list of it.
LISTS = {
    "drafts": "status__exact=draft",
    "in_review": "status__exact=in_review",
    "unsupported": "cited=no",
    "inferred": "basis__exact=inferred",
}


@dataclass(frozen=True)
class KindOfEntries:
    """How many entries of one kind want what, with lists of them."""

    model: type[Entry]
    numbers: dict

    @property
    def name(self):
        return self.model._meta.verbose_name_plural

    @property
    def cells(self):
        """(number, address of the list) for each column of the table."""
        return [(self.numbers[name], self._listed(name)) for name in LISTS]

    @property
    def drafts_of_others(self):
        return self.numbers["drafts"] - self.numbers["own_drafts"]

    @property
    def drafts_address(self):
        return self._listed("drafts")

    def _listed(self, name):
        return f"{reverse(admin_urlname(self.model._meta, 'changelist'))}?{LISTS[name]}"


@dataclass(frozen=True)
class Twins:
    """Two entries that may be one."""

    first: Entry
    second: Entry
    may_tell_apart: bool
    may_merge: bool

    @property
    def kind(self):
        return self.first._meta.verbose_name

    @property
    def label(self):
        return kind_of(type(self.first))

    @property
    def sides(self):
        """(entry, its page, where it is merged into the other or "") of each."""
        for entry, heir in ((self.first, self.second), (self.second, self.first)):
            merge = waiting.page_of(entry, "merge") if self.may_merge else ""
            yield entry, waiting.page_of(entry, "change"), merge and f"{merge}?heir={heir.pk}"


class Desk:
    """What waits, as far as the user may see it; false where they may see nothing."""

    def __init__(self, request, site):
        self.user = request.user
        pages = [page for page in site._registry.values() if page.has_view_permission(request)]
        entries = [page for page in pages if issubclass(page.model, Entry)]
        self.seen = [page.model for page in entries]
        self.edited = [page.model for page in entries if page.has_change_permission(request)]
        self.others = [page for page in pages if hasattr(page, "left_to_do")]

    def __bool__(self):
        return bool(self.seen or self.others)

    @property
    def is_reviewer(self):
        return bool(self.seen) and self.user.has_perm(REVIEW)

    @property
    def four_eyes(self):
        return settings.FOUR_EYES

    @cached_property
    def to_review(self):
        return waiting.to_review(self.seen, self.user)

    @cached_property
    def returned(self):
        return waiting.returned_to(self.user, self.edited)

    @cached_property
    def drafts(self):
        return waiting.drafts_of(self.user, self.edited)

    @cached_property
    def drafts_of_others(self):
        """The kinds of which others have drafts."""
        return [kind for kind in self.kinds if kind.model in self.edited and kind.drafts_of_others]

    @cached_property
    def revisions_of_others(self):
        return waiting.revisions_of_others(self.user, self.edited)

    @cached_property
    def kinds(self):
        return [
            KindOfEntries(model, model.objects.to_do(own=written_by(self.user, model))) for model in self.seen
        ]

    @cached_property
    def left_to_do(self):
        """(what, how much, address of the list) of what is no entry, as pages of the admin tell it."""
        return [row for page in self.others for row in page.left_to_do()]

    @cached_property
    def twins(self):
        pairs = pairs_to_look_at(self.seen, waiting.COUNTED + 1)
        shown = pairs[: waiting.SHOWN]
        entries = waiting.entries_of((model, key) for model, *keys in shown for key in keys)

        def twins(pair):
            model, *keys = pair
            first, second = (entries[model, key] for key in keys)
            return Twins(first, second, model in self.edited, self.is_reviewer)

        return waiting.Shortlist.of(pairs, twins)
