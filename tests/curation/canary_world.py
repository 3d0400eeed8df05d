"""A world of public rows, and of hidden ones that hold on to them in every way that the models allow.

Every text of what is hidden is a canary: no answer to the public may have one in it. The ways are found in the models
themselves: a new foreign key or many-to-many field is walked without a line here, or `unwalked()` names it.

What is hidden here was never public. What was, and is withdrawn, tells so itself, and belongs into another world.
"""

import re
from dataclasses import dataclass
from itertools import count, product

from django.apps import apps
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import models
from django.utils import timezone

from apps.core.fields import DerivedField, PartialDateField
from apps.core.fixtures import fixture_models, whole_field
from apps.core.models import Entry, Recorded, Revision
from apps.curation.models import Pending, Step, kind_of
from apps.curation.versions import version_of
from apps.organizations.models import Membership
from apps.sources.models import Citation
from apps.states.models import State
from tests import factories
from tests.core.world import world as everything_public

HIDDEN = ("draft", "in_review", "withdrawn")
# Texts, identifiers of Wikidata, and codes of states, none of which anything public has.
CANARY = re.compile(rb"zqcanary|q9990[0-9]{6}|(?<![\w-])z[qxy][a-z](?![\w-])", re.IGNORECASE)
CODES = ["".join(letters) for letters in product("Z", "QXY", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
# Foreign keys of which a row has one at most, as its constraints say.
ONE_OF = {
    "membership": [("member_state", "member_organization")],
    "office": [("holder_person", "holder_state"), ("body_state", "body_organization")],
    "visit": [("sent_by_state", "sent_by_organization")],
    "figure": [("of_state", "of_organization"), ("with_state", "with_organization")],
    "participant": [("participant_state", "participant_organization", "participant_person")],
    "projectparty": [("party_state", "party_organization")],
    "party": [("party_state", "party_organization")],
}
MAKERS = {"projectparty": factories.project_party, "agreementlink": factories.link}
# Each after those that it refers to.
KINDS = [model for model in fixture_models() if issubclass(model, Entry)]
HOLDERS = [model for model in apps.get_models() if issubclass(model, Recorded)]


@dataclass(frozen=True)
class Link:
    """A field of a model that leads to rows of another."""

    model: type
    name: str

    def __str__(self):
        return f"{self.model.__name__}.{self.name}"

    @property
    def field(self):
        return self.model._meta.get_field(self.name)

    @property
    def target(self):
        return self.field.related_model

    @property
    def leads_to_entry(self):
        return issubclass(self.target, Entry)

    @property
    def is_title(self):
        """Whether what it leads to must be public, or the row itself is not."""
        return self.name in getattr(self.model, "title_parts", ())

    @property
    def is_whole(self):
        return whole_field(self.model) == self.field

    @property
    def can_wait(self):
        """Whether a public row can be without it, and get it later."""
        optional = self.field.many_to_many or self.field.null
        return optional and not self.is_title and self.name not in alternatives(self.model)

    @property
    def status(self):
        """The path to the status of the entry that has it, or of which its holder is a part; "" for neither."""
        model, path = self.model, ""
        while not issubclass(model, Entry):
            if not (whole := whole_field(model)):
                return ""
            model, path = whole.related_model, f"{path}{whole.name}__"
        return f"{path}status"


def links():
    """Every field of what is recorded that leads to an entry, a place, a passage, ..., though not to users."""
    for model in HOLDERS:
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            if field.is_relation and field.related_model is not User:
                yield Link(model, field.name)


def alternatives(model):
    return {name for names in ONE_OF.get(model._meta.model_name, ()) for name in names}


def unwalked():
    """What no row of the database does: of each link, from what is public to what is hidden, and back."""
    for link, status in product(links(), HIDDEN):
        rows = link.model._base_manager.all()
        if link.name == "heir":
            led = {"withdrawn": ("published", *HIDDEN)}.get(status, ())
            ways = [{"status": status, "heir__status": target} for target in led]
        else:
            ways = [*from_public(link, status), *from_hidden(link, status)]
        for way in ways:
            if not rows.filter(**way).exists():
                yield f"no way in which {link} leads from or to a canary: {way}"


def from_public(link, status):
    if link.leads_to_entry and not link.is_whole:
        yield {f"{link.name}__status": status} | ({link.status: "published"} if link.status else {})


def from_hidden(link, status):
    if link.status and (link.is_whole or not link.leads_to_entry):
        yield {link.status: status, f"{link.name}__isnull": False}
    elif link.status:
        yield {link.status: status, f"{link.name}__status": "published"}
        yield {link.status: status, f"{link.name}__status__in": HIDDEN}


_numbers = count(1)


def canaries(model, status):
    """Of each text of the model's own a canary, if it is long enough for one."""
    number = next(_numbers)
    text = f"zqcanary{model._meta.model_name}{status.replace('_', '')}{number}"
    texts = {field.name: text for field in texts_of(model)}
    if "wikidata_id" in texts:
        texts["wikidata_id"] = f"Q9990{number:06}"
    if issubclass(model, Entry):
        texts["status"] = status
    if "withdrawn_because" in texts and status != "withdrawn":
        del texts["withdrawn_because"]
    elif "withdrawn_because" in texts:
        texts["withdrawn_at"] = timezone.now()
    if model is State:
        texts |= {"code": next(code for code in CODES if not State.objects.filter(code=code))}
    if model is Membership:  # There is one of a member in a status with a start.
        texts["start"] = str(1000 + number)
    return texts


def texts_of(model):
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, (models.CharField, models.TextField)) and not field.choices
        # What a citation speaks of is the name of a field.
        is_own = not isinstance(field, (DerivedField, PartialDateField)) and field.name != "field"
        if is_text and is_own and (field.max_length or 1000) >= 20:
            yield field


def variants(model):
    """So many rows have each of the fields of which a row has one."""
    return range(max([len(names) for names in ONE_OF.get(model._meta.model_name, ())], default=1))


def filled(model, given, rows, variant=0, every=False):
    """`given`, and what the model needs besides of `rows`, {model: [row]}; with `every`, all that it can have.

    `variant` chooses among fields of which it has one.
    """
    fields, wanted = dict(given), []
    for names in ONE_OF.get(model._meta.model_name, ()):
        chosen = names[variant % len(names)]
        if not fields.keys() & {*names} and (every or not chosen.startswith("with_")):
            wanted.append(chosen)
    for link in links():
        is_open = link.model is model and link.name not in {"heir", *fields, *alternatives(model)}
        if is_open and (every or not (link.field.many_to_many or link.field.null)):
            wanted.append(link.name)
    for name in wanted:
        field = model._meta.get_field(name)
        row = next(row for row in rows[field.related_model] if row not in fields.values())
        fields[name] = [row] if field.many_to_many else row
    return fields


def make(model, fields):
    if issubclass(model, Citation):
        return factories.cite(**fields)
    name = model._meta.model_name
    return (MAKERS.get(name) or getattr(factories, name))(**fields)


class World:
    """Public rows, and later hidden ones.

    `public` and `hidden`, {model: [row]}, are what others hold on to; `waiting`, {(link, status): row}, are public rows
    that get a link to something hidden; `veiled` are published rows that are not public, as their titles name what is
    hidden.
    """

    def __init__(self):
        """With nothing hidden in it but one state, of which all that is told is that two places are somewhere."""
        nowhere = factories.state("QZZ", name_en="Nowhere", status="draft")
        factories.state("KAZ", name_en="Steppe"), factories.state("CHN", name_en="River")
        everything_public()
        self.public = {model: list(model._default_manager.order_by("pk")) for model in HOLDERS}
        self.public[State].remove(nowhere)
        self.hidden, self.veiled, self.waiting = {model: [] for model in KINDS}, [], {}
        for link, status in product(links(), HIDDEN):
            if link.leads_to_entry and link.can_wait and link.name != "heir":
                self.waiting[link, status] = self._whole_and_part(link.model)
            elif link.leads_to_entry and not link.status:
                self.waiting[link, status] = row = make(link.model, {link.name: nowhere})
                self._lead_to(row)
        user = User.objects.create_user("zqcanaryuser", "zqcanary@example.org", first_name="zqcanary")
        for model in KINDS:
            model.objects.update(created_by=user, updated_by=user)

    def _whole_and_part(self, model):
        """A row that has no more than it needs; a part with a whole of its own, which may have no other like it."""
        whole = whole_field(model)
        given = {whole.name: self._whole_and_part(whole.related_model)} if whole else {}
        return make(model, filled(model, given, self.public))

    def _lead_to(self, row):
        for link in links():
            if link.target is type(row):
                value = [row] if link.field.many_to_many else row
                make(link.model, filled(link.model, {link.name: value}, self.public))

    def hide(self):
        """Adds what is hidden, and sets the revision back: that something was written is told, and nothing else."""
        revision = Revision.objects.current()
        for rows in (self.public, self.public | self.hidden):
            for model, status in product(KINDS, HIDDEN):
                self.hidden[model] += self._held(model, status, rows)
        for model in KINDS:
            for heir in [self.public[model][0], *(self.of(model, status) for status in HIDDEN)]:
                given = canaries(model, "withdrawn") | {"heir": heir}
                self.hidden[model].append(make(model, filled(model, given, self.public)))
        for link, status in product(links(), HIDDEN):
            if link.leads_to_entry and not link.is_whole and link.name != "heir":
                self._lead_from_public(link, status)
        self._await_changes()
        Revision.objects.filter(pk=revision.pk).update(number=revision.number, changed_at=revision.changed_at)
        cache.clear()

    def _await_changes(self):
        """Of a public row of each kind a revision that waits, and what was said of it on its way."""
        for model in KINDS:
            row, texts = self.public[model][0], canaries(model, "draft")
            status, version = HIDDEN[row.pk % 2], version_of(row)
            version["own"] |= {name: text for name, text in texts.items() if name in version["own"]}
            about, reason = {"kind": kind_of(model), "key": row.pk}, f"zqcanary{row.pk}"
            Pending.objects.create(
                **about, status=status, base=version_of(row), version=version, reason=reason
            )
            Step.objects.create(**about, step="returned", comment=reason, of_revision=True)

    def of(self, model, status):
        return next(row for row in self.hidden[model] if row.status == status)

    def _held(self, model, status, rows):
        """Hidden rows of a kind with all that they can have, their parts included."""
        held = []
        for variant in variants(model):
            held.append(make(model, filled(model, canaries(model, status), rows, variant, every=True)))
            self._add_parts(held[-1], status, rows)
        return held

    def _add_parts(self, row, status, rows):
        for part in HOLDERS:
            whole = whole_field(part)
            for variant in variants(part) if whole and whole.related_model is type(row) else ():
                given = {whole.name: row} | canaries(part, status)
                made = make(part, filled(part, given, rows, variant, every=True))
                self._add_parts(made, status, rows)

    def _lead_from_public(self, link, status):
        target = self.of(link.target, status)
        if row := self.waiting.get((link, status)):
            if link.field.many_to_many:
                getattr(row, link.name).add(target)
            else:  # Not by save(): that it was changed is told.
                link.model.objects.filter(pk=row.pk).update(**{link.name: target})
            return
        given = {link.name: target} | canaries(link.model, "published")
        row = make(link.model, filled(link.model, given, self.public))
        if link.is_title:
            self.veiled.append(row)
            self._add_parts(row, "published", self.public)
