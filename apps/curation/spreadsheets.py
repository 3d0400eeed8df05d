"""Bringing a spreadsheet of entries of one kind into the database, all of it or nothing.

A row of a new identifier makes a draft; one of a draft, or of an entry in review, changes it; one of an entry that is
or was public is handed to `propose`. A row that would change nothing is left alone. Each row that is written leaves
history, with who wrote it and why.

django-import-export runs through the rows, each in a savepoint of its own, and counts what became of them. It would
read each cell by a query, hide the other mistakes of a row behind an unknown reference, and copy each entry with all
that is loaded of it to see what changed: all cells are read beforehand here, and what they name is found at once.
"""

from collections import defaultdict
from contextlib import nullcontext
from functools import cache, partial
from hashlib import sha256

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from import_export.declarative import ModelDeclarativeMetaclass
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.results import RowResult
from tablib import Dataset

from apps.core.admin_forms import constraint_fields
from apps.core.bulk import batches
from apps.core.changes import together, undone
from apps.core.fixture_files import Wrong
from apps.core.languages import either
from apps.core.references import References
from apps.core.tables import key_text, safe_cell
from apps.core.writing import what_is_right
from apps.curation import workflow
from apps.curation.sheet_columns import Unknown, sheet_columns
from apps.curation.sheet_files import MOST_ROWS
from apps.curation.sheet_reading import SHOWN, Complaint, Reading
from apps.curation.versions import tried, version_of

# For so many unknown names a similar one is looked for, which takes long.
SUGGESTED = 30


def propose(entry, save, *, user, reason):
    """Of a row that changes an entry which is or was public: `save()` would write it and what belongs to it.

    It becomes the pending revision. Without a reason, in a preview, it is only tried. Raises ValidationError.
    """
    if workflow.pending_of(entry):
        raise ValidationError(
            _("“%(key)s” has a pending revision. Decide on that first, or leave its row out of the sheet.")
            % {"key": entry.public_id}
        )
    version = tried(entry, None, lambda: (save(), version_of(entry))[1])
    if reason:
        workflow.propose(entry, version, user=user, reason=reason)


class SheetField(Field):
    """A column for import-export, which has it written into a sheet here."""

    def __init__(self, column):
        super().__init__(attribute=column.name, column_name=column.name)
        self.column = column

    def __deepcopy__(self, memo):
        return self

    def export(self, instance, **kwargs):
        return safe_cell(self.column.cell(instance))


class NamelessResult(RowResult):
    """Without the title of each entry, which would take some queries each."""

    def add_instance_info(self, instance):
        self.object_id = instance.pk


class SheetResource(ModelResource):
    """The sheet of a kind of entries. One object reads one sheet; see `import_sheet`."""

    def __init__(self, sheet=None, **kwargs):
        super().__init__(**kwargs)
        self.model, self.columns = self._meta.model, sheet_columns(self._meta.model)
        self.reading = Reading(self.model, sheet) if sheet else None
        self.complaints = []
        self.references, self.suggested = References(), 0
        self.is_written = False

    @classmethod
    def get_row_result_class(cls):
        return NamelessResult

    # What import-export calls

    def before_import(self, dataset, *, user, reason, **kwargs):
        self.user, self.reason = user, reason
        self._load_entries()
        self._find_named()
        self._require_columns()

    def import_row(self, row, instance_loader, **kwargs):
        self.draft = draft = self.reading.drafts[kwargs["row_number"] - 1]
        result = super().import_row(row, instance_loader, **kwargs)
        draft.kind = result.import_type
        if result.validation_error:
            self._complain(draft, result.validation_error)
        for error in result.errors:
            raise error.error
        return result

    def get_instance(self, instance_loader, row):
        return self.stored.get(self.draft.key)

    def import_instance(self, instance, row, **kwargs):
        draft, is_new = self.draft, instance._state.adding
        for column in self.reading.given:
            if column.name in draft.errors:
                continue
            said = draft.said[column.name]
            try:
                value = column.value(said, self.named)
            except Unknown as error:
                draft.errors[column.name] = ValidationError(self._unknown(error))
            except Wrong as error:
                draft.errors[column.name] = ValidationError(str(error))
            else:
                if not column.has(instance, value):
                    self._put(column, instance, said, value)
        if draft.errors:
            raise ValidationError(draft.errors)
        if is_new:
            draft.changes = {name: cells for name, cells in draft.changes.items() if cells[1]}

    def _put(self, column, instance, said, value):
        before = "" if instance._state.adding else column.cell(instance)
        after = column.cell_after(instance, said)
        self.draft.values[column] = column.put(instance, value)
        # Of what refers to nothing, the entry itself says how it is written.
        self.draft.changes[column.name] = (before, column.cell(instance) if after is None else after)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        return not (import_validation_errors or self.draft.values or instance._state.adding)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """As `full_clean`, but for the rules of the table: these the database tries, at no cost, when it is saved.

        They are tried here where the row will not be saved, to tell at once all that is wrong with it.
        """
        errors = dict(import_validation_errors or {})
        if instance._state.adding and workflow.led_elsewhere(instance):
            errors[self.model.public_id_field] = workflow.LED_ELSEWHERE
        keys = {field.name for field in self.model._meta.fields if field.is_relation}
        for check in (
            partial(instance.clean_fields, exclude=keys | errors.keys() | self.lacking),
            instance.clean,
        ):
            try:
                check()
            except ValidationError as error:
                errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(self._broken(instance, errors))

    def _broken(self, instance, errors):
        """The errors, and those of the rules that the entry breaks, by the columns that each speaks of."""
        for model, rules in instance.get_constraints():
            for rule in rules:
                try:
                    rule.validate(model, instance, exclude=errors.keys() | self.lacking)
                except ValidationError as error:
                    names = [name for name in self.columns if name in constraint_fields(model, rule)]
                    errors.setdefault(", ".join(names) or NON_FIELD_ERRORS, []).extend(error.error_list)
        return errors

    def save_instance(self, instance, is_create, row, **kwargs):
        save = partial(self._write, instance, self.draft.values)
        self.draft.waits = not is_create and workflow.was_public(instance)
        if self.draft.waits:
            propose(instance, save, user=self.user, reason=self.reason)
        else:
            save()

    def save_m2m(self, instance, row, **kwargs):
        """Done by `save_instance`, with all that belongs to an entry."""

    def after_import(self, dataset, result, **kwargs):
        """Not what the package does: keys of deleted rows, which history still speaks of, would be given out again."""

    def filter_export(self, queryset, **kwargs):
        return self._loaded(queryset, self.columns.values())

    # Finding

    def _load_entries(self):
        """The entries that there are, by identifier, with what their cells read."""
        name, keys = self.model.public_id_field, {draft.key for draft in self.reading.drafts} - {""}
        rows = self._loaded(self.model._base_manager.all(), self.reading.given)
        self.stored = {
            entry.public_id: entry
            for batch in batches(keys)
            for entry in rows.filter(**{f"{name}__in": batch})
        }

    def _loaded(self, rows, columns):
        joined = [name for column in columns for name in column.joined]
        fetched = [name for column in columns for name in column.fetched]
        return rows.select_related(*joined or [None]).prefetch_related(*fetched)

    def _find_named(self):
        """{model: {key: primary key}} of all that the cells name."""
        keys = defaultdict(set)
        for draft in self.reading.drafts:
            for column in self.reading.given:
                for model in column.models:
                    keys[model].update(column.keys(draft.said.get(column.name, ())))
        self.named = {model: self.references.find(model, keys[model]) for model in keys}

    def _require_columns(self):
        new = [draft.line.number for draft in self.reading.drafts if draft.key not in self.stored]
        missing = [
            name
            for name, column in self.columns.items()
            if column.is_required and name not in self.reading.places
        ]
        self.lacking = set(missing)
        for name in missing if new else ():
            what = _("The column “%(name)s” is missing, and entries that are new need it: row %(number)d.")
            self.reading.problems.append(what % {"name": name, "number": new[0]})

    def _unknown(self, error):
        names = {
            "kind": either(str(model._meta.verbose_name) for model in error.models),
            "key": key_text(error.key)[:SHOWN],
        }
        if self.model in error.models and key_text(error.key) in self.reading.lines:
            return _("no %(kind)s “%(key)s” as yet: its own row has to come before this one") % names
        what = _("no %(kind)s “%(key)s”") % names
        self.suggested += 1
        near = (self.references.nearest(model, error.key) for model in error.models)
        return what + next(filter(None, near), "") if self.suggested <= SUGGESTED else what

    # Writing

    def _write(self, instance, values):
        """The entry and all that belongs to it."""
        instance.updated_by = self.user
        if instance._state.adding:
            instance.created_by = self.user
        self._stamp(instance)
        try:
            with transaction.atomic():
                instance.save()
                for column, value in values.items():
                    column.write(instance, value, self._stamp)
        except (IntegrityError, DataError, OverflowError) as error:
            raise ValidationError(self._broken(instance, {}) or {NON_FIELD_ERRORS: str(error)}) from error
        self.named.setdefault(self.model, {})[instance.natural_key()] = instance.pk

    def _stamp(self, row):
        row._history_user, row._change_reason = self.user, self.reason

    # Complaining

    def _complain(self, draft, error):
        order = {name: place for place, name in enumerate(self.columns)}
        found = error.update_error_dict({}).items()
        for names, errors in sorted(found, key=lambda pair: order.get(pair[0].split(", ")[0], len(order))):
            names = "" if names == NON_FIELD_ERRORS else names
            value = self.reading.shown(draft, names.split(", "))
            for each in errors:
                what = " ".join(each.messages) + what_is_right(self.model, names, each)
                self.complaints.append(Complaint(draft.line.number, names, value, what))

    # What became of it

    @property
    def problems(self):
        """What is wrong with the sheet as a whole."""
        return self.reading.problems

    @property
    def is_refused(self):
        return bool(self.problems or self.complaints)

    @property
    def changing(self):
        """The rows that add or change an entry."""
        return [
            draft
            for draft in self.reading.drafts
            if draft.kind in (RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE)
        ]

    def count(self, kind):
        return sum(draft.kind == kind for draft in self.reading.drafts)

    @property
    def digest(self):
        """The same for two imports of a sheet that change the same."""
        told = [
            (draft.line.number, draft.kind, draft.key, sorted(draft.changes.items()))
            for draft in self.reading.drafts
        ]
        return sha256(repr(told).encode()).hexdigest()


@cache
def resource_of(model):
    """The SheetResource of a kind of entries."""
    columns = sheet_columns(model)
    options = {
        "model": model,
        "fields": list(columns),
        "import_id_fields": [model.public_id_field],
        "use_transactions": True,
        "skip_diff": True,
        # As many rows as there can be with one query for each relation.
        "chunk_size": MOST_ROWS,
    }
    fields = {name: SheetField(column) for name, column in columns.items()}
    return ModelDeclarativeMetaclass(
        f"{model.__name__}Sheet", (SheetResource,), {**fields, "Meta": type("Meta", (), options)}
    )


def import_sheet(model, sheet, *, user, reason="", previewed=""):
    """Writes the sheet, unless something is wrong, and returns its SheetResource, which says what.

    Without a reason nothing is written. With one, and the digest of what somebody has seen, it is written only if it
    still comes to the same.
    """
    run = resource_of(model)(sheet)
    if not run.reading.drafts:
        return run
    rows = Dataset(*(line.cells for line in sheet.lines), headers=sheet.names)
    with nullcontext() if reason else undone(), together():
        run.import_data(rows, rollback_on_validation_errors=True, user=user, reason=reason)
        run.is_written = bool(reason) and not run.is_refused and previewed == run.digest
        if not run.is_written:
            transaction.set_rollback(True)
    return run
