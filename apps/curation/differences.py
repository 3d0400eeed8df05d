"""Two versions side by side, in the words of the admin: field by field, part by part."""

from collections import defaultdict
from dataclasses import dataclass, field as attribute

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from apps.core.bulk import batches
from apps.core.fixtures import default, whole_field
from apps.curation.versions import key_in_version, part_models, said_fields
from apps.curation.word_differences import side_by_side

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
MARKS = {
    ADDED: gettext_lazy("added"),
    REMOVED: gettext_lazy("taken away"),
    CHANGED: gettext_lazy("changed"),
}
NOTHING = {"own": {}, "parts": {}}


@dataclass(frozen=True)
class Line:
    """One field: its name, and what each version says, as texts."""

    label: str
    texts: tuple
    # Of two texts, the pieces of each: (text, whether the other has it).
    pieces: tuple = ()


@dataclass
class Group:
    """The lines of the entry itself, or of one of its parts."""

    title: str
    mark: str
    lines: list = attribute(default_factory=list)

    @property
    def mark_word(self):
        return MARKS[self.mark]


def differences(model, before, after, names=None):
    """The Groups in which two versions differ; without `before`, all that there is, and without `after`, that was.

    `names` may have been read before, for many pairs of versions at once.
    """
    names = names or Names()
    before, after = before or NOTHING, after or NOTHING
    own = _lines(model, before["own"], after["own"], names, whole=None)
    mark = ADDED if not before["own"] else CHANGED if after["own"] else REMOVED
    found = [Group(capfirst(model._meta.verbose_name), mark, own)] if own else []
    for part in part_models(model):
        label = part._meta.label_lower
        old, new = before["parts"].get(label, {}), after["parts"].get(label, {})
        for key in sorted({*old, *new}, key=int):
            found += _part(part, old.get(key), new.get(key), names)
    return found


def compared(model, before, theirs, mine):
    """Groups of all that either changed, each Line with three texts: before, theirs, mine."""
    names = Names()
    versions = (before, theirs, mine)
    own = _three_lines(model, [version["own"] for version in versions], names)
    found = [Group(capfirst(model._meta.verbose_name), CHANGED, own)] if own else []
    for part in part_models(model):
        label = part._meta.label_lower
        rows = [version["parts"].get(label, {}) for version in versions]
        for key in sorted({*rows[0], *rows[1], *rows[2]}, key=int):
            each = [some.get(key) for some in rows]
            if each[0] != each[1] or each[0] != each[2]:
                title = f"{capfirst(part._meta.verbose_name)}: {names.title(part, next(filter(None, each)))}"
                found.append(Group(title, CHANGED, _three_lines(part, each, names, whole_field(part))))
    return found


def _three_lines(model, each, names, whole=None):
    if None in each:
        words = [_("there") if values else _("not there") for values in each]
        return [Line(_("This row"), tuple(words))]
    lines = []
    for field in said_fields(model):
        values = [some[key_in_version(field)] for some in each]
        if field is not whole and not values[0] == values[1] == values[2]:
            texts = [names.text(field, value) for value in values]
            if values[2] == values[0]:
                texts[2] = _("(you left it as it was)")
            lines.append(Line(capfirst(str(field.verbose_name)), tuple(texts)))
    return lines


def _part(part, old, new, names):
    if old == new:
        return
    mark = ADDED if old is None else REMOVED if new is None else CHANGED
    lines = _lines(part, old or {}, new or {}, names, whole=whole_field(part))
    yield Group(f"{capfirst(part._meta.verbose_name)}: {names.title(part, new or old)}", mark, lines)


def _lines(model, old, new, names, whole):
    lines = []
    for field in said_fields(model):
        name = key_in_version(field)
        if field is whole or old.get(name) == new.get(name):
            continue
        texts = tuple(names.text(field, values[name]) if name in values else "" for values in (old, new))
        if any(texts):
            lines.append(Line(capfirst(str(field.verbose_name)), texts, side_by_side(*texts)))
    return lines


class Names:
    """What the values of a version are called; each row that they refer to is read once."""

    def __init__(self):
        self._known = {}

    def read(self, *references):
        """Reads the rows that versions refer to (`versions.references_of`), one query a table for all of them."""
        wanted = defaultdict(set)
        for found in references:
            for model, keys in found.items():
                wanted[model] |= keys
        for model, keys in wanted.items():
            for batch in batches(keys):
                there = {row.pk: str(row) for row in titled(model).filter(pk__in=batch)}
                self._known |= {(model, key): there.get(key) or _("deleted since") for key in batch}

    def text(self, field, value):
        """The value as a text; "" for nothing and for the value that a blank form has."""
        if field.many_to_many:
            return "; ".join(self._of_row(field.related_model, key) for key in value)
        if value is None or value == "":
            return ""
        if field.is_relation:
            return self._of_row(field.related_model, value)
        if isinstance(field, models.BooleanField):
            return _("yes") if value else _("no")
        return str(dict(field.flatchoices).get(value, value))

    def title(self, part, values):
        """What tells a part from its like: whom it names, or else all that it says."""
        fields = [field for field in said_fields(part) if field is not whole_field(part)]
        keys = [field for field in fields if field.is_relation and not field.many_to_many]
        told = [self.text(field, values.get(field.attname)) for field in keys]
        if not any(told):
            told = [
                self.text(field, values[key_in_version(field)])
                for field in fields
                if values.get(key_in_version(field)) != default(field)
            ]
        return ", ".join(filter(None, told))

    def _of_row(self, model, key):
        if (model, key) not in self._known:
            self.read({model: {key}})
        return self._known[model, key]


def titled(model):
    """Rows of the kind with what their titles read, where it reads anything of others."""
    rows = model._default_manager.all()
    return rows.for_title() if hasattr(rows, "for_title") else rows
