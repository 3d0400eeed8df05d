import pytest
from django.http import QueryDict
from django.utils import translation

from apps.agreements.filters import AgreementFilter
from apps.agreements.models import Agreement
from apps.core.faults import MOST_FAULTS
from apps.core.filters import StrictFilterSet
from apps.events.filters import EventFilter, ProjectFilter
from apps.events.models import Event, Project
from apps.figures.filters import FigureFilter
from apps.figures.models import Figure
from apps.organizations.filters import MembershipFilter, OfficeFilter, OrganizationFilter, SuccessionFilter
from apps.organizations.models import Membership, Office, Organization, Succession
from apps.people.filters import PersonFilter
from apps.people.models import Person
from apps.relations.filters import TimelineFilter
from apps.relations.models import Tie
from apps.relations.search_filters import SearchFilter
from apps.sources.filters import EntryFilterSet, SourceFilter
from apps.sources.models import Source
from apps.states.filters import PlaceFilter, StateFilter
from apps.states.models import Place, State
from apps.visits.filters import VisitFilter
from apps.visits.models import Visit
from tests import factories

pytestmark = pytest.mark.django_db

FILTER_SETS = {
    StateFilter: State,
    PlaceFilter: Place,
    PersonFilter: Person,
    OrganizationFilter: Organization,
    SuccessionFilter: Succession,
    MembershipFilter: Membership,
    OfficeFilter: Office,
    VisitFilter: Visit,
    AgreementFilter: Agreement,
    EventFilter: Event,
    ProjectFilter: Project,
    FigureFilter: Figure,
    TimelineFilter: Tie,
    SourceFilter: Source,
}


STATE_PARAMETERS = (
    "q",
    "kind",
    "region",
    "alpha2",
    "numeric",
    "begin",
    "ended",
    "predecessor",
    "wikidata",
    "basis",
    "source",
    "passage",
    "updated_since",
    "ordering",
)


def asked(filterset_class, address="", **options):
    return filterset_class(QueryDict(address), FILTER_SETS[filterset_class].objects.all(), **options)


def found(filterset_class, address):
    filterset = asked(filterset_class, address)
    assert filterset.errors == {}
    return set(filterset.qs)


def fault(filterset_class, address, **options):
    """The one fault of the address."""
    (only,) = asked(filterset_class, address, **options).faults
    return only


def test_every_filter_set_is_tested():
    made_of = {*StrictFilterSet.__subclasses__(), *EntryFilterSet.__subclasses__()}
    # A search is no list of rows in an order of columns: tests/relations/test_search.py.
    assert made_of - {EntryFilterSet, SearchFilter} == set(FILTER_SETS)


@pytest.mark.parametrize("filterset_class", FILTER_SETS)
def test_every_parameter_is_labelled_and_explained(filterset_class):
    for name, filter_ in filterset_class.base_filters.items():
        assert filter_.label and filter_.extra["help_text"], name


@pytest.mark.parametrize("filterset_class", FILTER_SETS)
def test_every_order_runs_and_ends_in_the_primary_key(filterset_class):
    for name, order in filterset_class.orderings.items():
        assert order.columns[-1] in ("pk", "-pk")
        assert list(asked(filterset_class, f"ordering={name}").page().rows) == []


@pytest.mark.parametrize("filterset_class", FILTER_SETS)
def test_empty_values_of_a_form_ask_for_nothing(filterset_class):
    names = [*filterset_class.base_filters, "limit", "cursor"]
    filterset = asked(filterset_class, "&".join(f"{name}=" for name in names))
    assert filterset.errors == {}
    assert filterset.described() == []
    assert filterset.query() == ""


@pytest.mark.parametrize("filterset_class", FILTER_SETS)
def test_empty_values_are_refused_in_the_api(filterset_class):
    for name in [*filterset_class.base_filters, "limit", "cursor", "format"]:
        assert fault(filterset_class, f"{name}=", for_api=True).detail.startswith("It has no value.")


@pytest.mark.parametrize("filterset_class", FILTER_SETS)
def test_every_parameter_given_twice_is_refused(filterset_class):
    for name in [*filterset_class.base_filters, "limit", "cursor"]:
        refused = fault(filterset_class, f"{name}=1&{name}=2")
        assert (refused.parameter, refused.value) == (name, "1, 2")
        assert refused.detail == "It was given 2 times; give it once."


@pytest.mark.exhaustive
@pytest.mark.parametrize("filterset_class", FILTER_SETS)
@pytest.mark.parametrize(
    "value", ["\ufffd", "x' OR 1=1--", "9" * 31, "-1", "0000", "10000", "%", "a" * 5000, "\x00"]
)
def test_every_parameter_takes_hostile_values_or_refuses_them(filterset_class, value):
    for name in [*filterset_class.base_filters, "limit", "cursor"]:
        query = QueryDict(mutable=True)
        query[name] = value
        filterset = filterset_class(query, FILTER_SETS[filterset_class].objects.all())
        assert name == "q" or set(filterset.errors) >= {name}
        assert list(filterset.page().rows) == []


def test_unknown_parameter_is_refused_with_those_that_are_known():
    refused = fault(StateFilter, "colour=red")
    assert (refused.parameter, refused.value) == ("colour", "red")
    assert refused.allowed == (*STATE_PARAMETERS, "limit", "cursor")
    assert "format" in fault(StateFilter, "colour=red", for_api=True).allowed


def test_unknown_parameter_stands_among_the_general_errors_of_the_form():
    form = asked(StateFilter, "colour=red&limit=0").form
    assert form.non_field_errors() == [
        "colour: There is no such parameter here.",
        "limit: A page has 1 to 200 rows.",
    ]


def test_names_of_columns_and_lookups_are_unknown():
    for name in ("status", "slug", "visitor__name_en", "kind__regex", "kind__in", "pk", "created_by", "page"):
        assert name in asked(VisitFilter, f"{name}=1").errors


def test_many_unknown_parameters_are_not_all_listed():
    address = "&".join(f"x{number}=1" for number in range(500))
    assert len(asked(StateFilter, address).faults) == MOST_FAULTS


def test_long_values_are_shown_in_short():
    refused = fault(StateFilter, f"{'x' * 500}={'y' * 500}")
    assert len(refused.parameter) == len(refused.value) == 101


def test_no_rows_where_anything_is_wrong():
    factories.state()
    filterset = asked(StateFilter, "kind=sovereign&region=moon")
    assert list(filterset.qs) == []
    assert (filterset.page().rows, filterset.page().count) == ([], 0)


def test_form_keeps_what_was_typed_beside_its_error():
    field = asked(VisitFilter, "year=93&kind=state").form["year"]
    assert field.value() == "93"
    assert field.errors == ["Give a year of four digits, 0001 to 9999."]
    assert 'value="93"' in str(field)


def test_choice_out_of_the_list_is_refused_with_the_list():
    refused = fault(StateFilter, "kind=kingdom")
    assert refused.detail == "This value is not known here. Allowed: sovereign, former, other."
    assert refused.allowed == ("sovereign", "former", "other")


@pytest.mark.parametrize("parameter", ["state", "organization", "person"])
def test_unpublished_and_unknown_entries_are_refused_alike(parameter):
    made = {
        "state": lambda: factories.state("QXX", status="draft"),
        "organization": lambda: factories.organization(slug="qxx", status="withdrawn"),
        "person": lambda: factories.person(slug="qxx", status="in_review"),
    }
    before = fault(OfficeFilter, f"{parameter}=qxx")
    made[parameter]()
    assert fault(OfficeFilter, f"{parameter}=qxx") == before
    assert before.detail.startswith(f"No published {parameter} has this identifier")


def test_state_is_taken_in_small_letters():
    state = factories.state("QQQ")
    assert asked(OfficeFilter, "state=qqq").given("state") == state


def test_select_of_states_offers_published_ones_with_one_query(django_assert_num_queries):
    for number in range(3):
        factories.state(f"QA{number}")
    factories.state("QXX", status="draft")
    field = asked(OfficeFilter).form["state"]
    with django_assert_num_queries(1):
        shown = str(field)
    assert shown.count("<option") == 4
    assert "QXX" not in shown


@pytest.mark.parametrize(
    "value", ["1993-02-30", "1993?", "[1992..1997]", "2012/2015", "..", "Feb 1993", "10000", "0000"]
)
def test_bad_limits_of_time_are_refused(value):
    for name in ("from", "to"):
        assert fault(VisitFilter, f"{name}={value}").parameter == name


@pytest.mark.parametrize("value", ["199X", "1993-21", "1993~", "..", "0000", "x"])
def test_as_of_takes_days_months_and_years_only(value):
    assert fault(MembershipFilter, f"as_of={value}").parameter == "as_of"


@pytest.mark.parametrize("value", ["93", "0000", "10000", "199X", "١٩٩٣", "1993-01", "-001", " "])
def test_year_takes_four_digits_only(value):
    assert value.strip() == "" or fault(VisitFilter, f"year={value}").parameter == "year"


def test_limits_of_time_in_the_wrong_order_are_refused():
    refused = fault(VisitFilter, "from=2000&to=1990-05")
    assert (refused.parameter, refused.detail) == ("to", "1990-05 lies before 2000.")
    assert asked(VisitFilter, "from=2000-05&to=2000").is_valid()


def test_parameters_that_need_another_say_so():
    refused = asked(VisitFilter, "direction=in&counterpart=").faults
    assert [(fault.parameter, fault.detail) for fault in refused] == [
        ("direction", "It needs the parameter state beside it.")
    ]


def test_parameters_that_need_another_leave_its_own_fault_alone():
    assert fault(VisitFilter, "direction=in&state=XXX").parameter == "state"


def test_search_needs_something_to_look_for():
    assert "letter or digit" in fault(StateFilter, "q=%CC%81").detail
    assert "100 characters" in fault(StateFilter, f"q={'x' * 101}").detail


def test_search_ignores_case_accents_and_wildcards():
    turkiye = factories.state("TUR", name_en="Türkiye", aliases="Turkey\nТүркия")
    factories.state("QQB", name_en="100% other_")
    assert (
        found(StateFilter, "q=TURKI")
        == found(StateFilter, "q=түр")
        == found(StateFilter, "q=turkey")
        == {turkiye}
    )
    assert found(StateFilter, "q=k%25y") == found(StateFilter, "q=t_r") == set()


def test_described_names_each_condition_in_words():
    factories.state("CHN", name_en="China")
    address = "ordering=date&kind=state&state=chn&from=1993-02&as_of=2012&limit=5&q=jiang"
    assert asked(VisitFilter, address).described() == [
        ("state", "State", "China"),
        ("kind", "Kind", "state visit"),
        ("from", "From", "February 1993"),
        ("as_of", "As of", "2012"),
        ("q", "Words in it", "jiang"),
    ]


def test_described_in_the_readers_language():
    factories.state("CHN", name_en="China", name_ru="Китай")
    with translation.override("ru"):
        assert ("state", "Китай") in [
            (name, value) for name, _, value in asked(VisitFilter, "state=CHN").described()
        ]


def test_query_of_the_first_page_with_changes():
    filterset = asked(VisitFilter, "state=CHN&kind=&from=1993&cursor=abc&limit=5")
    assert filterset.query() == "?state=CHN&from=1993"
    assert filterset.query(state=None) == "?from=1993"
    assert filterset.query(from_="1999", kind="working") == "?state=CHN&kind=working&from=1999"
    assert filterset.query(state=None, from_=None) == ""


def test_parameters_are_described_for_the_api_in_the_order_of_the_form():
    described = {parameter["name"]: parameter for parameter in StateFilter.parameters()}
    assert tuple(described) == STATE_PARAMETERS
    allowed = ["sovereign", "former", "other"]
    assert described["kind"]["schema"] == {"type": "string", "enum": allowed, "examples": ["sovereign"]}
    assert described["ordering"]["schema"]["enum"] == [
        "name",
        "-name",
        "code",
        "-code",
        "updated",
        "-updated",
    ]
    assert described["passage"]["description"].endswith("Needs `source` beside it.")
