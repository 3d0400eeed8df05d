"""Reasons and comments that somebody gives for what they do with an entry: one rule, wherever they are typed."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.admin_forms import refuse_control_characters

# Signs, as many as the columns hold.
LONGEST = 300


def check_reason(text):
    """Raises a ValidationError for a text that cannot be kept; whether it may be blank each step says itself."""
    if len(text) > LONGEST:
        raise ValidationError(_("A reason or a comment has at most %(most)d signs.") % {"most": LONGEST})
    refuse_control_characters(text)


class ReasonField(forms.CharField):
    """A reason that has to be given."""

    widget = forms.TextInput(attrs={"class": "vTextField"})
    default_validators = [refuse_control_characters]

    def __init__(self, **kwargs):
        super().__init__(max_length=LONGEST, **kwargs)
