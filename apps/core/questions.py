"""What an address asks of a page that is no list: as strict as the filters of lists (`core.filters`)."""

from functools import cached_property
from urllib.parse import urlencode

from django import forms

from apps.core.faults import Fault, name_faults
from apps.core.filters import EMPTY_VALUES


class Question(forms.Form):
    """The parameters of a page. Each is known by name, given once and right, or the page answers 400 and names it.

    One whose field `takes_several` values may be given several times. A parameter that is left out or has no value is
    asked as `defaults` says, or not at all.
    """

    defaults = {}

    @cached_property
    def faults(self):
        """Every Fault of the address."""
        several = [name for name, field in self.fields.items() if getattr(field, "takes_several", False)]
        faults = name_faults(self.data, self.fields, several=several)
        names = {fault.parameter for fault in faults}
        for name, messages in self.errors.items():
            if name not in names:
                values = ", ".join(self.data.getlist(name))
                allowed = getattr(self.fields[name], "allowed", ())
                faults += [Fault.of(name, values, message, allowed) for message in messages]
        return faults

    @property
    def is_right(self):
        return not self.faults

    def given(self, name):
        """The value of a parameter; where it is not given or is wrong, its default, or None."""
        value = None if self.errors.get(name) else self.cleaned_data.get(name)
        return self.defaults.get(name) if value in (*EMPTY_VALUES, []) else value

    def query(self, **changes):
        """The query string of this page with `changes`, where None drops a parameter; "?" where none is left.

        Parameters that ask for what is the default are left out, so that one page has one address.
        """
        values = {name: changes[name] if name in changes else self.given(name) for name in self.fields}
        kept = {
            name: str(value)
            for name, value in values.items()
            if value not in EMPTY_VALUES and value != self.defaults.get(name)
        }
        return f"?{urlencode(kept)}"
