import pytest

from tests.factories import person

pytestmark = pytest.mark.django_db


def test_a_person_has_an_address():
    row = person(slug="somebody")
    assert (row.get_absolute_url(), row.api_url) == ("/people/somebody/", "/api/v1/people/somebody/")
