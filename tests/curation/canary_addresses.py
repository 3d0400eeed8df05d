"""All that the public can ask for, of what is public and of what is not: addresses, and the files of exports."""

import json
from itertools import cycle
from urllib.parse import quote, urlencode, urlsplit

from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from apps.core.citing import FORMATS
from apps.core.models import Entry
from apps.core.parameters import EntryParameter
from apps.core.views import EntryListView
from apps.relations.filters import TimelineFilter
from apps.relations.graph import FORMATS as GRAPHS
from apps.relations.sitemaps import sitemaps
from apps.sources.models import Passage, Source
from apps.states.models import Place
from kzforeign.api import ROUTES
from tests.curation.canary_world import HIDDEN, KINDS
from tests.curation.routes import patterns
from tests.hostile.asking import ask, one_connection
from tests.relations.released import released, unpacked

# What is given beside a parameter that says nothing without it.
BESIDE = {"state": "KAZ", "unit": "money", "currency": "USD", "as_of": "2012-07-01"}
OTHERS = [
    *("/", "/about/", "/about/analysts/", "/data/", "/data/layout/", "/feed/", "/robots.txt", "/sitemap.xml"),
    *(
        f"{where}?q={words}"
        for where in ("/search/", "/ru/search/", "/search/suggest/", "/api/v1/search/")
        for words in ("zqcanary", "zqcanarx", "zq", "e", "kaz", "china", "KAZ", "draft", "hidden")
    ),
    *("/health/live", "/health/ready"),
    *("/nothing/", "/api/", "/api/v1/", "/api/v1/docs/", "/api/v1/nothing/"),
    *(
        "/api/v1/schema/",
        "/api/v1/releases/",
        "/api/v1/graph/",
        "/api/v1/map/",
        "/data/r1/nothing",
        "/cite/nothing/",
    ),
    *(
        "/map/",
        "/map/?as_of=2012&region=143",
        "/map/?measure=visits&ordering=name",
        "/api/v1/map/?format=csv&as_of=2012",
        "/states/KAZ/?as_of=2012",
        "/relations/KAZ/CHN/?as_of=1994-04",
        "/api/v1/relations/CHN/KAZ/?as_of=1994",
        "/compare/",
        "/compare/?state=KAZ&state=CHN",
        "/api/v1/compare/?state=KAZ&state=CHN&as_of=1994",
        "/api/v1/compare/?state=CHN&state=KAZ&format=csv",
    ),
    *("/years/", "/years/?state=KAZ&as_of=2012", "/years.csv", "/matrix/", "/matrix/?as_of=1994&sort=name"),
    *(
        "/matrix.csv?region=143",
        "/balance/",
        "/balance/?years=1",
        "/balance.json",
        "/balance/?kind=membership",
    ),
    *(f"/api/v1/graph/?format={form}&as_of={day}" for form in GRAPHS for day in ("1994", "2012-07-01")),
    *(f"/sitemap-{section}.xml" for section in sitemaps()),
    *(f"/cite/{form}/?of={page}" for form in FORMATS for page in ("/", "/states/", "/visits/%3Fstate=KAZ")),
]


def addresses(world):
    """Each of them; those of identifiers of what is hidden in the `world` as well."""
    yield from OTHERS
    for number, (where, filterset) in enumerate(lists().items()):
        yield from of_list(where, filterset, world, number)
    forms = cycle(FORMATS)
    # Of the sources that one which all cite, and another.
    shown = [row for model in (*KINDS, Place) for row in published(model)] + [*published(Source)[:2]]
    for row in [*shown, *hidden(world), *world.veiled]:
        yield from of_row(row, next(forms))


def hidden(world):
    """Every row, or on PostgreSQL one of each kind and status: a row is found, or not, by the same condition on both.

    What is asked of lists, searches, sums and exports, whose conditions read otherwise there, is all asked again.
    """
    rows = [row for rows in world.hidden.values() for row in rows]
    if connection.vendor == "sqlite":
        return rows
    return {(type(row), row.status): row for row in rows}.values()


def published(model):
    rows = model.objects.order_by("pk")
    return rows.published() if issubclass(model, Entry) else rows


def lists():
    """{address: filter set} of every list, on pages and in the API."""
    found = {f"/api/v1/{prefix}/": viewset.filterset_class for prefix, viewset in ROUTES.items()}
    found["/api/v1/timeline/"] = TimelineFilter
    for route, pattern in patterns():
        view = getattr(pattern.callback, "view_class", None)
        if view and issubclass(view, EntryListView):
            found[f"/{route}"] = view.filterset_class
    return found


def of_list(where, filterset, world, number):
    """It as it is, in short pages, wrong, as CSV, and by each of its parameters.

    A page is asked for half of them, each list for another half: the API asks the same filters for all.
    """
    wrong = ("nothing=1", "year=x", "limit=0", "cursor=x")
    is_page = not where.startswith("/api/")
    yield from (where, f"{where}?limit=8")
    yield from (f"{where}?{query}" for query in (wrong[number % 4 :: 4] if is_page else wrong))
    if not is_page:
        yield from (f"{where}?limit=200", f"{where}?format=csv")
    parameters = list(filterset.base_filters.items())
    for name, parameter in parameters[number % 2 :: 2] if is_page else parameters:
        # A page need not be drawn for every choice, of which rows look the same.
        names_rows = isinstance(parameter, EntryParameter)
        few = (2 if names_rows else 1) if is_page else (5 if names_rows else 2)
        for value in values(name, parameter, world)[:few]:
            yield f"{where}?{urlencode(beside(parameter) | {name: value, 'limit': 5})}"


def values(name, parameter, world):
    """Of a parameter: each choice; rows that are public and rows that are hidden; words that only hidden rows have."""
    if isinstance(parameter, EntryParameter):
        rows = parameter.rows().order_by("pk")
        named = [*rows[:1], *examples(rows.model, world), *rows[1:2]]
        return [row.public_id for row in named]
    if choices := parameter.extra.get("choices"):
        return [value for value, _label in choices]
    cited = Passage.objects.order_by("pk").first()
    words = {
        "q": ["zqcanary", "e"],
        "passage": [cited.anchor],
        "wikidata": ["Q9990000001"],
        "alpha2": ["ZQ"],
    }
    return words.get(name, [parameter.example])


def beside(parameter):
    if parameter.needs == "source":
        return {"source": Passage.objects.order_by("pk").first().source.slug}
    return {parameter.needs: BESIDE[parameter.needs]} if parameter.needs else {}


def examples(model, world):
    """A hidden row of the kind in each status, and one that its title hides."""
    if model not in world.hidden:
        return []
    return [*(world.of(model, status) for status in HIDDEN), *filter(model.__instancecheck__, world.veiled)][
        :4
    ]


def of_row(row, form):
    """Its page, its answers in the API, how to cite it; of a state, what follows it, and what ties it."""
    name = row._meta.model_name
    api = next(f"/api/v1/{prefix}/" for prefix, viewset in ROUTES.items() if viewset.model is type(row))
    yield from (f"{api}{row.public_id}/", f"{api}{row.public_id}/?format=jsonld")
    if name == "place":
        return
    page = row.get_absolute_url()
    yield from (page, f"/cite/{form}/?of={quote(page)}")
    if name == "state":
        yield from (f"{page}feed/", f"{page}?as_of=2012", f"{page.lower()}", f"/relations/{row.code}/")
        yield from (f"{way}/relations/{row.code}/CHN/" for way in ("", "/api/v1"))
        yield from (f"{way}/relations/KAZ/{row.code}/" for way in ("", "/api/v1"))
        yield from (f"{way}/compare/?state=KAZ&state={row.code}" for way in ("", "/api/v1"))
        yield f"/api/v1/relations/{row.code}/?as_of=2012"


def answers(asked, directory):
    """{address: (status, headers, content)} of the answers, and of the pages to which they lead on; and of the files
    of exports, {name: (0, "", content)}, which are made in the `directory`."""
    with override_settings(RELEASES_ROOT=directory / "releases"), one_connection():
        release = released()
        asked = [*asked, *(f"/data/{release.revision}/{name}" for name in release.names)]
        found = {}
        while asked:
            where = asked.pop()
            if where not in found:
                found[where] = answer = told(where)
                asked += onward(where, answer)
        for where in [*lists(), "/api/v1/states/KAZ/", "/states/KAZ/"]:
            found[f"OPTIONS {where}"] = told(where, method="OPTIONS")
        files = unpacked(release)
    call_command("export_dataset", directory / "package", verbosity=0)
    files |= {f"package/{path.name}": path.read_bytes() for path in (directory / "package").iterdir()}
    return found | {name: (0, "", content) for name, content in files.items()}


def told(where, **how):
    answer = ask(where, **how)
    # The number of the request is another each time, and says nothing of what is there.
    number = answer.headers["X-Request-ID"]
    headers = "\n".join(map(": ".join, sorted(answer.headers.items())))
    return answer.status, headers.replace(number, "-"), answer.content.replace(number.encode(), b"-")


def onward(where, answer):
    """The next page of a whole list in the API."""
    if where.startswith("/api/") and "limit=8" in where and (following := json.loads(answer[2]).get("next")):
        parts = urlsplit(following)
        yield f"{parts.path}?{parts.query}"
