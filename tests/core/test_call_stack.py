from resource import RUSAGE_THREAD, getrusage

import pytest

from apps.core.call_stack import with_room

# Of calls in a loop, and how deep they begin: as deep as some pieces of the stack reach.
CALLS, DEEPEST = 100, 400


def leaf():
    pass


def below(depth):
    if depth:
        return below(depth - 1)
    for _n in range(CALLS):
        leaf()


def most_faults():
    """How often memory was taken from the system within one loop, at the depth where that was most often."""
    found = []
    for depth in range(DEEPEST):
        before = getrusage(RUSAGE_THREAD).ru_minflt
        below(depth)
        found.append(getrusage(RUSAGE_THREAD).ru_minflt - before)
    return max(found)


def test_calls_take_no_memory_from_the_system_however_deep_they_begin():
    most_faults()
    assert with_room(most_faults)() < CALLS / 2


def test_what_is_called_is_the_function():
    assert with_room(divmod)(7, 2) == (3, 1)
    assert with_room(sorted)([1, 2], reverse=True) == [2, 1]
    with pytest.raises(ZeroDivisionError):
        with_room(divmod)(1, 0)


def test_recursion_ends_as_elsewhere():
    def endless():
        return endless()

    with pytest.raises(RecursionError):
        with_room(endless)()
    assert with_room(divmod)(7, 2) == (3, 1)
