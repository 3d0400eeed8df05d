"""The form field of partial dates: the notation on the spot, the right spelling for a wrong one."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.dates import BadDate, PartialDate

NOTATION = _(
    "1993, 1993-02, 1993-02-14; 1993? uncertain, 1993~ about; [1992..1997] one moment between; "
    "2012/2015 it lasted; blank: not recorded."
)
SPAN_NOTATION = _("1993, 1993-02, 1993-02-14, [1992..1997], [..2007-04]; blank: not recorded.")


class PartialDateFormField(forms.CharField):
    """Text to PartialDate; a wrong spelling is answered with the nearest right one, and what was typed stays."""

    def __init__(self, *args, **kwargs):
        if not kwargs.get("help_text"):
            kwargs["help_text"] = NOTATION
        kwargs["empty_value"] = ""
        # Model fields pass their own limit. In the browser it would cut a long paste off without a word, and
        # here hide the message that says what a date looks like.
        kwargs.pop("max_length", None)
        super().__init__(*args, **kwargs)

    def widget_attrs(self, widget):
        return {
            **super().widget_attrs(widget),
            "class": "vTextField partial-date",
            "placeholder": _("e.g. 1993-02"),
            "autocomplete": "off",
            "autocapitalize": "off",
            "spellcheck": "false",
        }

    def to_python(self, value):
        """The PartialDate, UNKNOWN for nothing; a ValidationError in the words of BadDate for anything else."""
        text = super().to_python(value)
        try:
            return PartialDate.parse(text)
        except BadDate as error:
            raise ValidationError(str(error), code="bad_date") from error

    def validate(self, value):
        super().validate(str(value))

    def run_validators(self, value):
        super().run_validators(str(value))

    def has_changed(self, initial, data):
        return super().has_changed(str(initial or ""), data)
