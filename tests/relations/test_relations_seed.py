"""The project's own data: the index against the tables."""

import pytest

from apps.core.dates import PartialDate
from apps.relations.index import rebuild
from apps.states.models import State
from tests.relations.test_relations import counts_agree, counts_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded"), pytest.mark.exhaustive]
SOME = ["AFG", "BRA", "CHN", "KAZ", "KGZ", "RUS", "TUR", "USA"]


def test_the_seed_is_indexed_as_a_rebuild_would():
    assert rebuild(check=True).wrong == []


@pytest.mark.parametrize("code", SOME)
@pytest.mark.parametrize("day", ["", "1995", "2008-06-15"])
def test_the_index_agrees_with_the_tables(code, day):
    asked = PartialDate.parse(day) if day else None
    for other in ("KAZ", "RUS"):
        counts_agree(State.objects.get(code=code), State.objects.get(code=other), asked)


@pytest.mark.parametrize("code", SOME)
def test_the_page_of_a_state_says_what_its_json_says(client, code):
    page = client.get(f"/states/{code}/")
    answer = client.get(f"/api/v1/relations/{code}/").json()
    assert page.status_code == 200 and answer["summary"]
    assert counts_of(page.content.decode()) == [(line["label"], line["count"]) for line in answer["summary"]]
