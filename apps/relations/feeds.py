"""What is new: Atom feeds of entries as they are published and changed."""

from django.contrib.syndication.views import Feed
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from apps.core.text import for_xml
from apps.core.views_absent import found
from apps.relations.counting import totals
from apps.relations.models import Tie, TiedEntry
from apps.states.models import State

ENTRIES = 50
# Ties of a state.
MANY = 5000


class ChangesFeed(Feed):
    """The entries that were published or changed last, the latest first; `published` is when each was recorded."""

    feed_type = Atom1Feed

    def title(self, state):
        return _("kzforeign: new and changed entries")

    def subtitle(self, state):
        return _("Entries of all kinds, as they are published and changed.")

    def link(self, state):
        return reverse("home")

    def items(self, state):
        return TiedEntry.objects.order_by("-updated_at", "-pk")[:ENTRIES]

    def item_title(self, entry):
        return for_xml(entry.title)

    def item_description(self, entry):
        return f"{entry.kind_label}, {entry.when}" if entry.is_in_time else str(entry.kind_label)

    def item_categories(self, entry):
        return [entry.kind]

    def item_pubdate(self, entry):
        return entry.created_at

    def item_updateddate(self, entry):
        return entry.updated_at


class StateChangesFeed(ChangesFeed):
    """Those that concern one state, by its code in capitals or not."""

    def get_object(self, request, public_id):
        return found(State.objects.published(), public_id.upper(), "public_id")

    def title(self, state):
        return _("kzforeign: new and changed entries on %(state)s") % {"state": for_xml(str(state))}

    def link(self, state):
        return state.get_absolute_url()

    def items(self, state):
        ties, latest = Tie.objects.filter(state=state), TiedEntry.objects.order_by("-updated_at", "-pk")
        number = sum(n for _of, n in totals(["of"], of=state.pk))
        # Of a state that is in much of what was changed last, these are looked through; otherwise all that it is in.
        if number > MANY:
            latest = latest.filter(Exists(ties.filter(entry=OuterRef("pk"))))
        else:
            latest = latest.filter(pk__in=ties.values("entry"))
        return latest[:ENTRIES]
