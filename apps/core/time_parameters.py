"""The parameters that ask for a time: when something was, since when a row is as it is."""

import re
from datetime import UTC, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext as _, gettext_lazy

from apps.core.asof import AsOfField
from apps.core.dates import EARLIEST, LATEST, Form, PartialDate
from apps.core.datewords import date_words
from apps.core.forms import PartialDateFormField
from apps.core.parameters import ChoiceParameter, Parameter
from apps.core.spans import Holds


class LimitField(PartialDateFormField):
    """A day, month, season, year or decade without doubts, to PartialDate: one end of a stretch of time."""

    forms = {Form.DAY, Form.MONTH, Form.SEASON, Form.YEAR, Form.DECADE}

    def to_python(self, value):
        limit = super().to_python(value)
        if limit.is_known and (limit.form not in self.forms or limit.uncertain or limit.approximate):
            raise ValidationError(
                _(
                    "Give a day, a month, a season, a year or a decade: 1993-02-14, 1993-02, 1993-21, 1993 or 199X."
                ),
                code="no_limit",
            )
        return limit


class YearField(forms.CharField):
    """0001 to 9999, to the PartialDate of that year."""

    def to_python(self, value):
        text = super().to_python(value)
        if text and not (len(text) == 4 and text.isascii() and text.isdigit() and text != "0000"):
            raise ValidationError(_("Give a year of four digits, 0001 to 9999."), code="no_year")
        return PartialDate.parse(text)


class MomentField(forms.CharField):
    """A date, which stands for its first moment in UTC, or a date and time that says its offset; to datetime."""

    pattern = re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
        r"(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|(?P<sign>[+-])[0-9]{2}:[0-9]{2}))?"
    )

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        try:
            if not self.pattern.fullmatch(text):
                raise ValueError
            moment = datetime.fromisoformat(text)
            # In UTC here and now: years 0001 and 9999 have moments that no datetime of UTC can hold.
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValidationError(self._advice(text), code="no_moment") from error

    def _advice(self, text):
        if self.pattern.fullmatch(f"{text}Z"):
            return _("Say which time this is: put Z behind it for UTC, or an offset such as -05:00.")
        if " " in text and self.pattern.fullmatch(text.replace(" ", "+")):
            return _("In an address the + of an offset is written %2B.")
        return _("Give a date, which begins in UTC, or a date and time with its offset: %(examples)s.") % {
            "examples": "2026-01-31, 2026-01-31T12:00:00Z, 2026-01-31T12:00:00-05:00"
        }


class PeriodParameter(Parameter):
    def shown(self, value):
        return date_words(value, get_language() or "en")


class YearParameter(PeriodParameter):
    field_class = YearField

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "placeholder": "YYYY"})
        super().__init__(
            **{
                "label": gettext_lazy("Year"),
                "help_text": gettext_lazy("Dated, possibly, in this year; undated rows are never left out."),
                "example": "1993",
                "widget": widget,
                **kwargs,
            }
        )

    def filter(self, queryset, value):
        return queryset.between(value.earliest, value.latest) if value else queryset


class LimitParameter(PeriodParameter):
    """`from` or `to`: what may lie, at least in part, on this side of a date."""

    field_class = LimitField

    def __init__(self, **kwargs):
        widget = forms.TextInput(
            attrs={"inputmode": "numeric", "class": "short", "placeholder": "YYYY-MM-DD"}
        )
        super().__init__(**{"widget": widget, "example": "1993-02", **kwargs})


class FromParameter(LimitParameter):
    def __init__(self, **kwargs):
        help_text = gettext_lazy("Possibly on this day or later: YYYY, YYYY-MM or YYYY-MM-DD.")
        super().__init__(label=gettext_lazy("From"), help_text=help_text, **kwargs)

    def filter(self, queryset, value):
        return queryset.between(value.earliest, LATEST) if value else queryset


class ToParameter(LimitParameter):
    def __init__(self, **kwargs):
        help_text = gettext_lazy("Possibly on this day or earlier: YYYY, YYYY-MM or YYYY-MM-DD.")
        super().__init__(label=gettext_lazy("To"), help_text=help_text, **kwargs)

    def check(self, value, given):
        first = given.get("from")
        if first and value.latest < first.earliest:
            raise ValidationError(_("%(to)s lies before %(from)s.") % {"to": value, "from": first})

    def filter(self, queryset, value):
        return queryset.between(EARLIEST, value.latest) if value else queryset


class DateParameter(LimitParameter):
    """What has the partial date `field_name` possibly within the day, month or year given, as `help_text` says.

    Where it is not recorded, the row is left out: few of these dates are, and nearly every row would be found.
    """

    scattered = True

    def __init__(self, field_name, *, help_text, **kwargs):
        rule = gettext_lazy("Possibly at this time; where no date is recorded, it is left out.")
        super().__init__(field_name=field_name, help_text=format_lazy("{} {}", help_text, rule), **kwargs)

    def filter(self, queryset, value):
        return queryset.with_date(self.field_name, value.earliest, value.latest) if value else queryset


class AsOfParameter(PeriodParameter):
    """Narrows to what holds, or may hold, at that time, each row with `holds`."""

    field_class = AsOfField

    def __init__(self, **kwargs):
        help_text = gettext_lazy(
            "What held on this day, certainly or possibly (each row says which): YYYY, YYYY-MM or YYYY-MM-DD."
        )
        label = gettext_lazy("As of")
        super().__init__(**{"label": label, "help_text": help_text, "example": "2012-07-01", **kwargs})

    def filter(self, queryset, value):
        return queryset.as_of(value.earliest, value.latest) if value else queryset


class KeptDayParameter(AsOfParameter):
    """The day of a page whose rows have no dates to ask it of: links keep it, and no row is left out."""

    def filter(self, queryset, value):
        return queryset


class CertaintyParameter(ChoiceParameter):
    """Narrows what `as_of` found, beside which it stands, by `holds`."""

    def __init__(self, example=Holds.CERTAIN.value):
        super().__init__(
            choices=[
                (Holds.CERTAIN.value, gettext_lazy("certain only")),
                (Holds.POSSIBLE.value, gettext_lazy("possible only")),
            ],
            needs="as_of",
            label=gettext_lazy("Certainty"),
            help_text=gettext_lazy(
                "Of what is asked for as of a day: only rows that are certain, or only those that are possible "
                "but not certain. Without it, both."
            ),
            example=example,
        )

    def filter(self, queryset, value):
        return queryset.filter(holds=value) if value else queryset


class Dating(models.TextChoices):
    """How a date that is known only within bounds lies to the time asked for."""

    # The first two are called like the words of `DatedQuerySet`.
    WITHIN = "within", gettext_lazy("wholly within that time")
    ACROSS = "across", gettext_lazy("partly within that time")
    SPANNING = "spanning", gettext_lazy("between just these two dates")
    UNDATED = "undated", gettext_lazy("without any date")


class DatingParameter(ChoiceParameter):
    """Tells what certainly lies within the time asked for by `year`, `from` and `to` from what only may."""

    times = ("year", "from", "to")

    def __init__(self):
        super().__init__(
            choices=Dating.choices,
            label=gettext_lazy("Dating"),
            help_text=gettext_lazy(
                "How what is known of the date lies to the time asked for by year, from and to: certainly within it; "
                "in it or outside, as the bounds allow both; at the earliest in from and at the latest in to, where a "
                "limit that is left out is not known; or no date is known at all."
            ),
            example="within",
        )

    def check(self, value, given):
        if value != Dating.UNDATED and not given.keys() & {*self.times}:
            raise ValidationError(_("It needs a time beside it: year, from or to."))
        if value == Dating.SPANNING and "year" in given:
            raise ValidationError(_("It takes from and to beside it, and no year."))

    def filter(self, queryset, value):
        if not value:
            return queryset
        if value == Dating.UNDATED:
            return queryset.undated()
        if value == Dating.SPANNING:
            return queryset.bounded(*self._limits())
        return getattr(queryset, value)(*self._asked())

    def _asked(self):
        """The first and the last day of the time asked for."""
        year, first, last = (self.parent.given(name) for name in self.times)
        firsts, lasts = filter(None, (year, first)), filter(None, (year, last))
        return (
            max((limit.earliest for limit in firsts), default=EARLIEST),
            min((limit.latest for limit in lasts), default=LATEST),
        )

    def _limits(self):
        """Between which days the first possible day has to lie, and the last one."""
        first, last = self.parent.given("from"), self.parent.given("to")
        return (
            (first.earliest, first.latest) if first else (EARLIEST, EARLIEST),
            (last.earliest, last.latest) if last else (LATEST, LATEST),
        )


class UpdatedSinceParameter(Parameter):
    """What was entered or changed at that moment or later."""

    field_class = MomentField
    scattered = True

    def __init__(self, field_name="updated_at"):
        super().__init__(
            field_name,
            lookup_expr="gte",
            label=gettext_lazy("Changed since"),
            help_text=gettext_lazy(
                "Entered or changed at this time or later: a date, which begins in UTC, or a date and time with "
                "its offset (Z for UTC). What is no longer published is not told of."
            ),
            example="2020-01-31",
            widget=forms.TextInput(attrs={"class": "short", "placeholder": "YYYY-MM-DD"}),
        )

    def shown(self, value):
        return f"{value.date().isoformat()} {value:%H:%M} UTC"
