"""Where the page cache keeps answers: in the memory of each process, and behind it where several find them."""

from collections import OrderedDict
from threading import Lock

# Bytes that an answer takes besides its content: its headers and its key, as objects of Python.
BESIDES = 3_000
# No answer takes more than one in so many parts of the room there is.
PARTS = 16


def store_of(address, size):
    """The store that CACHE_URL names, of `size` bytes in each process; None where nothing is to be kept."""
    if address == "off":
        return None
    memory = Memory(size)
    if address == "memory":
        return memory
    # It takes time and memory to load, for who uses it.
    from apps.core.page_redis import Redis

    return Shared(memory, Redis(address))


class Memory:
    """The answers that were asked for last, as many as have room."""

    def __init__(self, size):
        self.size, self.used = size, 0
        self._answers, self._lock = OrderedDict(), Lock()

    def get(self, key):
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
        return answer

    def put(self, key, answer):
        """Keeps an answer, and drops those that were asked for longest ago where there is no room; none too large."""
        if not self.has_room(answer):
            return
        with self._lock:
            before = self._answers.pop(key, None)
            self._answers[key] = answer
            self.used += room(answer) - (room(before) if before else 0)
            while self.used > self.size:
                _key, oldest = self._answers.popitem(last=False)
                self.used -= room(oldest)

    def has_room(self, answer):
        return room(answer) <= self.size // PARTS

    def clear(self):
        with self._lock:
            self._answers.clear()
            self.used = 0


def room(answer):
    return len(answer.content) + BESIDES


class Shared:
    """What a process has in its own memory, and else what another one has made."""

    def __init__(self, memory, behind):
        self.memory, self.behind = memory, behind

    def get(self, key):
        answer = self.memory.get(key)
        if answer is None and (answer := self.behind.get(key)):
            self.memory.put(key, answer)
        return answer

    def put(self, key, answer):
        if self.memory.has_room(answer):
            self.memory.put(key, answer)
            self.behind.put(key, answer)
