"""What waits for a decision about entries, and what was decided. About entries of all kinds, and never of the data.

The tables name an entry by its kind and primary key and not by a foreign key to each of a dozen tables: nothing is
looked up through them that is not looked up by exactly these two. Of what they name only drafts are ever deleted, and
primary keys are not given out again, so that what was decided about one is never taken for a word on another.
"""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from simple_history.models import HistoricalRecords

from apps.curation.querysets import AboutEntryQuerySet

USER = settings.AUTH_USER_MODEL


def kind_of(model):
    return model._meta.label_lower


class AboutEntry(models.Model):
    """A row about one entry of any kind."""

    kind = models.CharField(_("kind"), max_length=60)
    key = models.PositiveBigIntegerField(_("primary key"))

    objects = AboutEntryQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def model(self):
        return apps.get_model(self.kind)

    @cached_property
    def entry(self):
        """One query; None if there is no such entry any more, as of a draft that was deleted."""
        return self.model.objects.for_title().filter(pk=self.key).first()


class Pending(AboutEntry):
    """A change of an entry that readers may see, which they will see once somebody has accepted it.

    One an entry, which is edited until it is accepted: `version` is what the entry is to say, `base` what it said when
    the change was begun (`curation.versions`).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("in review")

    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    base = models.JSONField(_("base"))
    version = models.JSONField(pgettext_lazy("of an entry", "version"))
    reason = models.CharField(_("reason"), max_length=300)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    changed_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("changed by"), null=True, blank=True
    )

    # The package's own: ours writes columns as they are stored, of which JSON is none.
    history = HistoricalRecords(excluded_fields=["base"])

    class Meta:
        verbose_name = _("pending revision")
        verbose_name_plural = _("pending revisions")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="curation_pending_one_an_entry",
                violation_error_message=_("There is a pending revision of this entry already."),
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "in_review"]),
                name="curation_pending_status_known",
                violation_error_message=_("The status is draft or in review."),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""),
                name="curation_pending_has_reason",
                violation_error_message=_("Say why the entry is changed."),
            ),
        ]
        permissions = [
            ("review", "Can publish, return, withdraw and merge entries"),
            ("import_spreadsheets", "Can import spreadsheets"),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"


class NotTheSame(AboutEntry):
    """That two entries of a kind, which looked like one, were found to be two. Rows are only ever added."""

    append_only = True

    other = models.PositiveBigIntegerField(_("primary key of the other"), help_text=_("The higher one."))
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"), null=True)
    why = models.CharField(_("why"), max_length=300)

    class Meta:
        verbose_name = _("two that are not the same")
        verbose_name_plural = _("twos that are not the same")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "other"],
                name="curation_notthesame_once",
                violation_error_message=_("These two were told apart already."),
            ),
            models.CheckConstraint(
                condition=models.Q(key__lt=models.F("other")),
                name="curation_notthesame_lower_first",
                violation_error_message=_("The entry with the lower primary key comes first."),
            ),
            models.CheckConstraint(
                condition=~models.Q(why=""),
                name="curation_notthesame_has_reason",
                violation_error_message=_("Say what tells the two apart."),
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.key} and {self.other}"


class Step(AboutEntry):
    """What somebody did with an entry on its way to readers, or back. Rows are only ever added."""

    class Kind(models.TextChoices):
        SENT = "sent", _("sent to review")
        TAKEN_BACK = "taken_back", _("taken back")
        RETURNED = "returned", _("returned")
        PUBLISHED = "published", _("published")
        DISCARDED = "discarded", _("revision discarded")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REINSTATED = "reinstated", _("reinstated")
        MERGED = "merged", _("merged")

    # For whoever grants rights in the database (`manage.py protect_history`).
    append_only = True

    step = models.CharField(_("step"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("by"), null=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    of_revision = models.BooleanField(
        _("of a revision"), default=False, help_text=_("Of a change of an entry that was public before.")
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(step__in=["returned", "withdrawn", "reinstated", "merged"], comment=""),
                name="curation_step_has_comment",
                violation_error_message=_("Say why."),
            ),
        ]
        indexes = [models.Index(fields=["kind", "key"], name="curation_step_by_entry")]

    def __str__(self):
        return f"{self.kind} {self.key}: {self.get_step_display()}"
