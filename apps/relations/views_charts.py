"""What the pages that count and compare share: a page by its address, and the same numbers as CSV and as JSON."""

import json

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView, View

from apps.core.api import open_to_all, problem_response
from apps.core.citing import Cited
from apps.core.conditional import revision_of
from apps.core.csv_lists import csv_text
from apps.core.views import Citable
from apps.core.views_day import COUNTS
from apps.relations.views import get_focus


class ChartView(Citable, TemplateView):
    """A page of numbers that the address asks for; of one that is wrong, what is wrong with it, and no numbers.

    `chart` makes of a valid form and the focal state what is shown.
    """

    day_means = COUNTS
    tells_faults = True
    form_class = None
    chart = None
    # Of what is shown makes where it lies in the picture, where there is one.
    picture = None
    # Of its address; that of its files is `<name>-file`.
    name = ""
    title = ""

    def cited_on_day(self, cited):
        """As it is: the day is one of the parameters."""
        return cited

    def get_context_data(self, **kwargs):
        form = self.form_class(self.request.GET)
        focus = get_focus()
        chart = None if form.faults else self.chart(form, focus)
        files = {kind: reverse(f"{self.name}-file", args=[kind]) + form.query() for kind in FILES}
        return super().get_context_data(
            title=self.title,
            form=form,
            focus=focus,
            chart=chart,
            picture=self.picture(chart) if chart and self.picture else None,
            files=files,
            **kwargs,
        )

    def cited(self, context):
        form = context["form"]
        if form.faults:
            return None
        asked = ", ".join(f"{str(label).lower()} {value}" for label, value in form.described())
        return Cited(f"{self.title}: {asked}" if asked else self.title, form.query())

    def render_to_response(self, context, **kwargs):
        status = 400 if context["form"].faults else 200
        return super().render_to_response(context, status=status, **kwargs)


# What takes no POST need not ask for a token before it says so.
@method_decorator(csrf_exempt, "dispatch")
class ChartFile(View):
    """The numbers of such a page, at one address whatever the language, in English."""

    http_method_names = ["get", "head", "options"]
    page = None

    def get(self, request, form):
        if form not in FILES:
            raise Http404
        with override("en"):
            asked = self.page.form_class(request.GET)
            if asked.faults:
                names = ", ".join(dict.fromkeys(fault.parameter for fault in asked.faults))
                return problem_response(400, f"Wrong parameters: {names}.", asked.faults)
            write, content_type = FILES[form]
            chart = self.page.chart(asked, get_focus())
            answer = HttpResponse(write(chart, asked, request), content_type=content_type)
        name = f"{self.page.name}-{revision_of(request)}.{form}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return open_to_all(answer, request)


def as_csv(chart, asked, request):
    names, rows = chart.table(request)
    return csv_text([names, *rows])


def as_json(chart, asked, request):
    names, rows = chart.table(request)
    results = [dict(zip(names, row, strict=True)) for row in rows]
    return json.dumps({"asked": asked.asked, **chart.about, "results": results}, ensure_ascii=False)


FILES = {"csv": (as_csv, "text/csv; charset=utf-8"), "json": (as_json, "application/json")}
