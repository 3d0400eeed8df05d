"""The rows of a sheet as they are read: what each cell says, and all that is wrong before the database is asked."""

from dataclasses import dataclass, field as attribute
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from import_export.results import RowResult

from apps.core.fixture_files import Wrong, nearest_name
from apps.curation.sheet_columns import sheet_columns
from apps.curation.sheet_files import Line
from apps.curation.word_differences import difference

# Signs of a value that are shown beside what is wrong with it.
SHOWN = 80


class Complaint(NamedTuple):
    """What is wrong with a row: the columns that it is about, "" for the whole row, and what they hold."""

    number: int
    columns: str
    value: str
    what: str


@dataclass(eq=False)
class Draft:
    """A row on its way: what its cells say, what is wrong with them, and what they change."""

    line: Line
    key: str = ""
    # new, update or skip, as import-export has it.
    kind: str = ""
    # Whether readers have the entry before them, so that the change is to wait as its pending revision.
    waits: bool = False
    said: dict = attribute(default_factory=dict)
    errors: dict = attribute(default_factory=dict)
    values: dict = attribute(default_factory=dict)
    # {column: (cell before, cell after)}
    changes: dict = attribute(default_factory=dict)

    @property
    def differences(self):
        """[(column, HTML of both cells in one)]; of what is new, the cells themselves."""
        if self.kind == RowResult.IMPORT_TYPE_NEW:
            return [(name, after) for name, (_before, after) in self.changes.items()]
        return [(name, difference(*cells)) for name, cells in self.changes.items()]


class Reading:
    """What a sheet of entries of one kind says: a Draft for each row, and the `problems` of the sheet as a whole.

    Without the column of the identifier there are no drafts.
    """

    def __init__(self, model, sheet):
        self.model, self.sheet, self.problems, self.drafts = model, sheet, [], []
        self.columns = sheet_columns(model)
        self.key_column = self.columns[model.public_id_field]
        self.places = {name: place for place, name in enumerate(sheet.names) if name in self.columns}
        self.given = [column for name, column in self.columns.items() if name in self.places]
        self._check_names()
        if self.key_column.name in self.places:
            self.drafts = [self._draft(line) for line in sheet.lines]
            self._refuse_twins()

    def _check_names(self):
        names, known = self.sheet.names, self.columns
        for name in dict.fromkeys(names):
            if not name:
                self.problems.append(_("A column has no name; name it in the first row, or delete it."))
            elif name not in known:
                near = nearest_name(name, known)
                what = _("There is no column “%(name)s”; did you mean “%(near)s”?")
                what = what if near else _("There is no column “%(name)s”.")
                self.problems.append(what % {"name": name[:SHOWN], "near": near})
            elif names.count(name) > 1:
                self.problems.append(_("The column “%(name)s” is there twice.") % {"name": name})
        if not self.sheet.lines:
            self.problems.append(_("There are no rows below the names of the columns."))
        if self.key_column.name not in names:
            what = _("The column “%(name)s” is missing: it says which entry a row is about.")
            self.problems.append(what % {"name": self.key_column.name})

    def _draft(self, line):
        draft = Draft(line)
        if line.wrong:
            draft.errors[NON_FIELD_ERRORS] = ValidationError(line.wrong)
        for column in self.given:
            cell = line.cells[self.places[column.name]]
            try:
                draft.said[column.name] = column.read(cell)
            except Wrong as error:
                draft.errors[column.name] = ValidationError(str(error))
            except ValidationError as error:
                draft.errors[column.name] = error
        draft.key = draft.said.get(self.key_column.name, "")
        if self.key_column.name == "slug" and draft.key != draft.key.lower():
            what = _("write it in small letters: %(slug)s") % {"slug": draft.key.lower()}
            draft.errors["slug"] = ValidationError(what)
        return draft

    def _refuse_twins(self):
        # {identifier: number of the row}
        self.lines = {}
        for draft in self.drafts:
            before = self.lines.setdefault(draft.key, draft.line.number) if draft.key else draft.line.number
            if before != draft.line.number:
                what = _("row %(number)d is of the same entry; leave one of them") % {"number": before}
                draft.errors[self.key_column.name] = ValidationError(what)

    def shown(self, draft, names):
        """The cells of a row in these columns, short enough to stand beside what is wrong with them."""
        cells = [draft.line.cells[self.places[name]] for name in names if name in self.places]
        text = ", ".join(cell for cell in cells if cell)
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
