from threading import Thread

import pytest
from django.db import connection, models
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from apps.core import paging, shapes as shapes_module
from apps.core.changes import undone
from apps.core.conditional import mark_of
from apps.core.kept import Kept
from apps.core.keysets import Keyset
from apps.core.shapes import MOST_SHAPES, Asked, Compiled, Shape, Shapes, stand_in
from apps.organizations.models import Membership, Organization
from apps.people.models import Person
from apps.relations.filters import OrganizationAsOfFilter, PersonOnDayFilter, StateAsOfFilter, TimelineFilter
from apps.relations.models import Tie
from apps.relations.ties import with_entry_counts, with_member_counts
from apps.states.filters import StateField
from apps.states.models import Place, State
from apps.visits.filters import VisitFilter
from apps.visits.models import Visit
from apps.visits.viewsets import VisitViewSet
from kzforeign.api import ROUTES
from tests import factories

pytestmark = pytest.mark.django_db

LISTS = {viewset.filterset_class: viewset.listed for viewset in ROUTES.values()}
LISTS |= {
    OrganizationAsOfFilter: lambda: with_member_counts(Organization.objects.published_one_by_one(), None),
    PersonOnDayFilter: lambda: with_entry_counts(Person.objects.published_one_by_one()),
    StateAsOfFilter: State.objects.published_one_by_one,
    TimelineFilter: Tie.objects.for_list,
}
NAMING = [
    (filterset, name)
    for filterset in LISTS
    for name, parameter in filterset.base_filters.items()
    if parameter.names_entry
]


def entry(parameter):
    """An entry that the parameter may name, each text of which would be seen in what is asked of the database."""
    model = parameter.rows().model
    texts = [field for field in model._meta.concrete_fields if isinstance(field, models.CharField)]
    return model(pk=77, **{field.attname: f"the {field.attname}" for field in texts})


def statements(filterset_class, values, shapes, cursor):
    """What a page of the list asks for that gives these values."""
    filterset = filterset_class(QueryDict(f"cursor={cursor}"), LISTS[filterset_class](), for_api=True)
    filterset._checked = values, []
    with CaptureQueriesContext(connection) as asked:
        assert filterset.page(shapes=shapes).rows == []
    return [query["sql"] for query in asked]


@pytest.mark.exhaustive
@pytest.mark.parametrize("start", ["first", "later"])
@pytest.mark.parametrize("filterset_class,name", NAMING)
def test_shape_asks_what_would_be_asked_without_it(filterset_class, name, start):
    parameters = filterset_class.base_filters
    needed = parameters[name].needs
    values = {given: entry(parameters[given]) for given in (needed, name) if given}
    keyset = Keyset.of(LISTS[filterset_class]().model, orders(filterset_class))
    cursor = keyset.cursor([stand_in(field, 20) for field in keyset.fields]) if start == "later" else ""
    shapes = Shapes()
    plainly = statements(filterset_class, values, None, cursor)
    assert plainly
    first, again = (statements(filterset_class, values, shapes, cursor) for _time in "12")
    # What was refused is among those that Django has put on record.
    refused = 1 if name in SHAPELESS.get(filterset_class, ()) else 0
    assert first[refused:] == again == plainly


# Of what two states have in common, the memberships are looked up first, and whether one is the focal state.
SHAPELESS = {TimelineFilter: {"counterpart"}}


@pytest.mark.parametrize("filterset_class", LISTS)
def test_what_has_a_shape(filterset_class):
    parameters = filterset_class.base_filters
    without = set()
    for name in (name for of, name in NAMING if of is filterset_class):
        values = {given: entry(parameters[given]) for given in (parameters[name].needs, name) if given}
        filterset = filterset_class(QueryDict(), LISTS[filterset_class](), for_api=True)
        filterset._checked = values, []
        if filterset._in_shape(Shapes()) is None:
            without.add(name)
    assert without == SHAPELESS.get(filterset_class, set())


def orders(filterset_class):
    return next(iter(filterset_class.orderings.values())).columns


@pytest.fixture
def written(monkeypatch):
    """The queries of shapes that were written as SQL so far."""
    queries = []

    class Noted(Compiled):
        @classmethod
        def of(cls, queryset, there):
            queries.append(queryset)
            return super().of(queryset, there)

    # The name by which shapes know it; what reads rows by their keys has its own.
    monkeypatch.setattr(shapes_module, "Compiled", Noted)
    return queries


def test_states_that_are_asked_for_one_after_another_are_written_once(written):
    shapes, visits = Shapes(), [factories.visit(), factories.visit()]
    for visit in visits:
        shown = visits_of(visit.host, shapes)
        assert shown.rows == [visit.pk]
        assert len(written) == 2  # One for each side of a visit.
    assert visits_of(factories.state("QQZ"), shapes).rows == []


def visits_of(state, shapes):
    filterset = VisitFilter(QueryDict(), Visit.objects.published_one_by_one(), for_api=True)
    filterset._checked = {"state": state}, []
    return filterset.page(
        reader=paging.Instances(lambda places: [place.pk for place in places]), shapes=shapes
    )


def test_values_that_are_few_have_shapes_of_their_own(written):
    shapes = Shapes()
    for kind in ("state", "working", "state"):
        filterset = VisitFilter(QueryDict(f"kind={kind}"), Visit.objects.all(), for_api=True)
        assert filterset.page(shapes=shapes).rows == []
    assert len(written) == 2


@pytest.mark.parametrize("address", ["q=x", "year=2001", "from=2001-02-03"])
def test_other_values_have_none(written, address):
    shapes = Shapes()
    for _again in range(2):
        filterset = VisitFilter(QueryDict(address), Visit.objects.all(), for_api=True)
        assert filterset.page(shapes=shapes).rows == []
    assert len(written) == 2


def test_shapes_are_bounded():
    shapes = Shapes()
    made = [
        shapes.asked([("kind", n)], {}, lambda stand_ins: Visit.objects.all()).shape
        for n in range(MOST_SHAPES + 1)
    ]
    again = [
        shapes.asked([("kind", n)], {}, lambda stand_ins: Visit.objects.all()).shape for n in (MOST_SHAPES, 0)
    ]
    assert again[0] is made[-1]
    assert again[1] is not made[0]


def test_number_of_rows_is_kept_until_something_is_written(client, written, monkeypatch):
    shapes = Shapes()
    monkeypatch.setattr(VisitViewSet, "shapes", lambda self: shapes)

    def told(query=""):
        before = len(written)
        answer = client.get(f"/api/v1/visits/?limit=1{query}").json()
        return answer["count"], len(written) - before

    factories.visit()
    visit = factories.visit()
    assert told() == (2, 2)  # Its places, and how many there are.
    assert told("&ordering=date") == (2, 1)
    factories.visit()
    assert told() == (3, 0)
    # Also by a path that does not save row by row.
    Visit.objects.filter(pk=visit.pk).update(status=Visit.Status.WITHDRAWN)
    assert told() == (2, 0)


def test_number_of_rows_is_not_kept_of_what_will_be_undone(rf):
    request = rf.get("/api/v1/visits/")
    with undone():
        assert mark_of(request) is None
    assert mark_of(request)


@pytest.mark.parametrize("query", ["kind=state", "kind=state&ordering=date", "kind=state&limit=2"])
def test_list_of_many_is_read_by_its_order_once_that_is_known(client, monkeypatch, query):
    """Where an index finds all that are few, many are not looked for again."""
    for _n in range(4):
        factories.visit(kind="state")
    whole = client.get(f"/api/v1/visits/?{query}").json()
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    looked_for = []
    anywhere = Keyset.anywhere
    monkeypatch.setattr(Keyset, "anywhere", lambda *args: looked_for.append(args) or anywhere(*args))
    factories.state()  # So that what was kept holds no longer.
    for times in (1, 1):
        answer = client.get(f"/api/v1/visits/?{query}").json()
        assert answer["results"] == whole["results"]
        assert (answer["count"], answer["count_is"]) == (3, "at_least")
        assert len(looked_for) == times


def test_threads_do_not_disturb_each_other(monkeypatch):
    monkeypatch.setattr(shapes_module, "MOST_SHAPES", 3)
    shapes, failures = Shapes(), []

    def ask():
        try:
            for n in range(3000):
                assert shapes.asked([("kind", n % 5)], {}, lambda stand_ins: None).queryset is None
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=ask) for _n in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failures == []


def test_entry_is_named_by_its_identifier_alone(written):
    rows = [factories.state("QQA"), factories.state("QQB")]
    # One that nobody has asked before.
    field = StateField(State.objects.published())
    assert [field.clean(row.code.lower()) for row in rows] == rows
    assert len(written) == 1


def test_entry_is_looked_up_once_until_something_is_written(client, monkeypatch):
    looked_up = []
    row = Asked.columns
    monkeypatch.setattr(
        Asked, "columns", lambda *args, **given: looked_up.append(args[1]) or row(*args, **given)
    )

    def told(status=200):
        looked_up.clear()
        answer = client.get("/visits/?state=QQA")
        assert answer.status_code == status
        return looked_up.count("row"), "Atlantis" in answer.content.decode()

    state = factories.state("QQA", name_en="Lemuria")
    assert told() == (1, False)
    assert told() == (0, False)
    state.name_en = "Atlantis"
    State.objects.bulk_update([state], ["name_en"])
    assert told() == (1, True)
    assert told() == (0, True)
    State.objects.filter(pk=state.pk).update(status=State.Status.WITHDRAWN)
    assert [told(400), told(400)] == [(1, False), (1, False)]


def test_entry_is_kept_by_what_the_database_is_at():
    place, kept = factories.place(), Kept(5)
    asked = Asked(Shape(Place.objects.filter(slug="there")), {"there": place.slug})
    before = asked.row(kept, "now")
    assert before.name_en == place.name_en
    place.name_en = "Renamed"
    place.save()
    assert asked.row(kept, "now") is before
    assert asked.row(kept, "then").name_en == asked.row(kept).name_en == "Renamed"


def test_row_is_read_as_by_the_orm():
    place = Place.objects.get(pk=factories.place().pk)
    found = Asked(Shape(Place.objects.filter(slug="there")), {"there": place.slug}).row()
    assert found == place
    assert found.__dict__ | {"_state": None} == place.__dict__ | {"_state": None}
    assert (found._state.adding, found._state.db) == (False, "default")


def test_what_cannot_have_rows_is_not_asked_for(django_assert_num_queries):
    with django_assert_num_queries(0):
        asked = Asked.once(State.objects.filter(pk__in=[]))
        assert asked.columns("all", lambda rows: rows.values_list("pk"), 5) == []
        assert asked.count("all", lambda rows: rows.values_list("pk"), 5) == 0


@pytest.mark.parametrize("address", ["/api/v1/timeline/?", "/timeline/?"])
def test_what_two_states_have_in_common_is_of_now(client, address):
    one, other = factories.state("QQA"), factories.state("QQB")
    query = f"{address}state=QQA&counterpart=QQB"
    body = factories.organization()
    factories.membership(member_state=one, organization=body)
    assert number_of_memberships(client, query) == 0
    last = factories.membership(member_state=other, organization=body)
    assert number_of_memberships(client, query) == 2
    Membership.objects.get(pk=last.pk).delete()
    assert number_of_memberships(client, query) == 0


def number_of_memberships(client, address):
    text = client.get(address).content.decode()
    return text.count('"kind":"membership"') + text.count('<span class="soft small">membership</span>')


def test_an_entry_that_is_named_twice_is_the_same_in_both_places():
    seen, state = [], factories.state()

    def build(stand_ins):
        seen.append(stand_ins["state"] == stand_ins["counterpart"])
        return Visit.objects.all()

    shapes = Shapes()
    for counterpart in (state, factories.state(), state, factories.state()):
        shapes.asked([], {"state": state, "counterpart": counterpart}, build)
    assert seen == [True, False]


def test_page_of_people_by_a_source_shows_them(client):
    """Ordered by name, and with numbers that the page counts of each."""
    passage = factories.passage()
    people = [factories.person() for _n in range(3)]
    for person in people[:2]:
        person.citations.create(passage=passage, stance="supports")
    text = client.get(f"/people/?source={passage.source.slug}").content.decode()
    assert [person.get_absolute_url() in text for person in people] == [True, True, False]
