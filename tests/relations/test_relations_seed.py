"""The project's own data: the index against the tables."""

import pytest

from apps.core.dates import PartialDate
from apps.relations.index import rebuild
from apps.relations.map_numbers import MEASURES, Tallies
from apps.relations.state_ties import StateTies
from apps.relations.ties import count_ties
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


@pytest.mark.parametrize("day", [None, PartialDate.parse("2005")], ids=str)
def test_numbers_of_the_map_are_those_of_the_pages_of_the_states(day):
    focus = State.objects.focus()
    partners = {row.state.pk: row for row in StateTies(focus, focus, day).partners}
    tallies = Tallies(focus, day).by_state
    assert len(tallies) > 40
    for key, tally in tallies.items():
        partner = partners.get(key)
        assert tally.counts["all"] == (partner.entries + partner.organizations if partner else 0)
        assert tally.counts["all"] == sum(tally.counts[name] for name in MEASURES if name != "all")
    for tally in list(tallies.values())[::6]:
        lines = {line.kind: line for line in StateTies(tally.state, focus, day).summary}
        # The page lists offices that are of the state alone.
        for name in MEASURES.keys() - {"all", "offices"}:
            line = lines.get(MEASURES[name].kind)
            assert tally.counts[name] == (line.count if line else 0), (tally.state, name)
            assert tally.certain[name] == (line.certain if day and line else tally.counts[name])


def test_numbers_of_the_map_are_those_of_the_list_of_states():
    focus = State.objects.focus()
    tallies = Tallies(focus).by_state
    states = State.objects.published().exclude(pk=focus.pk)
    count_ties(states, focus)
    for state in states:
        counts = tallies[state.pk].counts
        said = (state.shared_count, state.out_count + state.in_count, state.agreement_count)
        assert said == (counts["memberships"], counts["visits"], counts["agreements"])
