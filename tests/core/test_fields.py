import pickle
from copy import copy, deepcopy
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from apps.core.dates import EARLIEST, LATEST, UNKNOWN, PartialDate
from apps.organizations.models import Membership, Organization
from apps.people.models import Person
from apps.states.models import State
from apps.visits.models import Visit
from tests.factories import membership, organization, person, place, state, visit

pytestmark = pytest.mark.django_db

FEBRUARY = (date(1993, 2, 1), date(1993, 2, 28))
SPAN = ("start_earliest", "start_latest", "end_earliest", "end_latest")


def bounds(queryset):
    """As the database has them, past all attributes."""
    return queryset.values_list("date_earliest", "date_latest").get()


def test_bounds_follow_the_date_when_saved():
    row = visit(date="1993-02")
    assert bounds(Visit.objects) == FEBRUARY

    row.date = "1994"
    assert (row.date_earliest, row.date_latest) == (date(1994, 1, 1), date(1994, 12, 31))
    row.save()
    assert bounds(Visit.objects) == (date(1994, 1, 1), date(1994, 12, 31))


def test_bounds_of_an_unknown_date():
    assert visit().date is UNKNOWN
    assert bounds(Visit.objects) == (EARLIEST, LATEST)


def test_bounds_follow_the_date_when_created_in_bulk():
    made = visit()
    Visit.objects.bulk_create(
        [Visit(slug="b", visitor=made.visitor, host=made.host, sent_by_state=made.host, date="1993-02")]
    )
    assert bounds(Visit.objects.filter(slug="b")) == FEBRUARY


def test_bounds_follow_the_date_when_updated_in_bulk():
    row = visit()
    row.date = "1993-02"
    Visit.objects.bulk_update([row], ["date"])
    assert bounds(Visit.objects) == FEBRUARY


def test_bounds_follow_the_date_when_got_or_created():
    made = visit()
    given = {"visitor": made.visitor, "host": made.host, "sent_by_state": made.host}
    Visit.objects.update_or_create(slug=made.slug, defaults={**given, "date": "1993-02"})
    assert bounds(Visit.objects) == FEBRUARY


def test_bounds_follow_the_date_of_a_row_saved_in_part():
    row = visit()
    row.date = "1993-02"
    row.save(update_fields=["date", "date_earliest", "date_latest"])
    assert bounds(Visit.objects) == FEBRUARY


def test_bounds_cannot_be_set():
    visit(date="1993-02", date_earliest=date(1800, 1, 1))
    assert bounds(Visit.objects) == FEBRUARY


def test_span_bounds_follow_the_three_dates():
    membership(start="1992", end="..", attested="2015")
    assert Membership.objects.values_list(*SPAN).get() == (
        date(1992, 1, 1),
        date(1992, 12, 31),
        date(2015, 1, 1),
        LATEST,
    )


def test_search_text_follows_the_names():
    row = person(name_en="Nūrsūltan", name_ru="Иван Ёлкин", aliases="N.\n\nNurs")
    assert Person.objects.values_list("search_text", flat=True).get() == "nursultan\nиван елкин\nn.\nnurs"

    row.aliases = ""
    Person.objects.bulk_update([row], ["aliases"])
    assert Person.objects.values_list("search_text", flat=True).get() == "nursultan\nиван елкин"


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (visit, {"date": "1993"}),
        (membership, {"attested": "1993"}),
        (person, {"name_en": "Other"}),
        (place, {"aliases": "Other"}),
        (organization, {"dissolved": "1993"}),
    ],
)
def test_update_refuses_to_leave_a_derived_column_untrue(make, change):
    row = make()
    with pytest.raises(TypeError, match=r"update\(\) cannot compute"):
        type(row).objects.update(**change)


def test_update_of_other_columns_works():
    visit()
    assert Visit.objects.update(kind="state") == 1


def test_history_carries_dates_and_bounds():
    row = visit(date="1993-02")
    row.date = "1994"
    row.save()
    later, first = Visit.history.all()

    assert (str(first.date), first.date_earliest, first.date_latest) == ("1993-02", *FEBRUARY)
    assert (str(later.date), later.date_latest) == ("1994", date(1994, 12, 31))
    changes = later.diff_against(first).changes
    assert [change.field for change in changes] == ["date"]
    assert Visit.history.values_list("date_earliest", flat=True).last() == FEBRUARY[0]


def test_deferred_fields_are_loaded_when_read(django_assert_num_queries):
    visit(date="1993-02")
    row = Visit.objects.only("slug").get()
    with django_assert_num_queries(1):
        assert row.date_latest == FEBRUARY[1]
        assert row.date == PartialDate.parse("1993-02")


def test_saving_a_deferred_row_keeps_its_date():
    visit(date="1993-02")
    Visit.objects.only("slug").get().save()
    assert bounds(Visit.objects) == FEBRUARY


def test_refresh_reads_the_date_anew():
    row = visit(date="1993-02")
    Visit.objects.filter(pk=row.pk).update(date="1995", date_earliest="1995-01-01", date_latest="1995-12-31")
    row.refresh_from_db()
    assert (str(row.date), row.date_latest) == ("1995", date(1995, 12, 31))


@pytest.mark.parametrize("again", [copy, deepcopy, lambda row: pickle.loads(pickle.dumps(row))])
def test_rows_can_be_copied(again):
    membership(start="1992", attested="2015")
    row = Membership.objects.get()
    twin = again(row)

    assert twin == row and twin is not row
    assert (twin.start, twin.end_earliest, twin.end_latest) == (row.start, date(2015, 1, 1), LATEST)
    twin.start = "1993"
    assert (str(row.start), twin.start_earliest) == ("1992", date(1993, 1, 1))


def test_a_wrong_date_stays_as_typed_until_it_is_checked():
    row = Visit(date="Feb 1993")
    assert row.date == "Feb 1993"
    assert (row.date_earliest, row.date_latest) == (EARLIEST, LATEST)
    with pytest.raises(ValidationError) as error:
        row.clean_fields(exclude=["visitor", "host"])
    assert "1993-02" in error.value.message_dict["date"][0]


@pytest.mark.parametrize("value", [3, None, ["1993"], date(1993, 2, 1)])
def test_what_is_no_text_is_no_date(value):
    """None, which a caller may mean as "nothing", is the unknown date."""
    row = Visit(date=value)
    if value is None:
        assert row.date is UNKNOWN
    else:
        with pytest.raises(ValidationError):
            row.clean_fields(exclude=["visitor", "host"])


def test_lookups_take_text_and_dates_alike():
    visit(date="1993-02")
    assert Visit.objects.filter(date="1993-02").exists()
    assert Visit.objects.filter(date=PartialDate.parse("1993-02")).exists()
    assert Visit.objects.filter(date__in=["1993-02", "1994"]).exists()
    assert Visit.objects.filter(date__startswith="1993").exists()
    assert not Visit.objects.filter(date="").exists()


def test_values_are_partial_dates():
    organization(founded="1992-23")
    assert Organization.objects.values_list("founded", flat=True).get() == PartialDate.parse("1992-23")


def test_blank_is_refused_where_a_date_is_needed():
    field = deepcopy(Visit._meta.get_field("date"))
    field.blank = False
    with pytest.raises(ValidationError, match="cannot be blank"):
        field.clean("", None)
    assert str(field.clean("1993", None)) == "1993"


def test_updated_at_moves_and_created_at_stays():
    row = state()
    made, touched = row.created_at, row.updated_at
    row.save()
    row = State.objects.get()
    assert row.created_at == made
    assert row.updated_at > touched
