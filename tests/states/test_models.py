import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils.translation import override

from apps.states.models import Place, State
from tests.constraints import check
from tests.factories import place, state

pytestmark = pytest.mark.django_db

CONSTRAINTS = {
    "states_state_code_upper_case": (lambda: state("KAZ"), lambda: state("Kyr")),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_constraint(name):
    check(name, *CONSTRAINTS[name])


@pytest.mark.parametrize("code", ["KZ", "kaz", "KA1 "])
def test_a_code_is_three_capitals(code):
    with pytest.raises(ValidationError) as error:
        State(code=code, name_en="X").full_clean()
    assert error.value.messages


def test_a_state_is_named_in_the_readers_language():
    row = state(name_en="Kazakhstan", name_kk="Қазақстан")
    with override("kk"):
        assert row.name == "Қазақстан"
    with override("ru"):
        assert row.name == "Kazakhstan"
    with override(None):
        assert str(row) == "Kazakhstan"


def test_aliases_are_one_a_line():
    assert Place(aliases=" Semipalatinsk\n\nСемей \r\n").alias_list == ["Semipalatinsk", "Семей"]


def test_the_focal_state_is_a_setting(settings):
    row = state("CHN")
    assert not row.is_focus
    settings.FOCUS_STATE = "CHN"
    assert row.is_focus


def test_a_state_has_its_code_for_an_address():
    row = state("CHN")
    assert (row.public_id, row.get_absolute_url(), row.api_url) == (
        "CHN",
        "/states/CHN/",
        "/api/v1/states/CHN/",
    )


def test_a_state_with_places_cannot_be_deleted():
    with pytest.raises(ProtectedError):
        place().state.delete()
