"""Every public address and what each of its parameters can ask for, with values of the database at hand.

Of entries the first and the last that were made are asked for: the synthetic databases have the frequent ones first.
"""

from itertools import chain
from urllib.parse import urlencode

from apps.core.asof import AsOfField
from apps.core.filters import form_of
from apps.core.parameters import ChoiceField, EntryField, NumberField
from apps.core.time_parameters import LimitField, MomentField, YearField
from apps.relations.chart_forms import EntriesField
from apps.relations.filters import TimelineFilter
from apps.relations.map_question import MapQuestion
from apps.relations.models import Tie
from apps.relations.search_filters import SearchFilter
from apps.relations.views_balance import BalanceForm
from apps.relations.views_matrix import MatrixForm
from apps.relations.views_years import YearsForm
from apps.states.models import State
from kzforeign.api import ROUTES

DAYS = {
    AsOfField: ["1991", "2005-06-30", "2026"],
    LimitField: ["1991", "2005-06", "2026-06-15"],
    YearField: ["1991", "2005", "2026"],
    MomentField: ["2020-01-31", "2100-01-01"],
    NumberField: ["0", "500000000", "900000000000"],
}
# What many have, what few have, what nobody has, and a single letter.
WORDS = ["pipeline", "kazakhstan", "a", "bekbekov", "xqxq"]
TYPED = {
    "currency": ["USD"],
    "language": ["en"],
    "wikidata": ["Q232"],
    "alpha2": ["KZ"],
    "numeric": ["398"],
    "passage": ["p-1", "p-9"],
}
CHARTS = {"/map/": MapQuestion, "/matrix/": MatrixForm, "/years/": YearsForm, "/balance/": BalanceForm}
# Those that have no page of their own among lists.
NO_PAGE = ("places", "successions")
WITH_SPANS = ["", "?as_of=2005-06-30"]


def addresses():
    """Each once."""
    return list(
        dict.fromkeys(chain(lists(), timelines(), charts(), searches(), details(), pairs(), others()))
    )


def lists():
    for prefix, viewset in ROUTES.items():
        filterset, rows = viewset.filterset_class, viewset.model.objects.all()
        yield from asked(f"/api/v1/{prefix}/", filterset, rows, both=True)
        if prefix not in NO_PAGE:
            yield from asked(f"/{prefix}/", filterset, rows)


def timelines():
    yield from asked("/api/v1/timeline/", TimelineFilter, Tie.objects.all(), both=True)
    yield from asked("/timeline/", TimelineFilter, Tie.objects.all())


def asked(path, filterset, rows, *, both=False):
    """A list by each value of each parameter; with `both`, also beside a state and in each order."""
    form = form_of(filterset)()
    fields = {name: field for name, field in form.fields.items() if name not in ("limit", "cursor")}
    needs = {name: getattr(filterset.base_filters.get(name), "needs", None) for name in fields}
    values = {name: values_of(name, field) for name, field in fields.items()}
    yield from (path, f"{path}?limit=200")
    besides = [{}]
    if both:
        besides += [{"state": code} for code in values.get("state", ())[:1]]
        besides += [{"ordering": order} for order in values.get("ordering", ())]
    for name, texts in values.items():
        needed = {needs[name]: values[needs[name]][0]} if needs[name] else {}
        if name == "dating":
            needed = {"from": "2005-06"}  # Which the parameter itself asks for.
        for text in texts:
            for beside in besides:
                yield f"{path}?{urlencode({**beside, **needed, name: text})}"


def values_of(name, field):
    """Texts that the parameter takes; of closed lists all."""
    if isinstance(field, ChoiceField):
        return field.allowed
    if isinstance(field, EntryField):
        return ends(field.queryset, field.to_field_name)
    if isinstance(field, EntriesField):
        return ends(field.rows(), "code" if field.rows().model is State else "slug")
    for kind, texts in DAYS.items():
        if isinstance(field, kind):
            return texts
    return TYPED.get(name, WORDS)


def ends(rows, name):
    """Identifiers of the first and the last."""
    rows = rows.order_by("pk").values_list(name, flat=True)
    found = [*rows[:2], *rows.reverse()[:1]]
    return list(dict.fromkeys(found))


def charts():
    for path, form in CHARTS.items():
        for suffix in (path, *(f"{path[:-1]}.{kind}" for kind in ("csv", "json") if path != "/map/")):
            yield suffix
            for name, field in form({}).fields.items():
                if name not in ("sort",):
                    yield from (f"{suffix}?{urlencode({name: text})}" for text in values_of(name, field))


def searches():
    fields = form_of(SearchFilter)().fields
    for path in ("/search/", "/api/v1/search/", "/search/suggest/"):
        for word in [*WORDS, "agreement between kazakhstan", "kaz 2005", "k", "Назар"]:
            yield f"{path}?{urlencode({'q': word})}"
            for name in fields if "suggest" not in path else ():
                if name not in ("q", "limit", "cursor", "ordering"):
                    for text in values_of(name, fields[name]):
                        yield f"{path}?{urlencode({'q': word, name: text})}"


def details():
    for prefix, viewset in ROUTES.items():
        name = "code" if viewset.model is State else "slug"
        for identifier in ends(viewset.model.objects.all(), name):
            yield from (f"/api/v1/{prefix}/{identifier}/", f"/api/v1/{prefix}/{identifier}/?format=jsonld")
            if prefix != "places":
                yield f"/{prefix}/{identifier}/"
            if prefix in ("states", "organizations", "people", "sources"):
                yield f"/{prefix}/{identifier}/?as_of=2005-06-30"
    for code in ends(State.objects.all(), "code"):
        yield f"/states/{code}/feed/"


def pairs():
    codes = ends(State.objects.all(), "code")
    for day in WITH_SPANS:
        for code in codes[1:]:
            yield f"/relations/{codes[0]}/{code}/{day}"
            yield f"/api/v1/relations/{codes[0]}/{code}/{day}"
        yield from (f"/api/v1/relations/{code}/{day}" for code in codes)
        several = "&".join(f"state={code}" for code in codes[:3])
        for path in ("/compare/", "/api/v1/compare/"):
            yield f"{path}?{several}{day.replace('?', '&')}"


def others():
    plain = (
        "/ /about/ /about/analysts/ /compare/ /data/ /data/layout/ /feed/ /sitemap.xml /robots.txt /api/v1/"
    )
    yield from plain.split()
    yield from (
        f"/sitemap-{kind}.xml?p=1" for kind in ("state", "visit", "agreement", "membership", "person")
    )
    for path in ("/api/v1/map/", "/api/v1/graph/", "/api/v1/releases/", "/api/v1/schema/"):
        yield path
        if path in ("/api/v1/map/", "/api/v1/graph/"):
            yield f"{path}?as_of=2005-06-30"
    yield "/api/v1/map/?format=csv"
    yield "/api/v1/graph/?format=gexf"
    yield "/cite/bibtex/?of=/states/KAZ/"
    # Of what is streamed, the time to the first of it.
    yield from (f"/api/v1/{prefix}/?format=csv" for prefix in ROUTES)
