"""Forms and inline formsets of the admin: every rule of the database is answered at a field, before it is met."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import UniqueConstraint
from django.forms.formsets import TOTAL_FORM_COUNT
from django.forms.models import BaseInlineFormSet, InlineForeignKeyField
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from simple_history.manager import SIMPLE_HISTORY_REVERSE_ATTR_NAME

from apps.core.fields import DerivedField
from apps.core.text import NOT_XML

# The largest integer with so few digits fits the primary keys of both databases.
KEY_DIGITS = 18


def is_key(text):
    """Whether `text` could be a primary key. Django asks the database, which overflows on 10**30."""
    text = str(text)
    return text.isascii() and text.isdigit() and len(text) <= KEY_DIGITS


def constraint_fields(model, constraint):
    """Names of the fields that a constraint speaks of; for a derived column, of what it follows from."""
    if isinstance(constraint, UniqueConstraint) and constraint.fields:
        return set(constraint.fields)
    names = {reference[0] for reference in model._get_expr_references(constraint.condition)}
    fields = [model._meta.get_field(name) for name in names]
    return {name for field in fields for name in _edited(field)}


def _edited(field):
    return field.sources if isinstance(field, DerivedField) else (field.name,)


class KeyChoicesField(forms.ModelMultipleChoiceField):
    """Refuses what cannot be a primary key before a database sees it."""

    def clean(self, value):
        for key in value or ():
            if isinstance(key, str) and not is_key(key):
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": key})
        return super().clean(value)


def refuse_control_characters(text):
    if NOT_XML.search(text):
        raise ValidationError(_("It holds a control character, which no page shows. Delete it."))


class ConstrainedForm(forms.ModelForm):
    """Checks every constraint of the table that its fields bear on, and puts the message beside one of them.

    Django leaves out those that name a column which is not in the form (a bound derived from a date, the parent of
    an inline row), and shows the others above the form, far from what is wrong.
    """

    def clean(self):
        cleaned = super().clean()
        for name, value in [*self.cleaned_data.items()]:
            if isinstance(value, str):
                try:
                    refuse_control_characters(value)
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned

    def _post_clean(self):
        """As in Django, whose own check of the constraints on the way is put off."""
        self.instance.validate_constraints = lambda exclude=None: None
        try:
            super()._post_clean()
        finally:
            del self.instance.validate_constraints
        self.validate_constraints()

    def validate_constraints(self):
        exclude = self._get_validation_exclusions() - self._known_though_hidden()
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                # Among the rows of one parent, the formset compares what is typed: the database holds what was.
                if isinstance(constraint, UniqueConstraint) and self._parent() & set(constraint.fields):
                    continue
                try:
                    constraint.validate(model, self.instance, exclude=exclude, using=DEFAULT_DB_ALIAS)
                except ValidationError as error:
                    self.blame(constraint_fields(model, constraint), error)

    def blame(self, names, error):
        """Put `error` at the last of the named fields, unless one of them is said to be wrong already."""
        shown = [name for name in self.fields if name in names and name not in self._parent()]
        if not any(name in self.errors for name in shown):
            self.add_error(shown[-1] if shown else None, error)

    def _parent(self):
        return {name for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField)}

    def _known_though_hidden(self):
        """Derived columns all of whose sources are right, and the parent once it has been saved."""
        right = self.fields.keys() - self.errors.keys()
        derived = {
            field.name
            for field in self._meta.model._meta.concrete_fields
            if isinstance(field, DerivedField) and right.issuperset(field.sources)
        }
        return derived | {name for name in self._parent() if getattr(self.instance, f"{name}_id")}


class SluggedForm(ConstrainedForm):
    """A form whose slug, if it has one, may be left to it."""

    slug_help = _("Part of the public address. Blank: one is made.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = self.slug_help

    def suggest_slug(self, cleaned):
        """Words, most telling first, of which the slug of an entry with these values is made; blank ones are left out.

        Raises KeyError or AttributeError where a value that it needs is missing or wrong.
        """
        return [cleaned["name_en"]]

    def clean_slug(self):
        """In lower case: addresses that differ only by case would be taken for one another."""
        return self.cleaned_data["slug"].lower()

    def clean(self):
        cleaned = super().clean()
        if "slug" in self.fields and not cleaned.get("slug") and "slug" not in self.errors:
            try:
                base = slug_of(*self.suggest_slug(cleaned))
            except (KeyError, AttributeError):
                return cleaned  # What is missing is asked for at its own field.
            if base:
                cleaned["slug"] = self._free(base)
            else:
                self.add_error("slug", _("No slug can be made from the name. Write one in Latin letters."))
        return cleaned

    def _free(self, base):
        """`base`, with the first number behind it that makes it one of its own."""
        longest = self._meta.model._meta.get_field("slug").max_length - 5
        base = base[:longest].rstrip("-")
        taken = self.taken_slugs(base)
        return (
            base
            if base not in taken
            else next(s for n in range(2, 10_000) if (s := f"{base}-{n}") not in taken)
        )

    def taken_slugs(self, base):
        """Those of other rows that begin like this."""
        others = self._meta.model.objects.filter(slug__startswith=base).exclude(pk=self.instance.pk)
        return set(others.values_list("slug", flat=True))


def slug_of(*words):
    """One slug of several words: "1992..1997" becomes 1992-1997, and accents go."""
    return "-".join(filter(None, (slugify(re.sub(r"[^\w\s-]+|_", " ", str(word or ""))) for word in words)))


class RecordForm(SluggedForm):
    """A form that asks for the reason of the change."""

    change_reason = forms.CharField(
        label=_("Why this change"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Kept in the history beside your name, e.g. “date corrected after the communiqué”."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Of an old version, what it was linked to then; the row itself leads to what it is linked to now.
        version = getattr(self.instance, SIMPLE_HISTORY_REVERSE_ATTR_NAME, None)
        for field in getattr(version, "_history_m2m_fields", ()):
            links = getattr(version, field.name).all()
            self.initial[field.name] = [
                getattr(link, f"{field.m2m_reverse_field_name()}_id") for link in links
            ]


class DistinctRows:
    """For inline formsets: unique constraints that span several rows of one page, conditional ones included.

    Django compares these rows with one another only for unconditional constraints, and with the database not at
    all, so that a row entered twice would end in an IntegrityError.
    """

    @cached_property
    def management_form(self):
        """Refused where it tells of more rows than fields were sent: to draw two thousand of nothing takes minutes."""
        form = super().management_form
        if self.is_bound and form.cleaned_data[TOTAL_FORM_COUNT] > len(self.data):
            form.add_error(TOTAL_FORM_COUNT, _("Fewer rows were sent."))
            form.clean()
        return form

    def add_fields(self, form, index):
        """In a table of parts the head of a column is the only label, which no browser knows to be one."""
        super().add_fields(form, index)
        for field in form.fields.values():
            if field.label:
                field.widget.attrs.setdefault("aria-label", field.label)

    def clean(self):
        self.refuse_twins()
        if not any(self.errors):
            super().clean()

    def row_keys(self):
        """For each rule: the names of the form's fields that must not all be the same in two rows, and a message."""
        parent = self.fk.name
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and parent in constraint.fields:
                names = [name for name in constraint.fields if name != parent]
                yield names, constraint.get_violation_error_message()

    def kept_forms(self):
        """Those whose rows will be there when the page is saved."""
        return [
            form
            for form in self.forms
            if not self._should_delete_form(form) and (form.has_changed() or not form.empty_permitted)
        ]

    def refuse_twins(self):
        forms_ = [form for form in self.kept_forms() if form.is_valid()]
        for names, message in self.row_keys():
            stored = {key_of(form.initial, names): form for form in forms_ if form.instance.pk}
            seen = self.keys_beside_the_page(names)
            for form in forms_:
                key = key_of(form.cleaned_data, names)
                if key is None:
                    continue
                if key in seen:
                    form.blame(names, ValidationError(message, code="unique"))
                elif stored.get(key, form) is not form and form.instance.pk:
                    form.blame(names, ValidationError(SWAPPED, code="unique"))
                seen.add(key)

    def keys_beside_the_page(self, names):
        """Keys of rows of this parent that the page does not show, as somebody else has just entered them."""
        if not self.instance.pk:
            return set()
        shown = [form.instance.pk for form in self.forms if form.instance.pk]
        rows = self.rows_of_parent().exclude(pk__in=shown)
        return {key_of(self.values_of(row, names), names) for row in rows}

    def rows_of_parent(self):
        return self.model.objects.filter(**{self.fk.name: self.instance})

    def values_of(self, row, names):
        return {name: getattr(row, self.model._meta.get_field(name).attname) for name in names}

    def save_existing_objects(self, commit=True):
        """Deletions first, so that a row may take the place of one that goes with the same click."""
        doomed = [form.instance for form in self.deleted_forms if form.instance.pk] if commit else []
        for row in doomed:
            self.delete_existing(row, commit=True)
        saved = super().save_existing_objects(commit)
        self.deleted_objects += doomed
        return saved


SWAPPED = _("Another row on this page still holds this. Save the change of that row first.")


def key_of(values, names):
    """The values as the database will compare them; None where one is missing, which makes the row unlike any."""
    key = tuple(getattr(value, "pk", value) for value in (values.get(name) for name in names))
    return None if None in key else tuple(str(value) for value in key)


class PartFormSet(DistinctRows, BaseInlineFormSet):
    pass
