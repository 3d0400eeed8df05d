from apps.core.kept import Kept


def test_what_is_kept_is_of_one_revision():
    kept = Kept(3)
    assert kept.keep("then", "visits", 5) == kept.get("then", "visits") == 5
    assert kept.get("now", "visits") is None
    kept.keep("now", "visits", 6)
    assert (kept.get("then", "visits"), kept.get("now", "visits")) == (None, 6)


def test_no_more_is_kept_than_was_agreed():
    kept = Kept(3)
    for n in range(4):
        kept.keep("now", n, n)
    assert [kept.get("now", n) for n in range(4)] == [None, None, None, 3]


def test_nothing_is_kept_of_what_will_be_undone():
    kept, made = Kept(3), iter(range(9))
    assert [kept.of(None, "visits", made.__next__) for _time in range(2)] == [0, 1]
    assert [kept.of("now", "visits", made.__next__) for _time in range(2)] == [2, 2]
    assert kept.of(None, "visits", made.__next__) == 3 and kept.get(None, "visits") is None


def test_nothing_is_a_value_as_well():
    kept = Kept(3)
    assert kept.of("now", "visits", lambda: None) is None
    assert kept.of("now", "visits", lambda: 5) is None
