"""What an entry is called that goes by the names of others, such as a visit: declared by each kind, of parts.

So it is said of one row in the language of the reader, and, for a file, of thousands of rows in all languages at once.
"""

from functools import cache, partial
from itertools import repeat

from django.conf import settings
from django.utils import translation


class Headline:
    """A sentence with parts in it, `"%(visitor)s to %(host)s"`, or another one for some values of the column `by`."""

    def __init__(self, sentence, *, by="", sentences=None, **parts):
        self.sentence, self.by, self.sentences, self.parts = sentence, by, sentences or {}, parts

    def of(self, row):
        parts = {name: part.of(row) for name, part in self.parts.items()}
        return self.filled(getattr(row, self.by, ""), **parts)

    def filled(self, value="", **parts):
        """The sentence for this value of the column `by`, with these texts as its parts."""
        return self._sentence(value) % parts

    def _sentence(self, value):
        return str(self.sentences.get(value, self.sentence))

    def reads(self, model):
        """As that of `core.table_cells.Cells`."""
        names = [self.by] if self.by else []
        names += [model._meta.get_field(name).attname for part in self.parts.values() for name in part.fields]
        return dict.fromkeys(names)

    def columns(self, model, lookups, chunk):
        """The headlines in each language, for the rows of a chunk (`core.table_cells`)."""
        kinds = chunk[self.by] if self.by else ("",)
        patterns = in_languages(self._pattern, {*kinds})
        parts = [part.columns(model, lookups, chunk) for part in self.parts.values()]
        for known, texts in zip(patterns, zip(*parts, strict=True), strict=True):
            of_each = [known[kind] for kind in kinds] if self.by else repeat(known[""])
            yield list(map(str.format, of_each, *texts))

    def _pattern(self, value):
        """The sentence with a number for each part, which is filled in sooner than a name."""
        sentence = self._sentence(value).replace("{", "{{").replace("}", "}}")
        return sentence % {name: f"{{{place}}}" for place, name in enumerate(self.parts)}


class Name:
    """The name of that to which a foreign key leads; of several keys, the first that leads anywhere."""

    def __init__(self, *fields, named=str):
        self.fields, self._named = fields, named

    def of(self, row):
        named = (getattr(row, name) for name in self.fields)
        return self._named(next((other for other in named if other is not None), None))

    def columns(self, model, lookups, chunk):
        found = repeat(None)
        for field in map(model._meta.get_field, reversed(self.fields)):
            find = partial(self._find, field.related_model)
            names = lookups.each((self, field.related_model), chunk[field.attname], find)
            found = [one or other for one, other in zip(names, found, strict=False)]
        return zip(*found, strict=True)

    def _find(self, model, pks):
        """{primary key: its name in each language}"""
        if self._named is str and hasattr(model, "names_in_languages"):
            return dict.fromkeys(pks) | model.names_in_languages(pks - {None})
        rows = {row.pk: row for row in model._base_manager.filter(pk__in=pks).only(*model.name_fields)}
        known = in_languages(lambda pk: self._named(rows[pk]), rows)
        return dict.fromkeys(pks) | {pk: tuple(names[pk] for names in known) for pk in rows}


class Label:
    """The label of a value that is one of the choices of its field."""

    def __init__(self, field):
        self.fields = (field,)

    def of(self, row):
        return self._label(type(row), getattr(row, self.fields[0]))

    def _label(self, model, value):
        return str(labels_of(model._meta.get_field(self.fields[0])).get(value, value))

    def columns(self, model, _lookups, chunk):
        found = chunk[self.fields[0]]
        labels = in_languages(partial(self._label, model), {*found})
        return [list(map(known.__getitem__, found)) for known in labels]


class Words:
    """What a column says, whatever the language; where it says nothing, what another part does."""

    def __init__(self, field, *, otherwise=None):
        self.otherwise, self.fields = otherwise, (field, *(otherwise.fields if otherwise else ()))

    def of(self, row):
        return getattr(row, self.fields[0]) or (self.otherwise.of(row) if self.otherwise else "")

    def columns(self, model, lookups, chunk):
        found = chunk[self.fields[0]]
        if not self.otherwise:
            return [found for _language in settings.LANGUAGES]
        others = self.otherwise.columns(model, lookups, chunk)
        return [[own or other for own, other in zip(found, texts, strict=True)] for texts in others]


def in_languages(say, values):
    """For each language of the site, {value: what `say` says of it in that language}."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append({value: say(value) for value in values})
    return found


@cache
def labels_of(field):
    """{value: label, to be translated when it is read} of the choices of a field."""
    return dict(field.flatchoices)
