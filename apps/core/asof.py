"""The day for which a page is asked: `?as_of=2012`, `2012-07` or `2012-07-01`."""

from functools import cached_property
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.http import QueryDict
from django.utils.encoding import escape_uri_path
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext as _, gettext_lazy

from apps.core.dates import Form
from apps.core.forms import PartialDateFormField

# A page keeps no more than this of its address in its form; what is longer, nobody typed.
LONGEST_KEPT = 2000
# Parameters by which curators see what readers do not. For everybody else it is as if there were no such thing.
OF_CURATORS = ("preview", "recorded_at")


class AsOfField(PartialDateFormField):
    """A day, a month or a year, to PartialDate: nothing less certain makes a question that has an answer."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(
            attrs={"placeholder": "YYYY-MM-DD", "class": "short", "inputmode": "numeric"}
        )
        super().__init__(
            **{
                "required": False,
                "label": gettext_lazy("As of"),
                "widget": widget,
                "max_length": 64,
                **kwargs,
            }
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
    """The day of a page, given once."""

    as_of = AsOfField()

    @classmethod
    def of(cls, request):
        """Bound where the address asks for a day, so that an address without one has no fault."""
        given = parameters(request)
        return cls(given if any(given.getlist("as_of")) else None)

    def clean_as_of(self):
        times = len(self.data.getlist("as_of"))
        if times > 1:
            raise ValidationError(_("It was given %(times)d times; give it once.") % {"times": times})
        return self.cleaned_data["as_of"]

    @property
    def day(self):
        """The PartialDate asked for, or None where none was asked for or it is none."""
        return (self.is_bound and self.is_valid() and self.cleaned_data["as_of"]) or None


class DayControl:
    """The control of the day in the header: a form to the page's own address, which keeps what else that asks for."""

    # What follows from other parameters: where a page of a list begins.
    dropped = ("as_of", "cursor")
    # Set by the page; where there is none, what the address asks for is nothing to keep.
    is_of_a_page = False

    def __init__(self, request):
        self.request = request

    @cached_property
    def _form(self):
        return AsOfForm.of(self.request)

    @property
    def day(self):
        return self._form.day

    @property
    def fault(self):
        """What is wrong with the day, a sentence; "" where nothing is."""
        return " ".join(self._form.errors.get("as_of", ()))

    @property
    def typed(self):
        text = parameters(self.request).get("as_of", "")
        return "".join(char for char in text if char.isprintable())[:LONGEST_KEPT]

    @property
    def kept(self):
        """[(name, value)] of the other parameters."""
        query = self.request.META.get("QUERY_STRING", "")
        if not self.is_of_a_page or "%00" in query or len(query) > LONGEST_KEPT:
            return []
        given = parameters(self.request).lists()
        return [(name, value) for name, values in given if name not in self.dropped for value in values]

    @property
    def page(self):
        """The address of the page, for a link: what is not there may be asked for as "//another.host/"."""
        return escape_leading_slashes(escape_uri_path(self.request.path))

    @property
    def without(self):
        """The address of the page without a day, and without what only narrows what held on it."""
        kept = [(name, value) for name, value in self.kept if name != "certainty"]
        return f"{self.page}?{urlencode(kept)}" if kept else self.page


def parameters(request):
    """Those of the address that are for everybody; none of more than the site reads, which is an error page."""
    try:
        given = request.GET.copy()
    except SuspiciousOperation:
        return QueryDict()
    for name in OF_CURATORS:
        given.pop(name, None)
    return given


def control_of(request):
    """The DayControl of whatever page, once a request."""
    if not hasattr(request, "day_control"):
        request.day_control = DayControl(request)
    return request.day_control


def day_of(request):
    """The PartialDate for which the address asks, on whatever page; None where it asks for none, or for no day."""
    return control_of(request).day


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
