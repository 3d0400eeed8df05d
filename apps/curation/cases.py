"""Where an entry stands on its way to readers, and what a user may do about it, for the pages of the admin."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.curation import workflow
from apps.curation.differences import differences
from apps.curation.models import Step
from apps.curation.previews import PREVIEW
from apps.curation.readiness import faults, hidden_names, named_in_titles
from apps.curation.roles import REVIEW, may
from apps.curation.versions import CANNOT_BE, digest, tried, version_of, why_not

# What each button does, is called, and whether it wants a comment: "" for none, or what is to be written.
BUTTONS = {
    "send": (workflow.send, _("Send to review"), ""),
    "publish": (workflow.publish, _("Publish"), ""),
    "give_back": (workflow.give_back, _("Return"), _("What is to be done before it can be published")),
    "take_back": (workflow.take_back, _("Take back from review"), ""),
    "discard": (workflow.discard, _("Discard the revision"), _("Why the revision is discarded")),
    "withdraw": (
        workflow.withdraw,
        _("Withdraw"),
        _("Why the entry is withdrawn from readers: they will see this"),
    ),
    "reinstate": (workflow.reinstate, _("Reinstate"), _("Why the entry is there again")),
}


@dataclass(frozen=True)
class Button:
    name: str
    # Why it cannot be pressed now, "" if it can.
    refusal: str = ""

    @property
    def label(self):
        return BUTTONS[self.name][1]

    @property
    def wants(self):
        return BUTTONS[self.name][2]


class Case:
    """One entry, with its pending revision if there is one, before one user."""

    def __init__(self, entry, user):
        self.entry, self.user = entry, user
        self.pending = workflow.pending_of(entry)

    @property
    def stage(self):
        return self.pending.status if self.pending else self.entry.status

    @property
    def stage_words(self):
        return (self.pending or self.entry).get_status_display()

    @cached_property
    def was_public(self):
        return workflow.was_public(self.entry)

    @cached_property
    def current(self):
        """What the database says; None of an entry that was never public, beside which there is nothing to compare."""
        return version_of(self.entry) if self.was_public else None

    @cached_property
    def proposed(self):
        return self.pending.version if self.pending else version_of(self.entry)

    @property
    def seen(self):
        return digest(self.proposed)

    @cached_property
    def groups(self):
        return differences(type(self.entry), self.current if self.pending else None, self.proposed)

    @cached_property
    def faults(self):
        """What is to be done before it can be published, of the revision if there is one."""
        if not self.pending:
            return faults(self.entry)
        try:
            return tried(
                self.entry, self.proposed, lambda: faults(type(self.entry).objects.get(pk=self.entry.pk))
            )
        except CANNOT_BE as error:
            return [why_not(error)]

    @cached_property
    def hidden_names(self):
        """Why readers do not see it though it is published."""
        return list(hidden_names(self.entry)) if self.entry.status == "published" else []

    @cached_property
    def named_in(self):
        """[(kind, how many)] of published entries that name it in their titles and would go with it."""
        return named_in_titles(self.entry)

    @cached_property
    def steps(self):
        return list(Step.objects.about(self.entry).select_related("by"))

    @property
    def preview(self):
        """The address at which the site shows what readers do not see yet; "" where they do, or there is no page."""
        if self.entry.is_published and not self.pending:
            return ""
        try:
            return f"{self.entry.get_absolute_url()}?{PREVIEW}=1"
        except NoReverseMatch:
            return ""

    @property
    def returned(self):
        """The step by which it was returned to who wrote it, if that was the last."""
        last = self.steps[0] if self.steps else None
        return last if last and last.step == Step.Kind.RETURNED else None

    @property
    def is_reviewer(self):
        return self.user.has_perm(REVIEW)

    @cached_property
    def buttons(self):
        return list(self._buttons())

    @property
    def may_merge(self):
        return self.is_reviewer and not self.pending and self.entry.status != "withdrawn"

    def _buttons(self):
        mine = self.user.pk in workflow.authors(self.entry)
        if self.stage == "draft" and may(self.user, "change", self.entry):
            yield Button("send")
        if self.stage == "in_review" and self.is_reviewer:
            yield Button("publish", self._why_not(mine))
            yield Button("give_back")
        if self.stage == "in_review" and mine:
            yield Button("take_back")
        if self.pending and (mine or self.is_reviewer):
            yield Button("discard")
        if self.is_reviewer and self.entry.status == "published":
            yield Button("withdraw")
        if self.is_reviewer and self.entry.status == "withdrawn":
            yield Button("reinstate")

    def _why_not(self, mine):
        if mine and settings.FOUR_EYES:
            return workflow.OWN_WORDS
        return _("See what is to be done first.") if self.faults else ""
