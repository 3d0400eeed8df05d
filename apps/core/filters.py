"""What a list can be asked for: one set of filters for its page and for the API, strict about every parameter.

A parameter is known by name or refused, given once or refused, and right or refused; nothing is ever guessed, and no
name or value of an address reaches the ORM but through a parameter declared in a filter set.
"""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache, cached_property
from typing import NamedTuple
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _, gettext_lazy
from django_filters import FilterSet

from apps.core.conditional import mark_of
from apps.core.dates import UNKNOWN
from apps.core.faults import Fault, name_faults
from apps.core.filter_widgets import DirectRenderer
from apps.core.keysets import BadCursor, Keyset
from apps.core.paging import BOM, FORMATS, MAX_LIMIT, BadLimit, Instances, Page, instances, read_limit
from apps.core.parameters import ChoiceParameter
from apps.core.shapes import Asked


class Order(NamedTuple):
    """One order of a list, as readers call it, and its columns, the last of which is the primary key."""

    label: str
    columns: tuple


# What parameters give where they are not given: text, entries and numbers, and dates.
EMPTY_VALUES = (None, "", UNKNOWN)
# For lists whose rows say when they were changed; each is the other from its end, so that one index serves both.
BY_UPDATE = {
    "updated": Order(gettext_lazy("first changed first"), ("updated_at", "pk")),
    "-updated": Order(gettext_lazy("latest changed first"), ("-updated_at", "-pk")),
}


class OrderParameter(ChoiceParameter):
    """Applied by the filter set itself, which knows the columns of each order."""

    scattered = False

    def filter(self, queryset, value):
        return queryset


class OwnParameters(Mapping):
    """The parameters of a filter set: copies that know it of those that its class declares, made once asked for."""

    def __init__(self, filterset):
        self.filterset, self.declared, self._copies = filterset, filterset.base_filters, {}

    def __getitem__(self, name):
        if name not in self._copies:
            self._copies[name] = parameter = deepcopy(self.declared[name])
            parameter.parent, parameter.model = self.filterset, self.filterset.queryset.model
        return self._copies[name]

    def __contains__(self, name):
        return name in self.declared

    def __iter__(self):
        return iter(self.declared)

    def __len__(self):
        return len(self.declared)


class SharedFields(dict):
    """The fields of a form, which all forms share: nothing in them changes with a form, and to copy them takes long."""

    def __deepcopy__(self, memo):
        return dict(self)


class StrictForm(forms.Form):
    """Shows what was typed, and beside each field what the filter set has found wrong with it."""

    def __init__(self, filterset=None):
        """Without a filter set, as it is before anything was typed."""
        self.filterset = filterset
        data, mark = (None, None) if filterset is None else (filterset.data, filterset.mark)
        super().__init__(data, renderer=DirectRenderer(mark))

    def full_clean(self):
        self._errors = ErrorDict(renderer=self.renderer)
        if not self.is_bound:
            return
        self.cleaned_data = dict(self.filterset.values)
        for fault in self.filterset.faults:
            if fault.parameter not in self.fields:
                self.add_error(None, f"{fault.parameter}: {fault.detail}")
            elif fault.detail not in self.errors.get(fault.parameter, ()):
                self.add_error(fault.parameter, fault.detail)


@cache
def form_of(filterset):
    """The class of the form of a filter set."""
    parameters = deepcopy(filterset.base_filters)
    form = type(f"{filterset.__name__}Form", (filterset.Meta.form,), {})
    form.base_fields = SharedFields({name: parameter.field for name, parameter in parameters.items()})
    return form


class StrictFilterSet(FilterSet):
    """The filters of one kind of entry, for its page and for the API.

    `orderings` maps each value of the parameter `ordering` to an Order; the first holds where none is asked for.
    The parameters named in `last` come after all others but the order. A parameter named like a Python keyword is
    declared with "_" behind.
    """

    orderings = {}
    last = ()

    class Meta:
        form = StrictForm

    def __init__(self, data=None, queryset=None, *, request=None, for_api=False):
        """`for_api` knows `format`, and refuses a parameter without a value, which a form always sends."""
        # All that Django-filter's own does, but that it copies every parameter for every request.
        self.is_bound, self.data = data is not None, QueryDict() if data is None else data
        self.queryset, self.request, self.form_prefix = queryset, request, None
        self.filters = OwnParameters(self)
        self.for_api = for_api

    @classmethod
    def get_filters(cls):
        filters = {name.removesuffix("_"): filter_ for name, filter_ in super().get_filters().items()}
        filters |= {name: filters.pop(name) for name in cls.last}
        if cls.orderings:
            filters["ordering"] = OrderParameter(
                choices=[(name, order.label) for name, order in cls.orderings.items()],
                empty_label=None,
                label=gettext_lazy("Order"),
                help_text=gettext_lazy(
                    "Dates go by their earliest day, and an unknown one before all others. A row that changes while "
                    "you go from page to page may move: in the order updated it comes again, on the last page."
                ),
                example="-updated",
            )
        return filters

    @classmethod
    def parameters(cls):
        """Each parameter as OpenAPI describes it."""
        return [
            {"name": name, "in": "query", **filter_.described()} for name, filter_ in cls.base_filters.items()
        ]

    def get_form_class(self):
        return form_of(type(self))

    @cached_property
    def form(self):
        """Bound, with every fault of the address among its errors; those of no field of it are the general ones."""
        return self.get_form_class()(self)

    @property
    def values(self):
        """{parameter: value} of those that are given and right."""
        return self._checked[0]

    @property
    def faults(self):
        """Every Fault of the address: parameters unknown or repeated, wrong values, a wrong cursor or limit."""
        return self._checked[1]

    @cached_property
    def _checked(self):
        faults = self._name_faults()
        values, errors = self._cleaned()
        names = {fault.parameter for fault in faults}
        found = [*self._value_faults(errors), *self._paging_faults(values, errors)]
        return values, [*faults, *(fault for fault in found if fault.parameter not in names)]

    def _cleaned(self):
        """({parameter: value}, {parameter: errors}): each by itself, then what none can see by itself."""
        values, errors = {}, {}
        for name, field in self._fields.items():
            if name not in self.data and not field.required:
                continue
            try:
                value = self._clean(name, field)
                if value not in EMPTY_VALUES:
                    values[name] = value
            except ValidationError as error:
                errors[name] = error.messages
        for name, value in [*values.items()]:
            try:
                self._check(self.base_filters[name], value, values, errors)
            except ValidationError as error:
                errors[name] = error.messages
        return {name: value for name, value in values.items() if name not in errors}, errors

    def _clean(self, name, field):
        value = field.widget.value_from_datadict(self.data, {}, name)
        return field.clean(value, self.mark) if self.base_filters[name].names_entry else field.clean(value)

    def _check(self, parameter, value, values, errors):
        """What no field can see by itself: parameters that go together, limits in the wrong order."""
        needed = parameter.needs
        if not needed or needed in values:
            parameter.check(value, values)
        elif needed not in errors:
            raise ValidationError(_("It needs the parameter %(needed)s beside it.") % {"needed": needed})

    @property
    def _fields(self):
        return self.get_form_class().base_fields

    def _name_faults(self):
        """Unknown parameters, those given more than once, and, for the API, those without a value."""
        known = [*self.filters, "limit", "cursor", *(["format", "bom"] if self.for_api else [])]
        return name_faults(self.data, known, needs_value=self.for_api)

    def _value_faults(self, errors):
        return [
            Fault.of(name, self.data.get(name, ""), message, getattr(self._fields[name], "allowed", ()))
            for name, messages in errors.items()
            for message in messages
        ]

    def _paging_faults(self, values, errors):
        limit, cursor = (self.data.get(name, "") for name in ("limit", "cursor"))
        if self.for_api:
            yield from self._format_faults(*(self.data.get(name, "") for name in ("format", "bom")))
        try:
            read_limit(limit)
        except BadLimit as error:
            yield Fault.of("limit", limit, error, [f"1-{MAX_LIMIT}"])
        try:
            if cursor and "ordering" not in errors:
                self.positions(values).read(cursor)
        except BadCursor as error:
            yield Fault.of("cursor", cursor, error)

    def positions(self, values):
        """Those of the order asked for, of which a cursor is one."""
        return Keyset.of(self.queryset.model, self._columns(values))

    def _format_faults(self, written, bom):
        if written not in ("", *FORMATS):
            yield Fault.of("format", written, _("A list is written as json or as csv."), FORMATS)
        if bom not in ("", *BOM):
            yield Fault.of("bom", bom, _("A file begins with a mark of its encoding, or it does not."), BOM)
        if bom == "yes" and written != "csv":
            yield Fault.of("bom", bom, _("It needs format=csv beside it."))
        for name in ("limit", "cursor"):
            if written == "csv" and self.data.get(name):
                yield Fault.of(name, self.data[name], _("A CSV file has the whole list. Leave it out."))

    @property
    def errors(self):
        """{parameter: [sentence]}, empty where all is well."""
        errors = {}
        for fault in self.faults:
            errors.setdefault(fault.parameter, []).append(fault.detail)
        return errors

    def is_valid(self):
        return not self.faults

    def given(self, name):
        """The value of a parameter, or None where it is not given or is wrong."""
        return self.values.get(name)

    @property
    def columns(self):
        """The columns of the order asked for."""
        return self._columns(self.values)

    def _columns(self, values):
        return self.orderings[values.get("ordering") or next(iter(self.orderings))].columns

    def filter_queryset(self, queryset):
        for name, declared in self.base_filters.items():
            if name in self.values or declared.adds_to_rows:
                queryset = self.filters[name].filter(queryset, self.values.get(name))
        return queryset

    @cached_property
    def qs(self):
        """The rows asked for, in the order asked for; none where anything is wrong with the address."""
        if not self.is_valid():
            return self.queryset.none()
        return self.filter_queryset(self.queryset.all()).order_by(*self.columns)

    def page(self, *, reader=None, shapes=None):
        """The Page that the address asks for, an empty one where anything is wrong with it.

        The `reader` reads its rows, as `Page.of` has it; without one they are instances. `shapes` are the Shapes of all
        lists of these rows.
        """
        if not self.is_valid():
            return Page([], 0)
        scattered = any(self.base_filters[name].scattered for name in self.values)
        asked = shapes and self._in_shape(shapes) or Asked.once(self.qs)
        return Page.of(
            asked,
            self.columns,
            self.data,
            reader or Instances(self._instances),
            scattered=scattered,
            number=self.kept_number,
        )

    @property
    def kept_number(self):
        """How many rows are asked for, where that is kept and need not be counted; None where it is not."""
        return None

    def _instances(self, places):
        """The rows at these Places, by their keys: SQLite would go through all that the filters leave to find them.

        What a parameter adds to each row, though, only the narrowed rows have.
        """
        is_more = any(parameter.adds_to_rows for parameter in self.base_filters.values())
        return instances(self.qs if is_more else self.queryset.all(), places)

    def _in_shape(self, shapes):
        """The rows asked for; None where a value is neither one of few nor an entry, or its filter has no shape."""
        parameters = {name: self.base_filters[name] for name in self.values if name != "ordering"}
        if not all(parameter.is_closed or parameter.names_entry for parameter in parameters.values()):
            return None
        closed = {name: self.values[name] for name, parameter in parameters.items() if parameter.is_closed}
        entries = {name: self.values[name] for name in parameters if name not in closed}
        return shapes.asked(closed.items(), entries, self._naming, self.mark)

    @property
    def mark(self):
        """That of what the database is at for the request, by which is kept what is made of it (`core.kept`)."""
        return self.request and mark_of(self.request)

    def _naming(self, stand_ins):
        """The rows that an address would ask for that names these entries in place of its own."""
        other = type(self)(self.data, self.queryset, for_api=self.for_api)
        other._checked = self.values | stand_ins, []
        return other.qs

    def described(self):
        """[(parameter, label, value in words)] of the filters that narrow the list, in the order of the form."""
        return [
            (name, str(filter_.label), filter_.shown(self.given(name)))
            for name, filter_ in self.filters.items()
            if name != "ordering" and self.given(name) is not None
        ]

    def without(self, name):
        """{parameter: None} of it and of those that need it beside them: the changes by which it is dropped."""
        needing = [
            other for other, filter_ in self.filters.items() if getattr(filter_, "needs", None) == name
        ]
        return dict.fromkeys([name, *needing])

    def query(self, **changes):
        """The query string of the first page of this list, with `changes`, where None drops a parameter.

        "?" included; "" where no parameter is left. A parameter named like a Python keyword takes "_" behind.
        """
        changes = {name.removesuffix("_"): value for name, value in changes.items()}
        values = {
            name: changes.get(name) if name in changes else self.data.get(name) for name in self.filters
        }
        values = {name: value for name, value in values.items() if value}
        return f"?{urlencode(values)}" if values else ""
