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

# `has_room` says whether this thread began with it.
_thread = local()


def give_threads_room():
    """Has each thread that begins from now on begin with such a frame: to make one for each request takes 30 µs."""
    widen(Thread._bootstrap)


def in_room(call):
    """The function, called with room for its calls: that of its thread, or one made for the call.

    The main thread has none of its own, nor has one that a server in C began.
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
    """Gives the frame of each call of the function its SLOTS."""
    function.__code__ = function.__code__.replace(co_stacksize=SLOTS)


def began_with_room():
    try:
        return _thread.has_room
    except AttributeError:
        frame = sys._getframe()
        while frame.f_back:
            frame = frame.f_back
        _thread.has_room = frame.f_code.co_stacksize >= SLOTS
        return _thread.has_room
