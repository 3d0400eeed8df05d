"""Bringing the database to what the fixtures say: all of it or nothing, and never over a curator's change."""

from dataclasses import dataclass, field as attribute
from difflib import get_close_matches

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import transaction

from apps.core.changes import together
from apps.core.curated import SEED_REASON, Curated, root
from apps.core.fixture_files import read
from apps.core.fixtures import (
    Problems,
    Row,
    default,
    file_name,
    fixture_models,
    frozen,
    kept_fields,
    spelled,
    stored_rows,
)
from apps.core.writing import (
    UNCITED,
    WAITING,
    Writer,
    in_bulk,
    in_rounds,
    in_words,
    uncited,
    what_is_right,
)


class Refused(Exception):
    """The fixtures are at fault and nothing was written; `str()` says what is wrong, a line each."""


@dataclass(slots=True)
class Report:
    """What a run did, or would do.

    A change is {field: (JSON value before, after)}; a row is skipped for a reason, and gone if the fixtures, from
    which it came, have it no more.
    """

    added: list = attribute(default_factory=list)
    changed: list = attribute(default_factory=list)
    skipped: list = attribute(default_factory=list)
    gone: list = attribute(default_factory=list)
    unchanged: int = 0


@dataclass(eq=False, slots=True)
class Draft(Row):
    """A row of the fixtures on its way into the database."""

    key: tuple | None = None
    targets: list = attribute(default_factory=list)
    faulty: set = attribute(default_factory=set)
    refused: bool = False
    skipped: bool = False
    changes: dict = attribute(default_factory=dict)

    @property
    def links(self):
        """The primary keys of what its many-to-many fields link to."""
        fields = self.model._meta.many_to_many
        return {field.name: [target.pk for target in self.many.get(field.name, [])] for field in fields}


def holds_data():
    """Whether any table that has fixtures has a row."""
    return any(model._base_manager.exists() for model in fixture_models())


def apply(directory, *, dry_run=False):
    """Writes what the fixtures have that the database has not, in one transaction, with history; returns a Report.

    Rows that are no longer in the fixtures stay. Raises Refused, having written nothing, where a fixture is wrong.
    """
    with in_bulk(), together():
        report = _Run(directory).report()
        if dry_run:
            transaction.set_rollback(True)
    return report


class _Run:
    def __init__(self, directory):
        self.problems, self.writer = Problems(), Writer(reason=SEED_REASON)
        self.result = Report()
        self.stored = stored_rows()
        # In tables that are empty there is nothing of a curator's to keep, whatever their history.
        self.curated = Curated() if any(self.stored.values()) else None
        self.drafts = {model: [] for model in fixture_models()}
        self.by_key = {model: {} for model in fixture_models()}
        # Entries of which a part is refused: that they lack a citation need not be said as well.
        self.spared = set()
        self._read(directory)

    def report(self):
        for drafts in self.drafts.values():
            self._save_all([draft for draft in drafts if not draft.refused])
        self._refuse_uncited()
        if self.problems:
            raise Refused(str(self.problems))
        self._find_gone()
        return self.result

    # Reading

    def _read(self, directory):
        entries = {model: [] for model in fixture_models()}
        for entry in read(directory, self.problems):
            entries[entry.model].append(entry)
        if self.problems.unreadable:
            raise Refused(str(self.problems))
        if not self.problems and not any(entries.values()):
            raise Refused(f"There are no fixtures in {directory}.")
        for model in fixture_models():
            self._build(model, entries[model])

    def _build(self, model, entries):
        relations = [field for field in kept_fields(model) if field.is_relation]
        # A row may refer to one of its own kind that comes later in the file.
        to_own_kind = [field for field in relations if field.related_model is model]
        to_others = [field for field in relations if field.related_model is not model]
        names = {field.name for field in relations}
        drafts = self.drafts[model]
        for entry in entries:
            plain = {name: value for name, value in entry.fields.items() if name not in names}
            drafts.append(Draft(model(**plain), entry.name, faulty=entry.faulty))
            self._refer(drafts[-1], to_others, entry.fields)
            self._register(drafts[-1])
        for draft, entry in zip(drafts, entries, strict=True):
            self._refer(draft, to_own_kind, entry.fields)
            self._check_fields(draft)

    def _refer(self, draft, relations, fields):
        for field in relations:
            if fields.get(field.name) is None:
                continue
            keys = fields[field.name] if field.many_to_many else [fields[field.name]]
            found = [self._find(draft, field, key) for key in keys]
            if None in found:
                draft.faulty.add(field.name)
                continue
            draft.targets += found
            if field.many_to_many:
                draft.many[field.name] = [target.instance for target in found]
            else:
                setattr(draft.instance, field.name, found[0].instance)

    def _find(self, draft, field, key):
        known = self.by_key[field.related_model]
        if key not in known:
            kind, file = field.related_model._meta.verbose_name, file_name(field.related_model)
            names = {} if self.problems.full else {spelled(other): other for other in known}
            near = get_close_matches(spelled(key), names, 1)
            hint = f"; did you mean {list(names[near[0]])}?" if near else ""
            self._problem(draft, field.name, f"no {kind} “{spelled(key)}” in {file}{hint}")
        return known.get(key)

    def _register(self, draft):
        """Gives the draft its natural key, and the row of the database that has the same."""
        model = draft.model
        try:
            key = frozen(draft.instance.natural_key())
        except (ObjectDoesNotExist, AttributeError):
            return  # It lacks what identifies it, which is said where that field is checked.
        if not key[0]:
            return
        draft.key, draft.name = key, spelled(key)
        if key in self.by_key[model]:
            self._problem(draft, what="given twice: no two entries have the same natural key")
            self._refuse(draft)
            return
        self.by_key[model][key] = draft
        if key in self.stored[model]:
            _adopt(draft.instance, self.stored[model][key].instance)

    def _check_fields(self, draft):
        relations = [field.name for field in kept_fields(draft.model) if field.is_relation]
        try:
            draft.instance.clean_fields(exclude={*relations, *draft.faulty})
        except ValidationError as error:
            self._complain(draft, error)
        if draft.faulty:
            self._refuse(draft)

    # Writing

    def _save_all(self, drafts):
        left = in_rounds(drafts, self._save)
        waiting = [draft for draft, error in left if error is WAITING]
        for draft, error in left:
            if error is not WAITING:
                self._complain(draft, in_words(draft.instance, error))
            elif len(waiting) == len(left):
                names = " and ".join(target.name for target in draft.targets if target in waiting)
                self._problem(draft, what=f"refers to {names} and so, in the end, to itself")
            self._refuse(draft)

    def _save(self, drafts):
        """[(draft, error)] of those that are not done with."""
        errors = [(draft, error) for draft in drafts if (error := self._wait(draft))]
        waiting = {id(draft) for draft, _error in errors}
        ready = [draft for draft in drafts if id(draft) not in waiting and self._needs_writing(draft)]
        errors += self.writer.write(type(drafts[0].instance), ready)
        failed = {id(draft) for draft, _error in errors}
        for draft in ready:
            if id(draft) not in failed and draft.key in self.stored[draft.model]:
                self.result.changed.append((draft, draft.changes))
            elif id(draft) not in failed:
                self.result.added.append(draft)
        return errors

    def _wait(self, draft):
        """WAITING where it refers to what is yet to be written."""
        targets = [target for target in draft.targets if target.instance.pk is None]
        return WAITING if any(not target.refused and not target.skipped for target in targets) else None

    def _needs_writing(self, draft):
        """Whether it is to be written, all that it refers to being there."""
        if any(target.refused for target in draft.targets):
            self._refuse(draft)  # What is wrong is said of the target.
            return False
        missing = next(
            (target for target in draft.targets if target.skipped and target.instance.pk is None), None
        )
        if missing:
            self._skip(draft, f"{missing.name} is not there")
            return False
        stored = self.stored[draft.model].get(draft.key)
        draft.changes = _changes(stored, draft) if stored else {}
        if stored and not draft.changes:
            self.result.unchanged += 1
            return False
        if self.curated and (reason := self.curated.why_kept(draft.instance)):
            self._skip(draft, reason)
            return False
        _point(draft)
        return True

    def _skip(self, draft, reason):
        draft.skipped = True
        self.result.skipped.append((draft, reason))

    def _refuse_uncited(self):
        for model in fixture_models():
            for instance in uncited(model):
                draft = self.by_key[model].get(frozen(instance.natural_key()))
                if draft and not self._is_excused(draft):
                    self._problem(draft, "citations", f"{UNCITED} {_citations(model)}")

    def _is_excused(self, draft):
        return id(draft.instance) in self.spared or (self.curated and self.curated.why_kept(draft.instance))

    def _find_gone(self):
        for model, rows in self.stored.items():
            for key, row in rows.items():
                if key not in self.by_key[model] and not self.curated.why_kept(row.instance):
                    self.result.gone.append(row)

    # What is wrong

    def _refuse(self, draft):
        draft.refused = True
        self.spared.add(id(root(draft.instance)))

    def _complain(self, draft, error):
        for name, errors in error.update_error_dict({}).items():
            draft.faulty.add(name)
            for each in errors:
                what = " ".join(each.messages)
                self._problem(
                    draft,
                    "" if name == NON_FIELD_ERRORS else name,
                    what + what_is_right(draft.model, name, each),
                )

    def _problem(self, draft, name="", what=""):
        self.problems.add(file_name(draft.model), draft.name, *filter(None, [name]), what=what)


def _adopt(instance, stored):
    """Makes the instance an update of the stored one: its key, and the columns that fixtures do not hold."""
    kept = {field.name for field in kept_fields(type(instance))}
    for field in instance._meta.concrete_fields:
        if field.name not in kept:
            setattr(instance, field.attname, getattr(stored, field.attname))
    instance._state.adding = False


def _changes(stored, draft):
    before, after = stored.as_json(), draft.as_json()
    fields = [field for field in kept_fields(draft.model) if before.get(field.name) != after.get(field.name)]
    return {
        field.name: (before.get(field.name, default(field)), after.get(field.name, default(field)))
        for field in fields
    }


def _point(draft):
    """Takes over the primary keys of what the draft refers to, which are there by now."""
    for field in kept_fields(draft.model):
        if field.many_to_one:
            setattr(draft.instance, field.name, getattr(draft.instance, field.name))


def _citations(model):
    return file_name(model._meta.get_field("citations").related_model)
