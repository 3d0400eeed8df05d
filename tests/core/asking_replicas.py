"""Run as a program by `test_replicas`: asks the application where a replica cannot be used, and where queries fail.

Directly, since from outside it cannot be timed. It prints what became of each.
"""

import time
from unittest.mock import patch

from django.conf import settings
from django.db import Error, connections
from django.test import RequestFactory

from apps.core import replicas
from kzforeign.wsgi import application

CHINA = "/api/v1/states/CHN/"


def answer(address):
    """(status, parts of the body); a second beginning of the answer is an error."""
    heads = []
    path, _mark, query = address.partition("?")
    environ = RequestFactory().get(path, QUERY_STRING=query, SERVER_NAME="127.0.0.1").environ
    body = application(environ, lambda *head: heads.append(head))
    try:
        parts = list(body)
    finally:
        replicas.close(body)
    assert len(heads) == 1
    return int(heads[0][0][:3]), parts


def ask_of_wrong_ones():
    wrong = {
        "nowhere": {"NAME": "nowhere"},
        "nobody": {"USER": "nobody"},
        "itself": {"PORT": settings.DATABASES["default"]["PORT"]},
        "refused": {"PORT": 1},
    }
    for name, there in wrong.items():
        use(settings.DATABASES["replica"] | there)
        first, second = [answer(CHINA)[0] for _time in range(2)]
        print(f"{name}: {'replica' if replicas.replica.is_usable() else 'primary'} {first}, {second}")
    use(settings.DATABASES["replica"])
    while answer(CHINA) and not replicas.replica.is_usable():
        time.sleep(0.1)


def use(there):
    """As if the process began with a replica of these settings."""
    connections["replica"].close()
    connections["replica"] = connections.create_connection("replica")
    connections["replica"].settings_dict = there
    replicas.replica.__init__()


def ask_while_queries_fail():
    link = connections["replica"]
    with link.execute_wrapper(Ending(link, after=3)):
        print("an end in the middle:", answer("/visits/")[0])
    look_again()
    with link.execute_wrapper(Ending(link, after=6)), patch("apps.core.replicas.HELD_BACK", 1):
        try:
            print("an end while it is sent:", answer("/api/v1/visits/?format=csv"))
        except Error:
            print("an end while it is sent: broken off")
    look_again()
    with link.execute_wrapper(instead("SELECT pg_sleep(5)", "SET statement_timeout = 50")):
        print("too slow:", answer(CHINA)[0])
    assert replicas.replica.is_usable()
    with link.execute_wrapper(instead("SELECT * FROM table_of_tomorrow")):
        print("behind in its tables:", answer(CHINA)[0])
    assert replicas.replica.is_usable()


def look_again():
    assert not replicas.replica.is_usable()
    replicas.replica._look_at = 0
    assert replicas.replica.is_usable()


class Ending:
    """Ends a connection once it has answered so many queries."""

    def __init__(self, link, after):
        self.link, self.left = link, after

    def __call__(self, execute, *query):
        self.left -= 1
        if not self.left:
            other = connections.create_connection("replica")
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(%s, 5000)", [self.link.connection.info.backend_pid]
                )
            other.close()
        return execute(*query)


def instead(*statements):
    """These are executed, the last one first, where states are asked for."""

    def execute_instead(execute, sql, params, many, context):
        if "states_state" not in sql:
            return execute(sql, params, many, context)
        for statement in statements[:0:-1]:
            execute(statement, (), False, context)
        return execute(statements[0], (), False, context)

    return execute_instead


if __name__ == "__main__":
    ask_of_wrong_ones()
    ask_while_queries_fail()
