"""gunicorn's threads, none of which waits for a request that has not come in yet.

Theirs waits in a thread until the head of a request is there, so that as many slow clients as there are threads stop a
worker. Here the loop that accepts connections reads the heads, and a thread gets what can be answered.

Nor does a worker accept connections while all its threads are busy: those wait with the system, where another worker
finds them, and where they are not lost if this one is killed.
"""

from collections import deque
from functools import partial
from selectors import EVENT_READ
from time import monotonic

from gunicorn.workers.gthread import ThreadWorker

# Seconds in which a head must have come in, and bytes that it may have.
WITHIN, LONGEST = 15, 2**20
END = b"\r\n\r\n"


class WholeHeads(ThreadWorker):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # In the order in which they are given up.
        self.coming_in = deque()
        # How many have been handed to the threads, and not been answered.
        self.busy = 0

    def set_accept_enabled(self, enabled):
        """Called in each turn of the loop that finds it otherwise."""
        super().set_accept_enabled(enabled and self.busy < self.cfg.threads)

    def enqueue_req(self, conn):
        """Called in the loop wherever there may be something to read."""
        if self.cfg.is_ssl:
            super().enqueue_req(conn)
            return
        conn.head = bytearray(conn.parser.unreader.take_buffered() if conn.parser else b"")
        conn.give_up_at = monotonic() + WITHIN
        conn.sock.setblocking(False)
        if END in conn.head:
            self._hand_over(conn)
            return
        self.coming_in.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self._read, conn))

    def _read(self, conn, sock):
        try:
            more = sock.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            more = b""
        if not more or len(conn.head) > LONGEST:
            self._drop(conn)
            return
        # The end may lie across two pieces.
        begin = max(len(conn.head) - len(END), 0)
        conn.head += more
        if conn.head.find(END, begin) >= 0:
            self._forget(conn)
            self._hand_over(conn)

    def _hand_over(self, conn):
        conn.sock.setblocking(True)
        conn.init()
        conn.parser.unreader.unread(bytes(conn.head))
        self.busy += 1
        self.set_accept_enabled(self._accepting)
        super().enqueue_req(conn)

    def finish_request(self, conn, fs):
        # Here alone what was handed over comes back.
        self.busy -= not self.cfg.is_ssl
        super().finish_request(conn, fs)

    def _forget(self, conn):
        self.coming_in.remove(conn)
        self.poller.unregister(conn.sock)

    def _drop(self, conn):
        self._forget(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self):
        """Of a worker that is to end, also who has sent nothing."""
        super().murder_pending()
        now = monotonic()
        for conn in list(self.coming_in):
            if conn.give_up_at < now or not (self.alive or conn.head):
                self._drop(conn)
