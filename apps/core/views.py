"""Pages of entries: one entry by its public identifier, a list by its filters; and how to cite each page."""

from copy import copy

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy, override
from django.views.generic import DetailView, TemplateView, View

from apps.core.changes import is_undone
from apps.core.citing import FORMATS, Cited, Reference
from apps.core.jsonld import embedded
from apps.core.languages import language_of
from apps.core.onday import said_of
from apps.core.shapes import HasShapes
from apps.core.views_absent import Elsewhere, Withdrawn, traced
from apps.core.views_day import OnDay

# The filters that most readers want; the others wait behind "More filters".
MAIN_FILTERS = {
    "q",
    "state",
    "organization",
    "person",
    "kind",
    "measure",
    "status",
    "role",
    "year",
    "certainty",
}
# A filter and its value in words: "state China".
ASKED = gettext_lazy("{label} {value}")


class Citable(OnDay):
    """A page that says how to cite it."""

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        # What will not be there for anybody else cannot be cited.
        cited = None if is_undone() else self.cited(context)
        reference = Reference.of(self.request, self.cited_on_day(cited)) if cited else None
        return context | {"reference": reference}

    def cited(self, context):
        """What the page is cited as, a Cited; None where it shows nothing but what is wrong with the address."""
        raise NotImplementedError


class Described:
    """A page of one row that tells machines what it is, in JSON-LD."""

    # A row and a request to what the row is as JSON-LD.
    linked_data = None

    def get_context_data(self, **kwargs):
        linked_data = embedded(self.linked_data(self.object, self.request))
        return super().get_context_data(linked_data=linked_data, **kwargs)


class LastingView(DetailView):
    """A page at an address that was given for good: where nothing stands now, it tells what became of what did."""

    slug_url_kwarg = "public_id"

    def get_object(self, queryset=None):
        try:
            return super().get_object(queryset)
        except Http404 as error:
            identifier = self.kwargs[self.slug_url_kwarg]
            raise traced(self.model, identifier, self.slug_url_kwarg) or error from None


class EntryDetailView(Citable, Described, LastingView):
    """The page of one published entry, which tells too whether it held, or had happened, on the day asked for."""

    cites_day = True
    day_means = ""

    def cited(self, context):
        return Cited(self.cited_title(context), sources=self.object.supporting_sources)

    def cited_title(self, context):
        return str(self.object)

    def said_of_day(self):
        return said_of(self.object, self.day)

    def get_slug_field(self):
        return self.model.public_id_field

    def get_queryset(self):
        return self.model.objects.published().for_detail()


class EntryListView(HasShapes, Citable, TemplateView):
    """A page of the published entries of one kind that the address asks for.

    An address that is wrong is answered with 400, the form as it was filled in, what is wrong with it, and no rows.
    """

    model = None
    filterset_class = None
    # Parameters that the list of the API does not have.
    page_only = ()
    cites_day = True
    tells_faults = True

    @property
    def list_name(self):
        """That of the list's address in the API, without its "-list"."""
        return self.model._meta.model_name

    def get_template_names(self):
        meta = self.model._meta
        return [f"{meta.app_label}/{meta.model_name}_list.html"]

    def get_queryset(self):
        return self.model.objects.published_one_by_one().for_list()

    def get_context_data(self, **kwargs):
        filterset = self.filterset_class(self.request.GET, self.get_queryset(), request=self.request)
        page = filterset.page(shapes=self.shapes())
        address = reverse(f"api:{self.list_name}-list") + filterset.query(**dict.fromkeys(self.page_only))
        shown = [field for field in filterset.form if self.is_shown(field)]
        more = [field for field in shown if field.name not in MAIN_FILTERS]
        return super().get_context_data(
            title=self.title,
            filterset=filterset,
            page=page,
            fields=[field for field in shown if field.name in MAIN_FILTERS],
            more_fields=more,
            more_open=any(field.errors or (field.data and field.name != "ordering") for field in more),
            asked=[
                (ASKED.format(label=label.lower(), value=value), filterset.query(**filterset.without(name)))
                for name, label, value in self.described(filterset)
            ],
            lead=self.lead(filterset, page),
            caption=self.caption(filterset),
            json_url=address,
            csv_url=f"{address}{'&' if '?' in address else '?'}format=csv",
            **kwargs,
        )

    def described(self, filterset):
        """What the list is asked for in words; of a day that says nothing of its rows, nothing."""
        return [told for told in filterset.described() if told[0] != "as_of" or self.cites_day]

    def is_shown(self, field):
        """Whether the filters show a field: not the day, for which the header asks, nor what needs it."""
        if field.name == "certainty":
            return bool(self.day or field.data)
        return field.name != "as_of"

    @property
    def title(self):
        return capfirst(self.model._meta.verbose_name_plural)

    def cited(self, context):
        """All its pages as one, since where a page begins changes with what is recorded."""
        filterset = context["filterset"]
        if not filterset.is_valid():
            return None
        asked = ", ".join(words for words, _without in context["asked"])
        query = filterset.query() if self.cites_day else filterset.query(as_of=None)
        return Cited(f"{self.title}: {asked}" if asked else self.title, query)

    def cited_on_day(self, cited):
        """As it is: the day is one of the parameters of the list."""
        return cited

    @property
    def counted(self):
        """So many of what the list holds, in words."""
        return self.model.counted

    def lead(self, filterset, page):
        """How many there are of what is asked for: "12 visits: state China, year 1993." """
        if not filterset.is_valid():
            return _("What was asked for could not be read.")
        described = self.described(filterset)
        asked = [
            format_html(ASKED, label=label.lower(), value=format_html("<strong>{}</strong>", value))
            for _name, label, value in described
        ]
        counted = self.counted % page.count
        if not page.is_exact:
            counted = _("More than %(counted)s") % {"counted": counted}
        if not asked:
            return f"{counted}."
        sentence = _("{counted}: {asked}.")
        if described[-1][-1].endswith("."):
            # An abbreviation, as that of a year in Russian, ends the sentence as well.
            sentence = sentence.removesuffix(".")
        asked = format_html_join(", ", "{}", ([words] for words in asked))
        return format_html(sentence, counted=counted, asked=asked)

    def caption(self, filterset):
        """The title of the table: what it lists, and in which order."""
        orders = filterset.orderings
        order = orders[filterset.given("ordering") or next(iter(orders))].label
        return f"{self.title}, {order}"

    def render_to_response(self, context, **kwargs):
        status = 200 if context["filterset"].is_valid() else 400
        return super().render_to_response(context, status=status, **kwargs)


LONGEST_ADDRESS = 2000


class CiteView(View):
    """The reference to a page, `?of=` its address within the site, in one of the FORMATS.

    It asks the page itself, without drawing it: what the page does not show to the public is not there for this
    either, and is answered like what never was.
    """

    http_method_names = ["get", "head", "options"]

    def get(self, request, form):
        if form not in FORMATS:
            raise Http404
        if list(request.GET) != ["of"] or len(request.GET.getlist("of")) != 1:
            reason = _("Give the address of a page of this site, and nothing else: ?of=/states/.")
            return render(request, "400.html", {"reason": reason}, status=400)
        address = request.GET["of"]
        with override(language_of(path_info_of(address))):
            reference = reference_to(request, address)
            response = HttpResponse(getattr(reference, form), content_type=FORMATS[form].content_type)
        if form != "text":
            name = f"{reference.key}.{FORMATS[form].extension}"
            response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def with_query(request, query):
    """A copy of the request that asks with another query."""
    asked = copy(request)
    # Of the address before.
    vars(asked).pop("day_control", None)
    asked.GET, asked.META = QueryDict(query), {**request.META, "QUERY_STRING": query}
    return asked


def path_info_of(address):
    """An address of this site without its query and without where the site is served."""
    return f"/{address.partition('?')[0].removeprefix(get_script_prefix())}"


def reference_to(request, address):
    """The Reference to the page at `address`, such as "/states/CHN/?as_of=2012"; Http404 where there is none."""
    path, _mark, query = address.partition("?")
    is_ours = path.startswith(get_script_prefix()) and not path.startswith("//")
    if not is_ours or "%00" in query or len(address) > LONGEST_ADDRESS:
        raise Http404
    path_info = path_info_of(address)
    try:
        match = resolve(path_info)
    except Resolver404 as error:
        raise Http404 from error
    if not issubclass(getattr(match.func, "view_class", View), Citable):
        raise Http404
    asked = with_query(request, query)
    asked.path, asked.path_info, asked.resolver_match = path, path_info, match
    try:
        response = match.func(asked, *match.args, **match.kwargs)
    except (Elsewhere, Withdrawn) as error:
        raise Http404 from error
    if response.status_code != 200:
        raise Http404
    return response.context_data["reference"]
