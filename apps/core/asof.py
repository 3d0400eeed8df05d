"""The day for which a page is asked: `?as_of=2012`, `2012-07` or `2012-07-01`."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.dates import Form
from apps.core.forms import PartialDateFormField


class AsOfField(PartialDateFormField):
    """A day, a month or a year, to PartialDate: nothing less certain makes a question that has an answer."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(
            attrs={"placeholder": "YYYY-MM-DD", "class": "short", "inputmode": "numeric"}
        )
        super().__init__(
            **{"required": False, "label": _("As of"), "widget": widget, "max_length": 64, **kwargs}
        )

    def to_python(self, value):
        day = super().to_python(value)
        if day.is_known and (
            day.form not in (Form.DAY, Form.MONTH, Form.YEAR) or day.uncertain or day.approximate
        ):
            raise ValidationError(
                _("Ask for a day, a month or a year: 2012-07-01, 2012-07 or 2012."), code="not_a_day"
            )
        return day


class AsOfForm(forms.Form):
    """The form above a page that can be shown as of a day."""

    as_of = AsOfField()

    @classmethod
    def of(cls, request):
        """Bound where the address asks for a day, so that an address without one shows an empty form."""
        return cls(request.GET if request.GET.get("as_of") else None)

    @property
    def day(self):
        """The PartialDate asked for, or None where none was asked for or it is none."""
        return (self.is_bound and self.is_valid() and self.cleaned_data["as_of"]) or None


def day_of(request):
    """The PartialDate for which the address asks, on whatever page; None where it asks for none, or for no day."""
    if not hasattr(request, "day"):
        request.day = AsOfForm.of(request).day
    return request.day


def keeping_day(address, request):
    """`address`, which is of this site, with the day that `request` asks for, unless it asks for one itself."""
    day = request and day_of(request)
    if not day or address.startswith("#"):
        return address
    before, hash_mark, fragment = address.partition("#")
    path, _mark, query = before.partition("?")
    if "as_of=" in query:
        return address
    joined = "&".join(filter(None, [query, urlencode({"as_of": day})]))
    return f"{path}?{joined}{hash_mark}{fragment}"
