"""Merging an entry into another of its kind, which is the same: its heir.

Whatever refers to the entry is led to the heir: foreign keys of entries and of their parts, links between many and
many, citations. Its names become other names of the heir. What the entry itself says stays with it, in its own fields
and parts (parties, actions, participants): the heir says these in its own way, and no program can tell which is right.
The entry is withdrawn, and its address leads to the heir's.

All of it or nothing: a row that cannot be led over, as the heir is a party already, refuses the merger, and says what
is to be done first. Only what nobody sees any more, since it or its whole is withdrawn, is left behind.
"""

from dataclasses import dataclass, field as attribute

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.admin_forms import constraint_fields
from apps.core.changes import top, undone
from apps.core.fixtures import fixture_models, kept_fields, whole_field
from apps.core.models import Named
from apps.core.text import fold
from apps.curation.differences import titled
from apps.curation.models import Step
from apps.curation.steps import (
    Refused,
    pending_of,
    record_step,
    require,
    require_reviewer,
    save_step,
    sign,
    step_of,
)
from apps.curation.versions import linked, part_models, whole_path
from apps.curation.workflow import authors, was_public


@dataclass
class Group:
    """Rows of one kind, the first of them by what they are called."""

    SHOWN = 20

    title: str
    rows: list = attribute(default_factory=list)
    count: int = 0

    def add(self, words):
        self.count += 1
        if self.count <= self.SHOWN:
            self.rows.append(words)

    @property
    def rest(self):
        return self.count - len(self.rows)


@dataclass
class Plan:
    """What a merger does: `led` to the heir, `left` with the entry, and sentences on what is in its way."""

    heir: models.Model
    led: list = attribute(default_factory=list)
    left: list = attribute(default_factory=list)
    names: list = attribute(default_factory=list)
    in_the_way: list = attribute(default_factory=list)

    def add_to(self, groups, title, words):
        title = capfirst(str(title))
        group = next((group for group in groups if group.title == title), None)
        if group is None:
            groups.append(group := Group(title))
        group.add(words)


def merge(entry, *, heir, user, comment):
    """Merges the entry into the heir, which is of the same kind; returns the Plan that was carried out."""
    try:
        with step_of(entry) as (row, _pending):
            plan = _lead_over(row, heir, user, comment)
            if plan.in_the_way:
                raise Refused([_("It cannot be merged yet:"), *plan.in_the_way])
            now, because = timezone.now(), comment.strip()
            fields = {"status": "withdrawn", "withdrawn_at": now, "withdrawn_because": because}
            save_step(row, user, comment, heir=plan.heir, **fields)
            record_step(row, Step.Kind.MERGED, user, comment)
            return plan
    except IntegrityError as error:
        raise Refused(_("It cannot be merged: %(error)s") % {"error": error}) from error


def preview(entry, *, heir, user, comment):
    """The Plan of a merger that is not carried out; Refused where it cannot even be tried."""
    with undone(), step_of(entry) as (row, _pending):
        return _lead_over(row, heir, user, comment)


def _lead_over(entry, heir, user, comment):
    require_reviewer(user)
    require(comment.strip(), _("Say why it is merged. Readers will see it if the other is withdrawn."))
    require(type(heir) is type(entry), _("Only entries of one kind can be merged."))
    require(heir.pk != entry.pk, _("An entry is not merged into itself."))
    heir = type(entry).objects.filter(pk=heir.pk).first()
    require(heir is not None, _("The entry to merge into is no longer there: somebody deleted it."))
    for row in (entry, heir):
        words = {"entry": identified(row)}
        require(row.status != "withdrawn", _("%(entry)s is withdrawn. Reinstate it first.") % words)
        said = _("%(entry)s has a pending revision. Publish or discard that first.")
        require(pending_of(row) is None, said % words)
    said = _(
        "%(heir)s is not published. Publish it first: the address of %(entry)s, which was public, leads to it."
    )
    require(
        heir.is_public or not was_public(entry), said % {"heir": identified(heir), "entry": identified(entry)}
    )
    if settings.FOUR_EYES and was_public(heir) and not was_public(entry):
        said = _(
            "You wrote some of %(entry)s yourself, and readers would see it with %(heir)s: another reviewer merges "
            "the two (four eyes)."
        )
        require(user.pk not in authors(entry), said % {"entry": identified(entry), "heir": identified(heir)})
    return _Merger(entry, heir, user, comment).plan


def identified(entry):
    """Two that are to be merged are often called the same."""
    return f"“{entry}” ({entry.public_id})"


class _Merger:
    """Leads over what refers to `entry`, row by row, each with a record of its history."""

    def __init__(self, entry, heir, user, comment):
        self.entry, self.heir, self.user, self.comment = entry, heir, user, comment
        self.model = type(entry)
        self.plan = Plan(heir)
        # Of parts that were led over, the wholes, {model: primary keys}.
        self.wholes = {}
        for kind in fixture_models():
            fields = [field for field in kept_fields(kind) if field.related_model is self.model]
            self._lead_keys(kind, [f for f in fields if f.many_to_one and f is not whole_field(kind)])
            for field in fields:
                if field.many_to_many:
                    self._lead_links(kind, field)
        self._lead_citations()
        self._leave_parts()
        self._touch_wholes()
        self._tell_heir()

    # What others say of it

    def _lead_keys(self, kind, fields):
        condition = models.Q()
        for field in fields:
            condition |= models.Q(**{field.name: self.entry.pk})
        if not condition:
            return
        for row in titled(kind).filter(condition).order_by("pk"):
            if kind is not self.model or row.pk != self.entry.pk:
                self._lead_row(row, [f for f in fields if getattr(row, f.attname) == self.entry.pk])

    def _lead_row(self, row, fields):
        words = called(row)
        for field in fields:
            setattr(row, field.name, self.heir)
        if found := self._obstacle(row, fields):
            if getattr(_top_row(row), "status", "") == "withdrawn":
                self.plan.add_to(self.plan.left, row._meta.verbose_name_plural, words)
            else:
                self.plan.in_the_way.append(f"{capfirst(row._meta.verbose_name)} “{words}”: {found}")
            return
        self._save(row)
        self.plan.add_to(self.plan.led, row._meta.verbose_name_plural, words)

    def _obstacle(self, row, fields):
        """What keeps it from referring to the heir, and what to do first; "" for nothing."""
        if type(row) is self.model and row.pk == self.heir.pk:
            names = ", ".join(str(field.verbose_name) for field in fields)
            return _("It would refer to itself (%(fields)s). Change that first.") % {"fields": names}
        names = {field.name for field in fields}
        for constraint in row._meta.constraints:
            if names.isdisjoint(constraint_fields(type(row), constraint)):
                continue
            try:
                constraint.validate(type(row), row)
            except ValidationError as error:
                return f"{' '.join(error.messages)} {_remedy(row, constraint)}"
        return ""

    def _lead_links(self, kind, field):
        for row in titled(kind).filter(**{field.name: self.entry.pk}).order_by("pk"):
            self._save(row)
            links = getattr(row, field.name)
            links.add(self.heir)
            links.remove(self.entry)
            title = f"{row._meta.verbose_name_plural} ({field.verbose_name})"
            self.plan.add_to(self.plan.led, title, called(row))

    # What it says itself

    def _lead_citations(self):
        citations = self.model.citations.rel.related_model
        there = set(citations.objects.filter(entry=self.heir).values_list("passage_id", "field", "stance"))
        for citation in citations.objects.filter(entry=self.entry).select_related("passage__source"):
            is_twin = (citation.passage_id, citation.field, citation.stance) in there
            groups = self.plan.left if is_twin else self.plan.led
            self.plan.add_to(groups, citations._meta.verbose_name_plural, str(citation.passage))
            if not is_twin:
                citation.entry = self.heir
                sign(citation, self.user, self.comment).save()
                self.wholes.setdefault(self.model, set()).add(self.heir.pk)

    def _leave_parts(self):
        citations = self.model.citations.rel.related_model
        for part in part_models(self.model):
            if part is not citations:
                for row in titled(part).filter(**{whole_path(part, self.model): self.entry.pk}):
                    self.plan.add_to(self.plan.left, part._meta.verbose_name_plural, str(row))

    def _tell_heir(self):
        """Its links and names, beside those that the heir has."""
        heir, links = self.heir, {}
        for field in self.model._meta.many_to_many:
            more = set(linked(field, self.entry)) - set(linked(field, heir))
            for row in field.related_model._base_manager.filter(pk__in=more):
                self.plan.add_to(self.plan.led, field.verbose_name, str(row))
                links.setdefault(field.name, []).append(row)
        if issubclass(self.model, Named):
            self.plan.names = new_names(self.entry, heir)
            heir.aliases = "\n".join([*heir.alias_list, *self.plan.names])
        if links or self.plan.names or heir.pk in self.wholes.get(self.model, ()):
            self._save(heir)
        for name, rows in links.items():
            getattr(heir, name).add(*rows)

    # How it is written

    def _save(self, row):
        if hasattr(row, "updated_by_id"):
            row.updated_by = self.user
        sign(row, self.user, self.comment).save()
        if whole_field(type(row)):
            model, keys = top(type(row), {row.pk})
            self.wholes.setdefault(model, set()).update(keys)

    def _touch_wholes(self):
        """Whoever reads the whole reads another name there now."""
        own = {self.entry.pk, self.heir.pk}
        for model, keys in self.wholes.items():
            for row in model._base_manager.filter(pk__in=keys - own if model is self.model else keys):
                self._save(row)


def called(row):
    """In the words of its page; of a part, with what it is a part of."""
    whole = whole_field(type(row))
    return f"{row} ({getattr(row, whole.name)})" if whole else str(row)


def new_names(entry, heir):
    """Names of the entry that the heir does not have, whatever the case and the accents."""
    known, found = {fold(name) for name in _names(heir)}, []
    for name in _names(entry):
        if fold(name) not in known:
            known.add(fold(name))
            found.append(name)
    return found


def _names(row):
    names = [row.name_en, row.name_kk, row.name_ru, getattr(row, "abbreviation", ""), *row.alias_list]
    return [name for name in names if name]


def _top_row(row):
    """The entry that a part is a part of, at the top."""
    while whole := whole_field(type(row)):
        row = getattr(row, whole.name)
    return row


def _remedy(row, constraint):
    is_twin = isinstance(constraint, models.UniqueConstraint)
    if whole_field(type(row)):
        return _("Delete one of the two first.") if is_twin else _("Change or delete it first.")
    if row.status != "published":
        return _("Change or delete it first.")
    return _("Merge it with its double first.") if is_twin else _("Change or withdraw it first.")
