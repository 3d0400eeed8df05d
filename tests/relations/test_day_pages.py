"""Every page as of a day: the control in the header, what the page says of the day, links that keep it."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import resolve, reverse

from apps.core.dates import PartialDate
from apps.core.models import Entry
from apps.core.onday import said_of
from apps.core.views_day import OnDay
from apps.sources.models import Source
from kzforeign.urls import urlpatterns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

DAY = "2012-07-01"
# What an address of each pattern is, where it is not that of an entry.
KEYS = {"state-detail": ["CHN"], "pair": ["CHN", "RUS"]}
# Pages that need more than their address to have anything to show.
QUERIES = {"compare": "?state=CHN&state=RUS"}
# Nowhere but on error pages is nothing said of the day.
SAYS = re.compile(r'<div class="says">\s*<p>\s*<strong>As of 1 July 2012:</strong>\s*(.*?)</p>', re.S)


def patterns(resolvers):
    for resolver in resolvers:
        if hasattr(resolver, "url_patterns"):
            if getattr(resolver, "namespace", None) is None:
                yield from patterns(resolver.url_patterns)
        elif issubclass(getattr(resolver.callback, "view_class", object), OnDay):
            yield resolver


def entry_of(name):
    model = next((m for m in Entry.__subclasses__() if f"{m._meta.model_name}-detail" == name), Source)
    return model.objects.published().first() if model is not Source else Source.objects.first()


def page_of(pattern):
    name = pattern.name
    keys = KEYS.get(name) or ([entry_of(name).public_id] if pattern.pattern.converters else [])
    return reverse(name, args=keys) + QUERIES.get(name, "")


PAGES = {pattern.name: pattern for pattern in patterns(urlpatterns)}


def on_day(address, day=DAY):
    return f"{address}{'&' if '?' in address else '?'}as_of={day}"


class Links(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and attrs.get("href") and "hreflang" not in attrs:
            self.found.append((attrs["href"], attrs.get("class", "")))


def takes_day(href, here):
    """Whether a link leads to a page of the site, and not to another part of this one."""
    parsed = urlsplit(href)
    if parsed.scheme or parsed.netloc or href.startswith("#"):
        return False
    view = getattr(resolve(parsed.path or urlsplit(here).path).func, "view_class", object)
    return issubclass(view, OnDay) or view.__name__ == "RelationsRedirect"


def test_every_page_of_the_site_is_walked():
    assert {"home", "about", "data", "data-layout", "analysts", "timeline", "compare", "pair"} <= set(PAGES)
    assert {f"{kind}-{part}" for kind in ("visit", "source", "state") for part in ("list", "detail")} <= set(
        PAGES
    )


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", PAGES)
def test_page_says_what_it_shows_of_the_day_and_keeps_it(client, name):
    address = on_day(page_of(PAGES[name]))
    response = client.get(address)
    page = response.content.decode()
    assert response.status_code == 200
    says = SAYS.search(page)
    assert says and (says[1].strip() or name in {"state-detail"}), "it says nothing of the day"
    lost = [
        href
        for href, kind in Links(page).found
        if takes_day(href, address)
        and ("as_of", DAY) not in parse_qsl(urlsplit(href).query)
        and kind != "all-time"
    ]
    assert lost == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("query", ["as_of=2001-02-29", f"as_of={DAY}&as_of=2013"])
def test_day_that_is_none_is_refused_on_every_page(client, name, query):
    address = page_of(PAGES[name])
    response = client.get(f"{address}{'&' if '?' in address else '?'}{query}")
    page = response.content.decode()
    assert response.status_code == 400
    typed = query.rpartition("=")[2]
    assert f'name="as_of" value="{typed}"' in page and 'id="day-fault"' in page
    assert "Nothing is shown" in page and "Cite this" not in page


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "name", [name for name in PAGES if name.endswith("-detail") and name != "source-detail"]
)
@pytest.mark.parametrize("day", ["0001-01-01", "1993", "2012-07-01", "9999"])
def test_words_on_an_entry_are_by_the_rule_of_lists(name, day):
    """Of each kind: what a page says of a row is what a list as of the day has of it."""
    model, day = type(entry_of(name)), PartialDate.parse(day)
    rows = model.objects.published()
    if not hasattr(rows, "as_of"):
        return
    held = dict(rows.as_of(day.earliest, day.latest).values_list("pk", "holds"))
    assert {row.pk: said_of(row, day).holds for row in rows.for_detail()} == {
        pk: held.get(pk, "not") for pk in rows.values_list("pk", flat=True)
    }


def test_control_keeps_what_else_is_asked_for_and_forgets_where_a_list_stood(client):
    page = client.get("/visits/?kind=state&state=CHN&limit=1&as_of=2012").content.decode()
    control = page.partition('<div class="day')[2].partition("</form>")[0]
    hidden = re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', control)
    assert hidden == [("kind", "state"), ("state", "CHN"), ("limit", "1")]
    following = unescape(
        re.search(r'rel="next" href="([^"]+)"', client.get("/visits/?limit=1").content.decode())[1]
    )
    page = client.get(f"/visits/{following}").content.decode()
    assert 'name="cursor"' not in page.partition('<div class="day')[2].partition("</form>")[0]


def test_show_all_time_drops_what_only_narrows_the_day(client):
    page = client.get("/memberships/?organization=sco&as_of=2012&certainty=possible").content.decode()
    assert '<a class="all-time" href="/memberships/?organization=sco">' in page
    nothing = client.get("/memberships/?organization=sco&as_of=1900&certainty=possible").content.decode()
    assert '<a href="?organization=sco">as of 1900</a>' in nothing


def test_another_language_keeps_the_day(client):
    page = client.get(on_day("/states/CHN/")).content.decode()
    assert f'href="/ru/states/CHN/?as_of={DAY}"' in page


def test_same_state_twice_leads_to_its_page_as_of_the_day(client):
    assert client.get("/relations/CHN/CHN/?as_of=2012")["Location"] == "/states/CHN/?as_of=2012"


@pytest.mark.parametrize(
    ("address", "cited"),
    [
        ("/", "/?as_of=2012"),
        ("/about/", "/about/"),
        ("/people/", "/people/"),
        ("/sources/", "/sources/"),
        ("/visits/?state=CHN", "/visits/?state=CHN&as_of=2012"),
        ("/people/nazarbayev-nursultan/", "/people/nazarbayev-nursultan/?as_of=2012"),
        ("/relations/CHN/RUS/", "/relations/CHN/RUS/?as_of=2012"),
        ("/compare/?state=CHN&state=RUS", "/compare/?state=CHN&state=RUS&as_of=2012"),
    ],
)
def test_page_is_cited_with_the_day_where_it_is_another_one(client, address, cited):
    answer = client.get("/cite/csl/", {"of": on_day(address, "2012")})
    (item,) = answer.json()
    assert item["URL"] == f"http://testserver{cited}"
    assert ("as of 2012" in item["title"]) == ("as_of" in cited)


@pytest.mark.parametrize("address", ["/ru/states/CHN/", "/ru/map/"])
def test_day_of_a_citation_is_in_the_language_of_the_page(client, address):
    (item,) = client.get("/cite/csl/", {"of": on_day(address)}).json()
    assert "1 июля 2012" in item["title"]


def test_unpaged_address_with_more_than_anyone_types_is_kept_short(client):
    page = client.get("/about/?" + "x=1&" * 900).content.decode()
    assert page.count('name="x"') == 0


def test_home_counts_as_of_the_day(client):
    pages = [client.get(address).context["counts"] for address in ("/", "/?as_of=1995")]
    totals = [{count.url: count.total for count in counts} for counts in pages]
    assert totals[0]["/states/"] == totals[1]["/states/"]
    assert 0 < totals[1]["/visits/"] < totals[0]["/visits/"]
    assert {count.url for count in pages[1] if count.certain is None} == {
        "/states/",
        "/organizations/",
        "/people/",
    }
    listed = client.get("/visits/?as_of=1995").context["page"].count
    assert totals[1]["/visits/"] == listed


def test_details_ask_the_database_no_more_for_the_day(client, django_assert_max_num_queries):
    for name in ("visit-detail", "membership-detail", "project-detail"):
        address = page_of(PAGES[name])
        client.get(address)
        with django_assert_max_num_queries(50) as without:
            client.get(address)
        with django_assert_max_num_queries(len(without)):
            client.get(on_day(address))


@pytest.mark.parametrize("address", ["/ru/states/", "/ru/organizations/", "/ru/states/KAZ/", "/ru/matrix/"])
def test_sentence_that_ends_in_an_abbreviation_has_one_full_stop(client, address):
    page = client.get(address, {"as_of": "2001-06"}).content.decode()
    text = re.sub(r"<[^>]+>", "", page)
    assert re.search(r"2001\s*г\.", text) and "г.." not in text
