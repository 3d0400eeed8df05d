"""Two versions made of one, brought together: properties of a value, without a database."""

from hypothesis import given, strategies as st

from apps.curation.three_way import Conflict, merged

PART = "visits.visitcitation"
WORDS = st.sampled_from(["", "a", "b", "c"])
OWN = st.fixed_dictionaries(
    {
        "occasion": WORDS,
        "note": WORDS,
        "places": st.lists(st.integers(1, 4), unique=True).map(sorted),
    }
)
CITATION = st.fixed_dictionaries(
    {
        "entry_id": st.just(1),
        "passage_id": st.integers(1, 3),
        "field": st.just(""),
        "stance": st.just("supports"),
        "claim": WORDS,
        "note": WORDS,
    }
)


def unlike(rows):
    """As the database has them: no passage cited twice."""
    seen, kept = set(), {}
    for key, row in rows.items():
        if row["passage_id"] not in seen:
            seen.add(row["passage_id"])
            kept[key] = row
    return kept


PARTS = st.dictionaries(st.sampled_from(["1", "2", "3", "10"]), CITATION, max_size=3).map(unlike)
ALONE = OWN.map(lambda own: {"own": own, "parts": {PART: {}}})
VERSIONS = st.builds(lambda own, parts: {"own": own, "parts": {PART: parts}}, OWN, PARTS)


@given(VERSIONS, VERSIONS)
def test_what_one_alone_changed_is_taken(base, changed):
    assert merged(base, changed, base) == (changed, [])
    assert merged(base, base, changed) == (changed, [])


@given(VERSIONS, VERSIONS)
def test_what_both_did_alike_is_no_conflict(base, changed):
    assert merged(base, changed, changed) == (changed, [])


@given(VERSIONS, VERSIONS, VERSIONS)
def test_every_change_is_there_or_told(base, mine, theirs):
    result, conflicts = merged(base, mine, theirs)
    told = {conflict.name for conflict in conflicts if not conflict.part}
    for name in ("occasion", "note"):
        value = result["own"][name]
        if mine["own"][name] != base["own"][name]:
            assert value == mine["own"][name]
        elif theirs["own"][name] != base["own"][name]:
            assert value == theirs["own"][name]
        both = base["own"][name] not in (mine["own"][name], theirs["own"][name])
        assert (name in told) is (both and mine["own"][name] != theirs["own"][name])
    before, links = {*base["own"]["places"]}, {*result["own"]["places"]}
    for version in (mine, theirs):
        ours = {*version["own"]["places"]}
        assert ours - before <= links and not (before - ours) & links


@given(ALONE, ALONE, ALONE)
def test_conflicts_are_the_same_whoever_comes_second(base, mine, theirs):
    assert len(merged(base, mine, theirs)[1]) == len(merged(base, theirs, mine)[1])


def version(**parts):
    return {"own": {"occasion": "", "note": "", "places": []}, "parts": {PART: parts}}


def citation(passage, **values):
    defaults = {"entry_id": 1, "field": "", "stance": "supports", "claim": "", "note": ""}
    return {**defaults, "passage_id": passage, **values}


def test_part_that_one_took_away_and_the_other_changed_is_kept_and_told():
    base = version(**{"5": citation(1)})
    result = merged(base, version(), version(**{"5": citation(1, note="a")}))
    assert result == (version(**{"5": citation(1, note="a")}), [Conflict("", PART, "5")])


def test_part_that_both_added_is_one():
    mine, theirs = version(**{"8": citation(1, note="a")}), version(**{"7": citation(1)})
    result, conflicts = merged(version(), mine, theirs)
    assert result == version(**{"7": citation(1, note="a")})
    assert conflicts == [Conflict("note", PART, "7")]
