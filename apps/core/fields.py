"""Model fields whose columns follow from other fields: partial dates with their bounds, folded names."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils import timezone

from apps.core.dates import EARLIEST, LATEST, UNKNOWN, BadDate, PartialDate
from apps.core.forms import PartialDateFormField
from apps.core.spans import span_bounds
from apps.core.text import fold, lines


class DerivedAttribute(DeferredAttribute):
    """Computes the value anew whenever it is read, so that every way to write a row writes the true one.

    Also `loaddata`, which saves raw values and so passes `pre_save` by.
    """

    def __get__(self, instance, cls=None):
        if instance is None:
            return self
        try:
            return self.field.derive(instance)
        except (BadDate, TypeError):
            # A field that it follows from holds no valid value, which that field's own check reports.
            return super().__get__(instance, cls)

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class DerivedField:
    """Mixin of a column that follows from the fields named in `sources`, and is never edited itself.

    `PartialDateField` adds such columns, and a model that inherits or copies both (a subclass, a history table,
    a migration) must not get them twice: hence the check by name.
    """

    descriptor_class = DerivedAttribute
    sources = ()

    def contribute_to_class(self, cls, name, **kwargs):
        if name not in {field.name for field in cls._meta.local_fields}:
            super().contribute_to_class(cls, name, **kwargs)


class BoundField(DerivedField, models.DateField):
    """First or last day that a partial date allows; 0001-01-01 and 9999-12-31 say that it is not known.

    A row without a date so has bounds that sort and compare like any other: there is no NULL to lose rows.
    """

    def __init__(self, *args, source="", edge="earliest", **kwargs):
        self.source, self.edge = source, edge
        self.sources = (source,)
        kwargs.setdefault("default", EARLIEST if edge.endswith("earliest") else LATEST)
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source, "edge": self.edge}

    def derive(self, instance):
        return getattr(as_partial_date(getattr(instance, self.source)), self.edge)


class SpanBoundField(BoundField):
    """One of the four bounds of a span, computed from its `start`, `end` and `attested`."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sources = ("start", "end", "attested")

    def derive(self, instance):
        dates = (as_partial_date(getattr(instance, name)) for name in self.sources)
        return getattr(span_bounds(*dates), self.edge)


class FoldedField(DerivedField, models.TextField):
    """The folded text of several fields (their names in `sources`), one a line, to search in."""

    def __init__(self, *args, sources=(), **kwargs):
        self.sources = tuple(sources)
        kwargs |= {"editable": False, "blank": True, "default": ""}
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "sources": self.sources}

    def derive(self, instance):
        texts = (getattr(instance, name) for name in self.sources)
        return "\n".join(fold(line) for text in texts for line in lines(text or ""))


def as_partial_date(value):
    """`value`, a PartialDate or its text, as a PartialDate; raises BadDate."""
    return value if isinstance(value, PartialDate) else PartialDate.parse(value or "")


class TouchedField(models.DateTimeField):
    """When the row was last saved. Unlike `auto_now` it has a default, so that `loaddata` can do without it."""

    def __init__(self, *args, **kwargs):
        kwargs |= {"default": timezone.now, "editable": False}
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance, add):
        if hasattr(model_instance, "history_type"):
            return super().pre_save(model_instance, add)  # A record says when its row was saved.
        value = timezone.now()
        setattr(model_instance, self.attname, value)
        return value


class PartialDateAttribute(DeferredAttribute):
    """Reads back what was assigned as a PartialDate; text that is none stays text until validation refuses it."""

    def __set__(self, instance, value):
        try:
            instance.__dict__[self.field.attname] = as_partial_date(value)
        except (BadDate, TypeError):
            instance.__dict__[self.field.attname] = value


class PartialDateField(models.CharField):
    """A date as its source gives it (`core.dates`), plus two columns `<name>_earliest` and `<name>_latest`.

    The column holds the text as written; blank means that the date is not known. Filters and orders use the bounds.
    """

    descriptor_class = PartialDateAttribute
    bounded = True

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        if self.bounded:
            for edge in ("earliest", "latest"):
                bound = BoundField(f"{self.verbose_name} ({edge})", source=name, edge=edge)
                bound.contribute_to_class(cls, f"{name}_{edge}")

    def from_db_value(self, value, expression, connection):
        return PartialDate.parse(value or "")

    def to_python(self, value):
        try:
            return as_partial_date(value)
        except (BadDate, TypeError) as error:
            raise ValidationError(str(error), code="bad_date") from error

    def get_prep_value(self, value):
        return value if value is None or hasattr(value, "resolve_expression") else str(as_partial_date(value))

    def validate(self, value, model_instance):
        if value == UNKNOWN and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def run_validators(self, value):
        super().run_validators(str(value))

    def value_to_string(self, obj):
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PartialDateFormField, **kwargs})


class SpanDateField(PartialDateField):
    """One of the three dates of a span; the span's four bounds stand in place of its own two."""

    bounded = False
