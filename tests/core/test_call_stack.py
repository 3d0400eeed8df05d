from _thread import start_new_thread
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from resource import RUSAGE_THREAD, getrusage

import pytest

import kzforeign.wsgi  # noqa: F401  # Which gives threads room.
from apps.core.call_stack import began_with_room, with_room, with_room_of_thread

# Of calls in a loop, and how deep they begin: as deep as some pieces of the stack reach.
CALLS, DEEPEST = 100, 400


def leaf():
    pass


def below(depth):
    if depth:
        return below(depth - 1)
    for _n in range(CALLS):
        leaf()


def faults_of(call, *args):
    """How often memory was taken from the system for it."""
    before = getrusage(RUSAGE_THREAD).ru_minflt
    call(*args)
    return getrusage(RUSAGE_THREAD).ru_minflt - before


def most_faults():
    """How often memory was taken within one loop, at the depth where that was most often."""
    return max(faults_of(below, depth) for depth in range(DEEPEST))


def in_bare_thread(call):
    """What it gives in a thread that `threading` did not begin, as one of a server in C."""
    answers = SimpleQueue()
    start_new_thread(lambda: answers.put(call()), ())
    return answers.get(timeout=60)


def test_calls_take_no_memory_from_the_system_however_deep_they_begin():
    most_faults()
    assert with_room(most_faults)() < CALLS / 2


def test_thread_has_room_for_as_long_as_it_lives():
    with ThreadPoolExecutor(max_workers=1) as thread:
        assert thread.submit(began_with_room).result()
        most = thread.submit(with_room_of_thread(most_faults))
        assert most.result() < CALLS / 2
        # Nothing is given back in between, and so nothing is taken again.
        again = thread.submit(with_room_of_thread(faults_of), most_faults).result()
    assert again < CALLS / 20


def test_thread_without_room_is_given_some():
    assert not in_bare_thread(began_with_room)
    assert in_bare_thread(most_faults) > CALLS / 2
    assert in_bare_thread(with_room_of_thread(most_faults)) < CALLS / 2


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
