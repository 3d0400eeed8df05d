"""Pages as of a day: what each says of the day that its address asks for."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.translation import get_language, gettext as _, gettext_lazy

from apps.core.asof import control_of, day_of
from apps.core.datewords import date_words

# What a page shows of the day, after "As of 1 July 2012:".
ROWS = gettext_lazy("what held then, or had happened by then, each certain or possible.")
COUNTS = gettext_lazy("what held then, or had happened by then, certainly or possibly, is counted.")
SAME = gettext_lazy("this page is the same on any day; the pages that it leads to may not be.")


class OnDay:
    """A page that can be asked for as of a day. One that is none is refused, whatever the page, and nothing is drawn.

    So that no page shows all times to whoever mistyped a day, and none has to think of it.
    """

    day_means = ROWS
    # Whether as of a day the page is another one, to be cited with it.
    cites_day = False
    # Whether it says what is wrong with the day itself, with what else is wrong with its address.
    tells_faults = False

    def dispatch(self, request, *args, **kwargs):
        control_of(request).is_of_a_page = True
        fault = control_of(request).fault
        if fault and not self.tells_faults:
            reason = _("Nothing is shown, because the day asked for could not be read. %(fault)s") % {
                "fault": fault
            }
            return render(request, "400.html", {"reason": reason}, status=400)
        return super().dispatch(request, *args, **kwargs)

    @property
    def day(self):
        """The PartialDate asked for, or None."""
        return day_of(self.request)

    def get_context_data(self, **kwargs):
        said = self.said_of_day() if self.day else None
        return super().get_context_data(**kwargs) | {"day_means": self.day_means, "day_said": said}

    def said_of_day(self):
        """What is Said of the one entry that the page is about; None where it is about none."""
        return None

    def cited_on_day(self, cited):
        """The Cited with the day asked for, where by it the page is another one."""
        if not self.day or not self.cites_day:
            return cited
        query = f"{cited.query}&" if cited.query else "?"
        query += urlencode({"as_of": self.day})
        return cited._replace(title=titled_as_of(cited.title, self.day), query=query)


def titled_as_of(title, day):
    """What a page with that title is cited as, where a day, a PartialDate, makes it another one."""
    return _("%(title)s, as of %(day)s") % {"title": title, "day": date_words(day, get_language() or "en")}
