"""What is wrong with the lines of a file: where, the value, and what would be right."""

from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models

from apps.core.fields import DerivedField
from apps.core.tables import key_text
from apps.core.writing import what_is_right

# Signs of a value that are shown.
SHOWN = 60


class Complaints:
    """Sentences of the form `visit.csv: line 12: column date: “1993-13”: ...`, added to `problems`."""

    def __init__(self, problems, reader):
        self.problems, self.model, self.file = problems, reader.table.model, reader.table.name
        self.places = {column.name: place for place, column in enumerate(reader.columns)}

    def add(self, draft, *names, what):
        """Of the columns named, those that the file has."""
        draft.faulty = True
        names = [name for name in self.places if name in names] or names
        where = [f"column{'s' * (len(names) > 1)} {', '.join(names)}"] if names else []
        values = [self._shown(draft, name) for name in names if name in self.places]
        where += [", ".join(values)] if values else []
        self.problems.add(self.file, f"line {draft.line.number}", *where, what=what)

    def add_all(self, draft, error):
        """Each of the errors that a ValidationError has."""
        for name, errors in error.update_error_dict({}).items():
            for each in errors:
                names = self._at_fault(each) if name == NON_FIELD_ERRORS else [name]
                what = " ".join(each.messages) + what_is_right(self.model, name, each)
                self.add(draft, *names, what=what)

    def add_unknown(self, draft, column, key, references):
        model = column.field.related_model
        # To look for one that is similar takes long.
        near = "" if self.problems.full else references.nearest(model, key)
        self.add(draft, column.name, what=f"no {model._meta.verbose_name} “{key_text(key)}”{near}")

    def _shown(self, draft, name):
        text = draft.line.cells[self.places[name]]
        return f"“{text}”" if len(text) <= SHOWN else f"“{text[:SHOWN]}...”"

    def _at_fault(self, error):
        """The columns that a rule speaks of which is that of the whole row."""
        if checked := (error.params or {}).get("unique_check"):
            return checked
        for rule in self.model._meta.constraints:
            if str(rule.get_violation_error_message()) == error.message:
                return sorted(self._named(rule))
        return []

    def _named(self, rule):
        names = rule.fields if isinstance(rule, models.UniqueConstraint) else ()
        for name in names or rule.condition.referenced_base_fields:
            field = self.model._meta.get_field(name)
            # Bounds of dates are no columns of a file; what they follow from is.
            yield from field.sources if isinstance(field, DerivedField) else [name]
