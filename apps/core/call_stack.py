"""Room for all calls of a request, in one piece of memory.

CPython keeps the frames of calls in pieces of 16 KB, and gives one back to the system as soon as the call returns that
began it. A loop that calls functions where a piece just ends takes and gives back memory with each of them: a page may
take twice the time because the server calls the site from ten functions deeper. Versions of 2026 and later keep one
piece (github.com/python/cpython/issues/142183). A frame that needs more than a piece gets a larger one, whose rest is
for the calls from it. The first piece of a thread stays for as long as the thread does.
"""

import sys
from functools import wraps
from threading import Thread, local

# Of eight bytes each. With these a frame fills half a piece of 512 KB, of which the system gives what is used alone;
# Python's limit of 1,000 calls is met before the other half is full.
SLOTS = 32 * 1024

# `has_room` says whether the first call of this thread has such a frame.
_this_thread = local()


def give_threads_room():
    """Each thread that `threading` begins from now on has room for all its calls: to make it for each takes 30 µs.

    There is no public way to the first call of a thread. Were it another one some day, `with_room_of_thread` would make
    the room.
    """
    if first := getattr(Thread, "_bootstrap", None):
        widen(first)


def with_room_of_thread(call):
    """As `with_room`, but that none is made in a thread that has room itself.

    The main thread has none, nor has one that a server in C began.
    """
    roomy = with_room(call)

    @wraps(call, updated=())
    def called(*args, **kwargs):
        return (call if began_with_room() else roomy)(*args, **kwargs)

    return called


def with_room(call):
    """The function, called with such a frame beneath it."""

    @wraps(call, updated=())
    def called(*args, **kwargs):
        return call(*args, **kwargs)

    widen(called)
    return called


def widen(function):
    """Makes each frame of the function one of SLOTS."""
    function.__code__ = function.__code__.replace(co_stacksize=SLOTS)


def began_with_room():
    """Whether the first call of this thread has room for all others; looked at once for each thread."""
    try:
        return _this_thread.has_room
    except AttributeError:
        frame = sys._getframe()
        while frame.f_back:
            frame = frame.f_back
        _this_thread.has_room = frame.f_code.co_stacksize >= SLOTS
        return _this_thread.has_room
