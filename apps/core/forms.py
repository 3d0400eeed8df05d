"""The form field of partial dates: the notation on the spot, the right spelling for a wrong one."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.dates import BadDate, PartialDate

NOTATION = _(
    "As precisely as the source says and no more: 1993, 1993-02, 1993-02-14, 199X (the 1990s), 2001-23 (autumn). "
    "Uncertain 1993?, approximate 1993~. At one moment between: [1992..1997]. It lasted: 2012/2015. "
    "Leave blank where the source says nothing."
)
SPAN_NOTATION = _("1993, 1993-02, 1993-02-14, [1992..1997], [..2007-04]; blank: not recorded.")


class PartialDateFormField(forms.CharField):
    """Text to PartialDate; a wrong spelling is answered with the nearest right one, and what was typed stays."""

    def __init__(self, *args, **kwargs):
        if not kwargs.get("help_text"):
            kwargs["help_text"] = NOTATION
        kwargs["empty_value"] = ""
        super().__init__(*args, **kwargs)
        self.widget.attrs.setdefault("class", "vTextField partial-date")
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("spellcheck", "false")

    def to_python(self, value):
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
