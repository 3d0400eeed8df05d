"""What an address asks of a page that is no list: as strict as the filters of lists (`core.filters`)."""

from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _

from apps.core.filters import EMPTY_VALUES, MOST_FAULTS, Fault


class Question(forms.Form):
    """The parameters of a page. Each is known by name, given once and right, or the page answers 400 and names it.

    A parameter that is left out or has no value is asked as `defaults` says, or not at all.
    """

    defaults = {}

    @cached_property
    def faults(self):
        """Every Fault of the address."""
        faults = self._name_faults()
        names = {fault.parameter for fault in faults}
        for name, messages in self.errors.items():
            if name not in names:
                faults += [Fault.of(name, self.data.get(name, ""), message) for message in messages]
        return faults

    def _name_faults(self):
        faults = []
        for name, values in self.data.lists():
            if name not in self.fields:
                faults.append(Fault.of(name, values[-1], _("There is no such parameter here."), self.fields))
            elif len(values) > 1:
                detail = _("It was given %(times)d times; give it once.") % {"times": len(values)}
                faults.append(Fault.of(name, ", ".join(values), detail))
        return faults[:MOST_FAULTS]

    @property
    def is_right(self):
        return not self.faults

    def asked(self, name):
        """The value of a parameter; None where it is not given or is wrong and has no default."""
        value = self.cleaned_data.get(name) if self.is_bound and not self.errors.get(name) else None
        return self.defaults.get(name) if value in EMPTY_VALUES else value

    def query(self, **changes):
        """The query string of this page with `changes`, where None drops a parameter; "?" where none is left.

        Parameters that ask for what is the default are left out, so that one page has one address.
        """
        values = {name: changes[name] if name in changes else self.asked(name) for name in self.fields}
        kept = {
            name: str(value)
            for name, value in values.items()
            if value not in EMPTY_VALUES and value != self.defaults.get(name)
        }
        return f"?{urlencode(kept)}"
