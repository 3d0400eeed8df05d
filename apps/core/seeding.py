"""Bringing the database to what the fixtures say: all of it or nothing, and never over a curator's change."""

from contextlib import contextmanager
from dataclasses import dataclass, field as attribute
from difflib import get_close_matches

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, transaction

from apps.core.changes import together
from apps.core.curation import SEED_REASON, Curated, root
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
from apps.core.recording import link_and_record


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


def holds_data():
    """Whether any table that has fixtures has a row."""
    return any(model._base_manager.exists() for model in fixture_models())


def apply(directory, *, dry_run=False):
    """Writes what the fixtures have that the database has not, in one transaction, with history; returns a Report.

    Rows that are no longer in the fixtures stay. Raises Refused, having written nothing, where a fixture is wrong.
    """
    with together(), _queries_unlogged():
        report = _Run(directory).report()
        if dry_run:
            transaction.set_rollback(True)
    return report


@contextmanager
def _queries_unlogged():
    """With DEBUG, Django keeps the text of every query, which doubles the time of a run."""
    kept = connection.make_debug_cursor
    connection.make_debug_cursor = connection.make_cursor
    try:
        yield
    finally:
        connection.make_debug_cursor = kept


class _Run:
    def __init__(self, directory):
        self.problems = Problems()
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
        for model, drafts in self.drafts.items():
            self._save_all([draft for draft in drafts if not draft.refused])
            self._record_added(model)
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
        """Saves what can be saved, in as many rounds as it takes.

        A row may have to wait for one of its own kind that it refers to, or that still holds the position or the
        like that it takes over. Each round goes the other way, so that a shift of many rows takes two.
        """
        while drafts:
            left = [(draft, error) for draft in drafts if (error := self._save(draft))]
            if len(left) == len(drafts):
                self._give_up(left)
                return
            drafts = [draft for draft, _ in reversed(left)]

    def _give_up(self, left):
        waiting = [draft for draft, error in left if error is WAITING]
        for draft, error in left:
            if error is not WAITING:
                self._complain(draft, error)
            elif len(waiting) == len(left):
                names = " and ".join(target.name for target in draft.targets if target in waiting)
                self._problem(draft, what=f"refers to {names} and so, in the end, to itself")
            self._refuse(draft)

    def _save(self, draft):
        """None if the draft needs nothing more, WAITING, or the error that keeps it from being saved."""
        if any(target.refused for target in draft.targets):
            self._refuse(draft)  # What is wrong is said of the target.
            return None
        missing = next((target for target in draft.targets if target.instance.pk is None), None)
        if missing:
            return self._skip(draft, f"{missing.name} is not there") if missing.skipped else WAITING
        stored = self.stored[draft.model].get(draft.key)
        changes = _changes(stored, draft) if stored else {}
        if stored and not changes:
            self.result.unchanged += 1
            return None
        if self.curated and (reason := self.curated.why_kept(draft.instance)):
            return self._skip(draft, reason)
        error = _write(draft)
        if not error and stored:
            self.result.changed.append((draft, changes))
        elif not error:
            self.result.added.append(draft)
        return error

    def _record_added(self, model):
        added = [(draft.instance, draft.many) for draft in self.result.added if draft.model is model]
        link_and_record(model, added, reason=SEED_REASON)
        for instance, _ in added:
            del instance.skip_history_when_saving

    def _skip(self, draft, reason):
        draft.skipped = True
        self.result.skipped.append((draft, reason))

    def _refuse_uncited(self):
        for model in fixture_models():
            if hasattr(model._default_manager, "uncited"):
                for instance in model._default_manager.published().uncited():
                    draft = self.by_key[model].get(frozen(instance.natural_key()))
                    if draft and not self._is_excused(draft):
                        what = f"published without a passage that supports it; add one to {_citations(model)}"
                        self._problem(draft, "citations", what)

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
                    draft, "" if name == NON_FIELD_ERRORS else name, what + _right(draft, name, each)
                )

    def _problem(self, draft, name="", what=""):
        self.problems.add(file_name(draft.model), draft.name, *filter(None, [name]), what=what)


WAITING = ValidationError("waits for a row that it refers to")


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


def _write(draft):
    """Validates and saves; returns the ValidationError, None if there is none.

    What `full_clean` asks the database about, row by row and at five times the cost, are rules that the database
    has anyway (uniqueness, constraints). It is asked only if the database has refused the row, for the words.
    """
    instance = draft.instance
    adding = instance._state.adding
    for field in kept_fields(draft.model):
        if field.many_to_one:
            setattr(instance, field.name, getattr(instance, field.name))  # It has a primary key by now.
    instance._change_reason = SEED_REASON
    if adding:
        instance.skip_history_when_saving = True  # `_record_added` writes it, for all at once.
    try:
        instance.clean()
        with transaction.atomic():
            instance.save()
            if not adding:
                for name, targets in draft.many.items():
                    getattr(instance, name).set(targets)
    except ValidationError as error:
        return error
    except (DatabaseError, OverflowError) as error:
        if adding:
            instance.pk, instance._state.adding = None, True
        return _in_words(instance, error)
    return None


def _in_words(instance, refusal):
    try:
        instance.full_clean()
    except ValidationError as error:
        return error
    return ValidationError({NON_FIELD_ERRORS: str(refusal)})


def _right(draft, name, error):
    """What would be right, where Django's message does not say so."""
    if error.code != "invalid_choice":
        return ""
    choices = [str(value) for value, _ in draft.model._meta.get_field(name).flatchoices]
    return f" One of: {', '.join(choices)}."


def _citations(model):
    return file_name(model._meta.get_field("citations").related_model)
