"""gunicorn as ever, but that SQLite may not take more pages than it has."""

from pathlib import Path

exec((Path("kzforeign") / "deploy" / "gunicorn.conf.py").read_text())


def post_worker_init(worker):
    from django.db.backends.signals import connection_created

    def no_more(connection, **kwargs):
        with connection.cursor() as cursor:
            # SQLite takes what there is for the least.
            cursor.execute("PRAGMA max_page_count = 1")

    connection_created.connect(no_more, weak=False)
